//! The capabilities, as a function imports them. The store is not held while they wait.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use astlas_atlas::ports;
use astlas_capabilities::cache::{Claim, Found};
use wasmtime::{Result, component::Accessor};

use crate::{
    Shared,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
    state::{Imports, State},
};

/// What a claim's key begins with that lasts no longer than its request.
const LOCK: &str = "lock:";

/// What the request shares with all others.
fn shared<T: Send + 'static>(store: &Accessor<T, Imports>) -> Arc<Shared> {
    store.with(|mut access| access.get().shared.clone())
}

impl cache::Host for State {}

impl<T: Send + 'static> cache::HostWithStore<T> for Imports {
    async fn get(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<Vec<Option<Vec<u8>>>> {
        let values = shared(store).capabilities.cache.get(&keys).await;
        Ok(values.into_iter().map(|value| value.map(Vec::from)).collect())
    }

    async fn put(store: &Accessor<T, Self>, entries: Vec<cache::Entry>) -> Result<()> {
        // Claims on these are fulfilled: once the values are there, nothing is left to give back.
        let fulfilled = store.with(|mut access| {
            let claims = &mut access.get().claims;
            let is_fulfilled = |claim: &mut Claim| entries.iter().any(|entry| entry.key == claim.key());
            claims.extract_if(.., is_fulfilled).collect::<Vec<_>>()
        });
        let entries = entries.into_iter().map(|cache::Entry { key, value }| (key, value.into())).collect();
        shared(store).capabilities.cache.put(entries).await;
        drop(fulfilled);
        Ok(())
    }

    async fn remove(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<()> {
        store.with(|mut access| access.get().held.locks.retain(|lock| !keys.contains(lock)));
        shared(store).capabilities.cache.remove(&keys).await;
        Ok(())
    }

    async fn get_or_claim(store: &Accessor<T, Self>, key: String, milliseconds: u32) -> Result<Option<Vec<u8>>> {
        let time = Duration::from_millis(milliseconds.into());
        Ok(match shared(store).capabilities.cache.get_or_claim(&key, time).await {
            Found::Value(value) => Some(value.into()),
            Found::Claim(claim) => {
                // It is given back with the state, at the end of the request, if not before.
                store.with(|mut access| access.get().claims.push(claim));
                None
            }
        })
    }

    async fn claim(store: &Accessor<T, Self>, key: String, milliseconds: u32) -> Result<bool> {
        let time = Duration::from_millis(milliseconds.into());
        let is_taken = shared(store).capabilities.cache.claim(&key, time).await;
        if is_taken && key.starts_with(LOCK) {
            store.with(|mut access| access.get().held.locks.push(key));
        }
        Ok(is_taken)
    }

    async fn add_member(store: &Accessor<T, Self>, set: String, member: String) -> Result<u64> {
        Ok(shared(store).capabilities.cache.add_member(&set, &member).await)
    }

    async fn count_members(store: &Accessor<T, Self>, set: String) -> Result<u64> {
        Ok(shared(store).capabilities.cache.count_members(&set).await)
    }
}

/// An outcome, as it is imported: `Err` is an answer, too.
type Outcome<T> = Result<Result<T, String>>;

fn outcome<T>(outcome: Result<T, ports::Unavailable>) -> Outcome<T> {
    Ok(outcome.map_err(|ports::Unavailable(why)| why))
}

impl blobs::Host for State {}

impl<T: Send + 'static> blobs::HostWithStore<T> for Imports {
    async fn read(store: &Accessor<T, Self>, name: String, offset: u64, length: u64) -> Outcome<Option<Vec<u8>>> {
        let value = shared(store).capabilities.blobs.read(&name, offset, length).await;
        outcome(value.map(|value| value.map(Vec::from)))
    }

    async fn write(store: &Accessor<T, Self>, name: String, value: Vec<u8>) -> Outcome<()> {
        outcome(shared(store).capabilities.blobs.write(&name, value.into()).await)
    }

    async fn begin(store: &Accessor<T, Self>, name: String) -> Outcome<String> {
        let upload = shared(store).capabilities.blobs.begin(&name).await;
        if let Ok(upload) = &upload {
            store.with(|mut access| access.get().held.uploads.push(upload.clone()));
        }
        outcome(upload)
    }

    async fn append(store: &Accessor<T, Self>, upload: String, offset: u64, part: Vec<u8>) -> Outcome<()> {
        outcome(shared(store).capabilities.blobs.append(&upload, offset, part.into()).await)
    }

    async fn finish(store: &Accessor<T, Self>, upload: String, size: u64) -> Outcome<()> {
        let finished = shared(store).capabilities.blobs.finish(&upload, size).await;
        if finished.is_ok() {
            store.with(|mut access| access.get().held.uploads.retain(|other| *other != upload));
        }
        outcome(finished)
    }

    async fn list(store: &Accessor<T, Self>, prefix: String, after: String) -> Outcome<Vec<blobs::Blob>> {
        let blob = |ports::Blob { name, size, updated, digest }| blobs::Blob { name, size, updated, digest };
        let listed = shared(store).capabilities.blobs.list(&prefix, &after).await;
        outcome(listed.map(|listed| listed.into_iter().map(blob).collect()))
    }

    async fn delete(store: &Accessor<T, Self>, names: Vec<String>) -> Outcome<()> {
        outcome(shared(store).capabilities.blobs.delete(&names).await)
    }

    async fn fetch(
        store: &Accessor<T, Self>,
        name: String,
        repository: String,
        commit: String,
    ) -> Result<Result<u64, blobs::FetchError>> {
        let fetched = shared(store).capabilities.blobs.fetch(&name, &repository, &commit).await;
        Ok(fetched.map_err(|error| match error {
            ports::FetchError::Unavailable(ports::Unavailable(why)) => blobs::FetchError::Unavailable(why),
            ports::FetchError::Refused(why) => blobs::FetchError::Refused(why),
        }))
    }
}

impl events::Host for State {}

impl<T: Send + 'static> events::HostWithStore<T> for Imports {
    async fn publish(store: &Accessor<T, Self>, messages: Vec<Vec<u8>>) -> Outcome<()> {
        outcome(shared(store).capabilities.events.publish(messages).await)
    }

    async fn verify(store: &Accessor<T, Self>, signature: String, body: Vec<u8>) -> Result<events::Verdict> {
        Ok(match shared(store).capabilities.events.verify(&signature, &body) {
            ports::Verdict::Authentic => events::Verdict::Authentic,
            ports::Verdict::Forged => events::Verdict::Forged,
            ports::Verdict::Unconfigured => events::Verdict::Unconfigured,
        })
    }
}

impl telemetry::Host for State {
    fn microseconds(&mut self) -> Result<u64> {
        Ok(u64::try_from(self.shared.started.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    fn now(&mut self) -> Result<u64> {
        Ok(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }

    fn log(&mut self, severity: telemetry::Severity, message: String, fields: Vec<telemetry::Field>) -> Result<()> {
        let fields = fields.into_iter().map(|field| (field.name, field.value.into())).collect();
        crate::telemetry::say(&self.span, severity.into(), &message, fields);
        Ok(())
    }
}

impl From<telemetry::Severity> for ports::Severity {
    fn from(severity: telemetry::Severity) -> Self {
        match severity {
            telemetry::Severity::Debug => Self::Debug,
            telemetry::Severity::Info => Self::Info,
            telemetry::Severity::Warning => Self::Warning,
            telemetry::Severity::Error => Self::Error,
        }
    }
}

//! The capabilities, as a function imports them. The store is not held while they wait.

use std::{sync::Arc, time::Duration};

use astlas_atlas::ports::{Blob, FetchError, Unavailable, Verdict};
use astlas_capabilities::cache::Found;
use wasmtime::{Result, component::Accessor};

use crate::{
    Shared,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
    state::{Imports, State},
};

/// What the request shares with all others.
fn shared<T: Send + 'static>(store: &Accessor<T, Imports>) -> Arc<Shared> {
    store.with(|mut access| access.get().shared.clone())
}

/// What is out of reach, in words.
fn why<T>(result: Result<T, Unavailable>) -> Result<T, String> {
    result.map_err(|Unavailable(why)| why)
}

impl cache::Host for State {}

impl<T: Send + 'static> cache::HostWithStore<T> for Imports {
    async fn get(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<Vec<Option<Vec<u8>>>> {
        let found = shared(store).capabilities.cache.get(&keys).await;
        Ok(found.into_iter().map(|value| value.map(Into::into)).collect())
    }

    async fn put(store: &Accessor<T, Self>, entries: Vec<cache::Entry>) -> Result<()> {
        let entry = |cache::Entry { key, value }| (key, value.into());
        shared(store).capabilities.cache.put(entries.into_iter().map(entry).collect()).await;
        Ok(())
    }

    async fn remove(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<()> {
        // What is given up is no longer this request's to make.
        store.with(|mut access| access.get().claims.retain(|claim| !keys.iter().any(|key| key == claim.key())));
        shared(store).capabilities.cache.remove(&keys).await;
        Ok(())
    }

    async fn get_or_claim(store: &Accessor<T, Self>, key: String, milliseconds: u32) -> Result<Option<Vec<u8>>> {
        let time = Duration::from_millis(milliseconds.into());
        match shared(store).capabilities.cache.get_or_claim(&key, time).await {
            Found::Value(value) => Ok(Some(value.into())),
            Found::Claim(claim) => {
                store.with(|mut access| access.get().claims.push(claim));
                Ok(None)
            }
        }
    }

    async fn claim(store: &Accessor<T, Self>, key: String, milliseconds: u32) -> Result<bool> {
        Ok(shared(store).capabilities.cache.claim(&key, Duration::from_millis(milliseconds.into())).await)
    }

    async fn add_member(store: &Accessor<T, Self>, set: String, member: String) -> Result<u64> {
        Ok(shared(store).capabilities.cache.add_member(&set, &member).await)
    }

    async fn count_members(store: &Accessor<T, Self>, set: String) -> Result<u64> {
        Ok(shared(store).capabilities.cache.count_members(&set).await)
    }
}

impl blobs::Host for State {}

impl<T: Send + 'static> blobs::HostWithStore<T> for Imports {
    async fn read(
        store: &Accessor<T, Self>,
        name: String,
        offset: u64,
        length: u64,
    ) -> Result<Result<Option<Vec<u8>>, String>> {
        let read = shared(store).capabilities.blobs.read(&name, offset, length).await;
        Ok(why(read).map(|value| value.map(Into::into)))
    }

    async fn write(store: &Accessor<T, Self>, name: String, value: Vec<u8>) -> Result<Result<(), String>> {
        Ok(why(shared(store).capabilities.blobs.write(&name, value.into()).await))
    }

    async fn begin(store: &Accessor<T, Self>, name: String) -> Result<Result<String, String>> {
        Ok(why(shared(store).capabilities.blobs.begin(&name).await))
    }

    async fn append(
        store: &Accessor<T, Self>,
        upload: String,
        offset: u64,
        part: Vec<u8>,
    ) -> Result<Result<(), String>> {
        Ok(why(shared(store).capabilities.blobs.append(&upload, offset, part.into()).await))
    }

    async fn finish(store: &Accessor<T, Self>, upload: String, size: u64) -> Result<Result<(), String>> {
        Ok(why(shared(store).capabilities.blobs.finish(&upload, size).await))
    }

    async fn list(
        store: &Accessor<T, Self>,
        prefix: String,
        after: String,
    ) -> Result<Result<Vec<blobs::Blob>, String>> {
        let blob = |Blob { name, size, updated, digest }| blobs::Blob { name, size, updated, digest };
        let listed = shared(store).capabilities.blobs.list(&prefix, &after).await;
        Ok(why(listed).map(|listed| listed.into_iter().map(blob).collect()))
    }

    async fn remove(store: &Accessor<T, Self>, names: Vec<String>) -> Result<Result<(), String>> {
        Ok(why(shared(store).capabilities.blobs.remove(&names).await))
    }

    async fn fetch(
        store: &Accessor<T, Self>,
        name: String,
        repository: String,
        commit: String,
    ) -> Result<Result<u64, blobs::FetchError>> {
        let fetched = shared(store).capabilities.blobs.fetch(&name, &repository, &commit).await;
        Ok(fetched.map_err(|error| match error {
            FetchError::Unavailable(Unavailable(why)) => blobs::FetchError::Unavailable(why),
            FetchError::Refused(why) => blobs::FetchError::Refused(why),
        }))
    }
}

impl events::Host for State {}

impl<T: Send + 'static> events::HostWithStore<T> for Imports {
    async fn publish(store: &Accessor<T, Self>, messages: Vec<Vec<u8>>) -> Result<Result<(), String>> {
        Ok(why(shared(store).capabilities.events.publish(messages).await))
    }

    async fn verify(store: &Accessor<T, Self>, signature: String, body: Vec<u8>) -> Result<events::Verdict> {
        Ok(match shared(store).capabilities.events.verify(&signature, &body) {
            Verdict::Authentic => events::Verdict::Authentic,
            Verdict::Forged => events::Verdict::Forged,
            Verdict::Unconfigured => events::Verdict::Unconfigured,
        })
    }
}

impl telemetry::Host for State {
    fn microseconds(&mut self) -> Result<u64> {
        Ok(u64::try_from(self.shared.started.elapsed().as_micros()).unwrap_or(u64::MAX))
    }

    fn now(&mut self) -> Result<u64> {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        Ok(now.map_or(0, |now| now.as_secs()))
    }

    fn log(&mut self, severity: telemetry::Severity, message: String, fields: Vec<telemetry::Field>) -> Result<()> {
        let fields: Vec<String> = fields.into_iter().map(|field| format!("{}={}", field.name, field.value)).collect();
        let (span, fields) = (self.span.clone(), fields.join(" "));
        let _inside = span.enter();
        match severity {
            telemetry::Severity::Debug => tracing::debug!(fields, "{message}"),
            telemetry::Severity::Info => tracing::info!(fields, "{message}"),
            telemetry::Severity::Warning => tracing::warn!(fields, "{message}"),
            telemetry::Severity::Error => tracing::error!(fields, "{message}"),
        }
        Ok(())
    }
}

//! The capabilities, as a function imports them, narrowed to one tenant: every key and name is put behind the tenant's
//! before anything is asked for it. The store is not held while they wait.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use astlas_atlas::ports;
use astlas_capabilities::cache::{Claim, Found};
use bytes::Bytes;
use wasmtime::{Result, component::Accessor};

use crate::{
    Shared,
    admission::Coming,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
    scope::Scope,
    state::{Imports, State, Upload},
};

/// What a claim's key begins with that lasts no longer than its request.
const LOCK: &str = "lock:";

/// What the request shares with all others, and whose it is.
fn shared<T: Send + 'static>(store: &Accessor<T, Imports>) -> (Arc<Shared>, Scope) {
    store.with(|mut access| {
        let state = access.get();
        (state.shared.clone(), state.scope.clone())
    })
}

impl cache::Host for State {}

impl<T: Send + 'static> cache::HostWithStore<T> for Imports {
    async fn get(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<Vec<Option<Vec<u8>>>> {
        let (shared, scope) = shared(store);
        let values = shared.capabilities.cache.get(&scope.all(&keys)).await;
        Ok(values.into_iter().map(|value| value.map(Vec::from)).collect())
    }

    async fn put(store: &Accessor<T, Self>, entries: Vec<cache::Entry>) -> Result<()> {
        let (shared, scope) = shared(store);
        let entries: Vec<(String, Bytes)> =
            entries.into_iter().map(|cache::Entry { key, value }| (scope.full(&key), value.into())).collect();
        // Claims on these are fulfilled: once the values are there, nothing is left to give back.
        let fulfilled = store.with(|mut access| {
            let claims = &mut access.get().claims;
            let is_fulfilled = |claim: &mut Claim| entries.iter().any(|(key, _)| key == claim.key());
            claims.extract_if(.., is_fulfilled).collect::<Vec<_>>()
        });
        shared.capabilities.cache.put(entries).await;
        drop(fulfilled);
        Ok(())
    }

    async fn remove(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<()> {
        let (shared, scope) = shared(store);
        let mut keys = scope.all(&keys);
        let is_named = |lock: &mut (String, String)| keys.contains(&lock.0);
        let own: Vec<_> = store.with(|mut access| access.get().held.locks.extract_if(.., is_named).collect());
        // Of a lock that was taken here nothing else is there, and it may be somebody else's by now.
        keys.retain(|key| !own.iter().any(|(lock, _)| lock == key));
        shared.capabilities.cache.give_back(&own).await;
        shared.capabilities.cache.remove(&keys).await;
        Ok(())
    }

    async fn get_or_claim(store: &Accessor<T, Self>, key: String, milliseconds: u32) -> Result<Option<Vec<u8>>> {
        let time = Duration::from_millis(milliseconds.into());
        let (shared, scope) = shared(store);
        Ok(match shared.capabilities.cache.get_or_claim(&scope.full(&key), time).await {
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
        let (shared, scope) = shared(store);
        let full = scope.full(&key);
        let Some(token) = shared.capabilities.cache.take(&full, time).await else { return Ok(false) };
        if key.starts_with(LOCK) {
            store.with(|mut access| access.get().held.locks.push((full, token)));
        }
        Ok(true)
    }

    async fn add_member(store: &Accessor<T, Self>, set: String, member: String) -> Result<u64> {
        let (shared, scope) = shared(store);
        Ok(shared.capabilities.cache.add_member(&scope.full(&set), &member).await)
    }

    async fn count_members(store: &Accessor<T, Self>, set: String) -> Result<u64> {
        let (shared, scope) = shared(store);
        Ok(shared.capabilities.cache.count_members(&scope.full(&set)).await)
    }
}

/// An outcome, as it is imported: `Err` is an answer, too.
type Outcome<T> = Result<Result<T, String>>;

fn outcome<T>(outcome: Result<T, ports::Unavailable>) -> Outcome<T> {
    Ok(outcome.map_err(|ports::Unavailable(why)| why))
}

/// Small values by which jobs are known, of which every end is one: they are charged, and never refused.
const RECORDS: [&str; 2] = ["jobs/", "pins/"];

/// Sees to it that so many bytes more of the tenant's may be stored; else the request ends here.
async fn reserve<T: Send + 'static>(store: &Accessor<T, Imports>, stored: u64) -> Result<()> {
    let (shared, scope) = shared(store);
    let more = Coming { stored, ..Coming::default() };
    store.with(|mut access| access.get().held.reserved.add(more));
    Ok(shared.admission.reserve(&scope, more).await?)
}

/// Counts what was stored. Where it took the place of something, how much more that is only a look tells.
fn stored<T: Send + 'static>(store: &Accessor<T, Imports>, size: u64, is_replaced: bool) {
    store.with(|mut access| {
        let used = &mut access.get().held.used;
        used.stored += size;
        used.is_less |= is_replaced;
    });
}

/// Whether there is a value of this very name. If that cannot be found out, there may be.
async fn is_there(shared: &Shared, full: &str) -> bool {
    shared.capabilities.blobs.read(full, 0, 1).await.map_or(true, |found| found.is_some())
}

/// What an upload that this request began becomes; `None`: it began no such.
fn upload_of<T: Send + 'static>(store: &Accessor<T, Imports>, upload: &str) -> Option<String> {
    store.with(|mut access| access.get().held.uploads.iter().find(|own| own.id == upload).map(|own| own.name.clone()))
}

fn no_upload() -> ports::Unavailable {
    ports::Unavailable("this request began no such upload".into())
}

impl blobs::Host for State {}

impl<T: Send + 'static> blobs::HostWithStore<T> for Imports {
    async fn read(store: &Accessor<T, Self>, name: String, offset: u64, length: u64) -> Outcome<Option<Vec<u8>>> {
        let (shared, scope) = shared(store);
        let value = shared.capabilities.blobs.read(&scope.full(&name), offset, length).await;
        outcome(value.map(|value| value.map(Vec::from)))
    }

    async fn write(store: &Accessor<T, Self>, name: String, value: Vec<u8>) -> Outcome<()> {
        let ((shared, scope), size) = (shared(store), value.len() as u64);
        let full = scope.full(&name);
        // Records are written often, and counted with the end of their job, which takes some away.
        let is_record = RECORDS.iter().any(|prefix| name.starts_with(prefix)) || name.ends_with("-void");
        if !is_record {
            reserve(store, size).await?;
        }
        let is_replaced = !is_record && is_there(&shared, &full).await;
        let written = shared.capabilities.blobs.write(&full, value.into()).await;
        if written.is_ok() {
            stored(store, size, is_replaced);
        }
        outcome(written)
    }

    async fn begin(store: &Accessor<T, Self>, name: String) -> Outcome<String> {
        let (shared, scope) = shared(store);
        let name = scope.full(&name);
        let upload = shared.capabilities.blobs.begin(&name).await;
        if let Ok(id) = &upload {
            store.with(|mut access| access.get().held.uploads.push(Upload { id: id.clone(), name }));
        }
        outcome(upload)
    }

    async fn append(store: &Accessor<T, Self>, upload: String, offset: u64, part: Vec<u8>) -> Outcome<()> {
        if upload_of(store, &upload).is_none() {
            return outcome(Err(no_upload()));
        }
        reserve(store, part.len() as u64).await?;
        outcome(shared(store).0.capabilities.blobs.append(&upload, offset, part.into()).await)
    }

    async fn finish(store: &Accessor<T, Self>, upload: String, size: u64) -> Outcome<()> {
        let Some(name) = upload_of(store, &upload) else { return outcome(Err(no_upload())) };
        let (shared, _) = shared(store);
        let is_replaced = is_there(&shared, &name).await;
        let finished = shared.capabilities.blobs.finish(&upload, size).await;
        if finished.is_ok() {
            store.with(|mut access| access.get().held.uploads.retain(|other| other.id != upload));
            stored(store, size, is_replaced);
        }
        outcome(finished)
    }

    async fn list(store: &Accessor<T, Self>, prefix: String, after: String) -> Outcome<Vec<blobs::Blob>> {
        let (shared, scope) = shared(store);
        let blob = |ports::Blob { name, size, updated, digest }| {
            Some(blobs::Blob { name: scope.own(&name)?.to_owned(), size, updated, digest })
        };
        let listed = shared.capabilities.blobs.list(&scope.full(&prefix), &scope.full(&after)).await;
        outcome(listed.map(|listed| listed.into_iter().filter_map(blob).collect()))
    }

    async fn delete(store: &Accessor<T, Self>, names: Vec<String>) -> Outcome<()> {
        let (shared, scope) = shared(store);
        store.with(|mut access| access.get().held.used.is_less = true);
        outcome(shared.capabilities.blobs.delete(&scope.all(&names)).await)
    }

    async fn fetch(
        store: &Accessor<T, Self>,
        name: String,
        repository: String,
        commit: String,
    ) -> Result<Result<u64, blobs::FetchError>> {
        let (shared, scope) = shared(store);
        if shared.admission.forge.as_ref() != Some(&scope) {
            // The forge lets us in as somebody who may see more than this tenant.
            let why =
                "the forge's archives are another tenant's (forge_tenant in [identity]); send the archive instead";
            return Ok(Err(blobs::FetchError::Refused(why.into())));
        }
        let full = scope.full(&name);
        let fetched = shared.capabilities.blobs.fetch(&full, &repository, &commit).await;
        if let Ok(size) = &fetched {
            // Its name has a token in it: it takes nothing's place.
            stored(store, *size, false);
            if let Err(exceeded) = reserve(store, *size).await {
                // How long it is, only the forge knew.
                store.with(|mut access| access.get().held.used.is_less = true);
                let _ = shared.capabilities.blobs.delete(&[full]).await;
                return Err(exceeded);
            }
        }
        Ok(fetched.map_err(|error| match error {
            ports::FetchError::Unavailable(ports::Unavailable(why)) => blobs::FetchError::Unavailable(why),
            ports::FetchError::Refused(why) => blobs::FetchError::Refused(why),
        }))
    }
}

impl events::Host for State {}

impl<T: Send + 'static> events::HostWithStore<T> for Imports {
    async fn publish(store: &Accessor<T, Self>, messages: Vec<Vec<u8>>) -> Outcome<()> {
        let (shared, scope) = shared(store);
        outcome(shared.capabilities.events.publish(scope.tenant(), messages).await)
    }

    async fn verify(store: &Accessor<T, Self>, signature: String, body: Vec<u8>) -> Result<events::Verdict> {
        Ok(match shared(store).0.capabilities.events.verify(&signature, &body) {
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

#[cfg(test)]
mod tests;

//! The capabilities, imported.

use astlas_atlas::ports::{
    Blob, Blobs, Cache, Clock, Events, FetchError, Log, Severity, SharedCache, Unavailable, Verdict,
};

use crate::{
    Imports,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
};

impl Cache for Imports {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        if keys.is_empty() { vec![] } else { cache::get(keys.to_vec()).await }
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        if !entries.is_empty() {
            cache::put(entries.into_iter().map(|(key, value)| cache::Entry { key, value }).collect()).await;
        }
    }
}

impl SharedCache for Imports {
    async fn remove(&self, keys: &[String]) {
        if !keys.is_empty() {
            cache::remove(keys.to_vec()).await;
        }
    }

    async fn get_or_claim(&self, key: &str, milliseconds: u32) -> Option<Vec<u8>> {
        cache::get_or_claim(key.to_owned(), milliseconds).await
    }

    async fn claim(&self, key: &str, milliseconds: u32) -> bool {
        cache::claim(key.to_owned(), milliseconds).await
    }

    async fn add_member(&self, set: &str, member: &str) -> u64 {
        cache::add_member(set.to_owned(), member.to_owned()).await
    }

    async fn count_members(&self, set: &str) -> u64 {
        cache::count_members(set.to_owned()).await
    }
}

impl Blobs for Imports {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        blobs::read(name.to_owned(), offset, length).await.map_err(Unavailable)
    }

    async fn write(&self, name: &str, value: Vec<u8>) -> Result<(), Unavailable> {
        blobs::write(name.to_owned(), value).await.map_err(Unavailable)
    }

    async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        blobs::begin(name.to_owned()).await.map_err(Unavailable)
    }

    async fn append(&self, upload: &str, offset: u64, part: Vec<u8>) -> Result<(), Unavailable> {
        blobs::append(upload.to_owned(), offset, part).await.map_err(Unavailable)
    }

    async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        blobs::finish(upload.to_owned(), size).await.map_err(Unavailable)
    }

    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        let found = blobs::list(prefix.to_owned(), after.to_owned()).await.map_err(Unavailable)?;
        let blob = |blobs::Blob { name, size, updated, digest }| Blob { name, size, updated, digest };
        Ok(found.into_iter().map(blob).collect())
    }

    async fn delete(&self, names: &[String]) -> Result<(), Unavailable> {
        if names.is_empty() {
            return Ok(());
        }
        blobs::delete(names.to_vec()).await.map_err(Unavailable)
    }

    async fn fetch(&self, name: &str, repository: &str, commit: &str) -> Result<u64, FetchError> {
        let fetched = blobs::fetch(name.to_owned(), repository.to_owned(), commit.to_owned()).await;
        fetched.map_err(|error| match error {
            blobs::FetchError::Unavailable(why) => Unavailable(why).into(),
            blobs::FetchError::Refused(why) => FetchError::Refused(why),
        })
    }
}

impl Events for Imports {
    async fn publish(&self, messages: Vec<Vec<u8>>) -> Result<(), Unavailable> {
        events::publish(messages).await.map_err(Unavailable)
    }

    async fn verify(&self, signature: &str, body: &[u8]) -> Verdict {
        match events::verify(signature.to_owned(), body.to_vec()).await {
            events::Verdict::Authentic => Verdict::Authentic,
            events::Verdict::Forged => Verdict::Forged,
            events::Verdict::Unconfigured => Verdict::Unconfigured,
        }
    }
}

impl Clock for Imports {
    fn microseconds(&self) -> u64 {
        telemetry::microseconds()
    }

    fn now(&self) -> u64 {
        telemetry::now()
    }
}

impl Log for Imports {
    fn log(&self, severity: Severity, message: &str, fields: &[(&str, &str)]) {
        let severity = match severity {
            Severity::Debug => telemetry::Severity::Debug,
            Severity::Info => telemetry::Severity::Info,
            Severity::Warning => telemetry::Severity::Warning,
            Severity::Error => telemetry::Severity::Error,
        };
        let field = |&(name, value): &(&str, &str)| telemetry::Field { name: name.to_owned(), value: value.to_owned() };
        telemetry::log(severity, message, &fields.iter().map(field).collect::<Vec<_>>());
    }
}

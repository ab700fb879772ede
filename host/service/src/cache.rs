//! The cache: a SQLite file. Its calls wait for the disk, so each goes to a thread that may.

use std::sync::Arc;

use astlas_atlas::keys::lifetime;
use astlas_cache::{Cache, Entry, Settings};

/// The cache of all requests.
#[derive(Clone)]
pub struct Shared(Arc<Cache>);

impl Shared {
    pub fn open(settings: Settings) -> Self {
        Self(Arc::new(Cache::open(settings)))
    }

    pub async fn get(&self, keys: Vec<String>) -> Vec<Option<Vec<u8>>> {
        let (cache, count) = (self.0.clone(), keys.len());
        // What cannot be read is not there.
        tokio::task::spawn_blocking(move || cache.get(&keys)).await.unwrap_or_else(|_| vec![None; count])
    }

    pub async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        let cache = self.0.clone();
        let put = move || {
            let entry = |(key, value)| Entry { key, value, ttl: lifetime(key) };
            let entries: Vec<_> =
                entries.iter().map(|(key, value)| (key.as_str(), value.as_slice())).map(entry).collect();
            cache.put(&entries);
        };
        let _ = tokio::task::spawn_blocking(put).await;
    }
}

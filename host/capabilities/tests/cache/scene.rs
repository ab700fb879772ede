//! Caches to test.

use std::time::Duration;

use astlas_capabilities::{Cache, CacheSettings};
use bytes::Bytes;
use tempfile::TempDir;

/// How long Redis may take in tests: short, so that faults do not take long, and long enough for a busy machine.
pub const TIMEOUT: Duration = Duration::from_millis(400);

/// A cache over Redis.
pub async fn over(url: &str) -> Cache {
    let timeout = u64::try_from(TIMEOUT.as_millis()).unwrap();
    let settings = CacheSettings { url: Some(url.into()), timeout, ..CacheSettings::default() };
    // Not opened: there is a Redis.
    Cache::open(&settings, astlas_cache::Settings::new("/nowhere")).await.unwrap()
}

/// A cache over SQLite, and its folder.
pub async fn embedded() -> (Cache, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let settings = astlas_cache::Settings::new(folder.path());
    (Cache::open(&CacheSettings::default(), settings).await.unwrap(), folder)
}

pub async fn put(cache: &Cache, key: &str, value: impl Into<Bytes>) {
    cache.put(vec![(key.into(), value.into())]).await;
}

pub async fn get(cache: &Cache, key: &str) -> Option<Bytes> {
    cache.get(&[key.into()]).await.pop().unwrap()
}

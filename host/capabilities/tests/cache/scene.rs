//! Caches to test.

use std::time::Duration;

use astlas_capabilities::{Cache, CacheSettings};
use astlas_test_servers::until;
use bytes::Bytes;
use tempfile::TempDir;

/// How long anything is waited for that has to come.
pub const SOON: Duration = Duration::from_secs(60);
/// A claim that nobody waits for the end of.
pub const LONG: Duration = Duration::from_secs(600);

/// A cache over a Redis that has all the time it needs.
pub async fn over(url: &str) -> Cache {
    within(url, SOON).await
}

/// A cache over a Redis that may take so long.
pub async fn within(url: &str, timeout: Duration) -> Cache {
    let timeout = u64::try_from(timeout.as_millis()).unwrap();
    let settings = CacheSettings { url: Some(url.into()), timeout, ..CacheSettings::default() };
    // Not opened: there is a Redis.
    Cache::open(&settings, astlas_cache::Settings::new("/nowhere")).await.unwrap()
}

/// Waits until a cache listens to the others, which it does soon after it is opened. Then it drops no copy without a reason
/// any more.
pub async fn listens(cache: &Cache, other: &Cache) {
    until("it listens", SOON, async || {
        put(other, "graph:r:heard", "value").await;
        assert!(get(cache, "graph:r:heard").await.is_some());
        other.remove(&["graph:r:heard".into()]).await;
        get(cache, "graph:r:heard").await.is_none()
    })
    .await;
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

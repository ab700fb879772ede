//! All capabilities at once, from settings.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_atlas::ports::Verdict;
use astlas_capabilities::{BlobsSettings, CacheSettings, Capabilities, EventsSettings, ForgeSettings, Settings};

fn is_send<T: Send>(value: T) -> T {
    value
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_any_settings_nothing_needs_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let embedded = || astlas_cache::Settings::new(folder.path());
    let open = || is_send(Capabilities::open(Settings::default(), embedded(), folder.path().join("blobs")));
    let Capabilities { cache, blobs, events } = open().await.unwrap();
    // Whoever serves gives each request a task of its own.
    is_send(cache.put(vec![("job:1".into(), "value".into()), ("ast:1".into(), "tags".into())])).await;
    is_send(blobs.write("a/b", "blob".into())).await.unwrap();
    is_send(events.publish("acme", vec![b"message".to_vec()])).await.unwrap();
    for health in [cache.check().await, blobs.check().await, events.check().await] {
        assert!(health.state.is_ok(), "{health:?}");
    }
    assert_eq!(events.verify("sha256=00", b""), Verdict::Unconfigured);
    drop((cache, blobs, events));
    // What is kept is kept for good; a queue is not.
    let again = open().await.unwrap();
    let values = again.cache.get(&["ast:1".into(), "job:1".into()]).await;
    assert_eq!(values, [Some("tags".into()), Some("value".into())]);
    assert_eq!(again.blobs.read("a/b", 0, 9).await.unwrap().unwrap(), "blob");
    assert_eq!(again.events.waiting(), Some(0));
}

#[tokio::test]
async fn the_setting_that_is_wrong_is_named() {
    let wrong = |settings: Settings| async move {
        let folder = tempfile::tempdir().unwrap();
        let opened = Capabilities::open(settings, astlas_cache::Settings::new(folder.path()), folder.path().into());
        opened.await.err().unwrap().setting
    };
    let cache = CacheSettings { url: Some("localhost:6379".into()), ..CacheSettings::default() };
    assert_eq!(wrong(Settings { cache, ..Settings::default() }).await, "cache.url");
    let url = Some("redis://127.0.0.1:1".into());
    let cache = CacheSettings { url, timeout: 0, ..CacheSettings::default() };
    assert_eq!(wrong(Settings { cache, ..Settings::default() }).await, "cache.timeout");
    let blobs = BlobsSettings { bucket: Some(String::new()), ..BlobsSettings::default() };
    assert_eq!(wrong(Settings { blobs, ..Settings::default() }).await, "blobs.bucket");
    let events = EventsSettings { topic: Some("topic".into()), ..EventsSettings::default() };
    assert_eq!(wrong(Settings { events, ..Settings::default() }).await, "events.project");
    let forge = ForgeSettings { api: String::new(), ..ForgeSettings::default() };
    assert_eq!(wrong(Settings { forge, ..Settings::default() }).await, "forge.api");
}

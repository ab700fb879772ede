//! TLS.

use std::fs;

use astlas_capabilities::{Cache, CacheSettings};
use astlas_test_servers::RedisServer;

use crate::scene::{get, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_believed_if_its_certificate_is_signed_as_it_should_be() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_string(), "127.0.0.1".to_string()]).unwrap();
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    fs::write(&certificate, made.cert.pem()).unwrap();
    fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let server = RedisServer::tls(&certificate, &key);
    let url = Some(format!("rediss://localhost:{}", server.port()));
    let open = async |certificates| {
        let settings = CacheSettings { url: url.clone(), certificates, timeout: 60_000, ..CacheSettings::default() };
        Cache::open(&settings, astlas_cache::Settings::new("/nowhere")).await
    };
    let cache = open(Some(certificate)).await.unwrap();
    put(&cache, "job:1", "value").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "value");
    assert!(cache.check().await.state.is_ok());
    let stranger = open(None).await.unwrap();
    assert!(stranger.check().await.state.is_err() && get(&stranger, "job:1").await.is_none());
    let error = open(Some(folder.path().join("none.pem"))).await.err().unwrap();
    assert!(error.to_string().starts_with("setting cache.certificates: "), "{error}");
}

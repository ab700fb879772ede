//! A bucket that is busy, refuses, or is gone.

use std::time::{Duration, Instant};

use astlas_atlas::ports::BLOB_PART;
use astlas_test_servers::GcsServer;
use bytes::Bytes;

use crate::{
    scripted::{Scripted, answer},
    suite::bucket,
};

#[tokio::test]
async fn what_may_be_asked_again_is_while_the_bucket_is_busy() {
    let server = Scripted::start(|number, _, _| match number {
        0 => answer("503 Service Unavailable", "", b""),
        1 => answer("429 Too Many Requests", "", b""),
        _ => answer("206 Partial Content", "", b"value"),
    });
    let server = server.await;
    let blobs = bucket(&server.address, "");
    assert_eq!(blobs.read("a", 0, 9).await.unwrap().unwrap(), "value");
    assert_eq!(server.asked().len(), 3);
    // Nobody who is not Google is shown a token.
    assert!(!server.asked().iter().any(|head| head.to_lowercase().contains("authorization")));
}

#[tokio::test]
async fn a_bucket_that_stays_busy_or_refuses_is_given_up() {
    let server = Scripted::start(|_, _, _| answer("500 Oops", "", br#"{"error":{"message":"out of order"}}"#)).await;
    let begun = Instant::now();
    let error = bucket(&server.address, "").read("a", 0, 9).await.unwrap_err();
    assert!(error.0.contains("500") && error.0.contains("out of order"), "{error}");
    assert!(server.asked().len() == 4 && begun.elapsed() < Duration::from_secs(5));
    let server = Scripted::start(|_, _, _| answer("403 Forbidden", "", br#"{"error":{"message":"not you"}}"#)).await;
    let error = bucket(&server.address, "").write("a", "x".into()).await.unwrap_err();
    assert!(error.0.contains("403") && error.0.contains("not you") && server.asked().len() == 1, "{error}");
}

#[tokio::test]
async fn what_of_a_part_was_not_kept_is_sent_again() {
    let server = Scripted::start(|number, host, _| match number {
        0 => answer("200 OK", &format!("Location: http://{host}/parts\r\n"), b""),
        1 => answer("308 Go On", "Range: bytes=0-262143\r\n", b""),
        2 => answer("308 Go On", "Range: bytes=0-8388607\r\n", b""),
        _ => answer("200 OK", "", b"{}"),
    });
    let server = server.await;
    let blobs = bucket(&server.address, "");
    let upload = blobs.begin("a").await.unwrap();
    blobs.append(&upload, 0, Bytes::from(vec![1; BLOB_PART])).await.unwrap();
    blobs.append(&upload, BLOB_PART as u64, "end".into()).await.unwrap();
    assert!(blobs.append(&upload, 5, "elsewhere".into()).await.is_err());
    blobs.finish(&upload, BLOB_PART as u64 + 3).await.unwrap();
    let range = |head: &String| head.lines().find_map(|line| line.strip_prefix("content-range: ").map(String::from));
    let ranges: Vec<_> = server.asked().iter().filter_map(range).collect();
    assert_eq!(ranges, ["bytes 0-8388607/*", "bytes 262144-8388607/*", "bytes 8388608-8388610/8388611"]);
}

#[tokio::test]
async fn a_bucket_that_is_gone_is_unavailable_until_it_is_back() {
    let mut server = GcsServer::start();
    server.make_bucket("astlas-test");
    let blobs = bucket(&server.address(), "");
    blobs.write("a", "x".into()).await.unwrap();
    server.process().kill();
    assert!(blobs.read("a", 0, 9).await.is_err() && blobs.list("", "").await.is_err());
    assert!(blobs.check().await.state.is_err());
    server.process().restart();
    server.make_bucket("astlas-test");
    blobs.write("a", "y".into()).await.unwrap();
    assert_eq!(blobs.read("a", 0, 9).await.unwrap().unwrap(), "y");
}

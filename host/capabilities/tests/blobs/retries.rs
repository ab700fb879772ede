//! A bucket that is busy, refuses, or is gone.

use std::time::{Duration, Instant};

use astlas_atlas::ports::BLOB_PART;
use astlas_google::storage::Content;
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
        _ => answer("206 Partial Content", "Content-Range: bytes 0-4/5\r\n", b"value"),
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
    assert!(server.asked().len() == 4 && begun.elapsed() < Duration::from_secs(60));
    let server = Scripted::start(|_, _, _| answer("403 Forbidden", "", br#"{"error":{"message":"not you"}}"#)).await;
    let error = bucket(&server.address, "").write("a", "x".into()).await.unwrap_err();
    assert!(error.0.contains("403") && error.0.contains("not you") && server.asked().len() == 1, "{error}");
}

#[tokio::test]
async fn what_of_a_part_was_not_kept_is_sent_again() {
    let whole = Content::of(&[&[1; BLOB_PART][..], b"end"].concat());
    let kept = format!(r#"{{"name":"a","size":"{}","crc32c":"{}"}}"#, whole.size, whole.checksum());
    let server = Scripted::start(move |number, host, _| match number {
        0 => answer("200 OK", &format!("Location: http://{host}/parts\r\n"), b""),
        1 => answer("308 Go On", "Range: bytes=0-262143\r\n", b""),
        2 => answer("308 Go On", "Range: bytes=0-8388607\r\n", b""),
        _ => answer("200 OK", "", kept.as_bytes()),
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

#[tokio::test]
async fn a_value_that_the_bucket_kept_otherwise_than_it_was_sent_is_removed() {
    let server = Scripted::start(|number, host, path| match (number, path.contains("uploadType=resumable")) {
        (_, true) => answer("200 OK", &format!("Location: http://{host}/parts\r\n"), b""),
        (1 | 4, _) => answer("204 No Content", "", b""),
        _ => answer("200 OK", "", br#"{"name":"a","size":"5","crc32c":"AAAAAA=="}"#),
    });
    let server = server.await;
    let blobs = bucket(&server.address, "");
    let error = blobs.write("a", "value".into()).await.unwrap_err();
    assert!(error.0.contains("altered"), "{error}");
    let upload = blobs.begin("a").await.unwrap();
    blobs.append(&upload, 0, "value".into()).await.unwrap();
    assert!(blobs.finish(&upload, 5).await.is_err());
    let removed =
        server.asked().iter().filter(|head| head.starts_with("DELETE /storage/v1/b/astlas-test/o/a ")).count();
    assert_eq!(removed, 2);
}

#[tokio::test]
async fn a_part_that_is_not_what_was_asked_for_or_does_not_add_up_is_unavailable() {
    let server = Scripted::start(|number, _, _| match number {
        0 => answer("206 Partial Content", "Content-Range: bytes 0-3/5\r\n", b"valu"),
        1 => answer("206 Partial Content", "Content-Range: bytes 1-5/6\r\n", b"alues"),
        2 => answer("206 Partial Content", "", b"value"),
        3 => answer("206 Partial Content", "Content-Range: bytes 0-4/5\r\nx-goog-hash: crc32c=AAAAAA==\r\n", b"value"),
        4 => answer("200 OK", "x-goog-hash: crc32c=AAAAAA==\r\n", b"value"),
        _ => answer("416 No", "Content-Range: bytes */5\r\n", b""),
    });
    let server = server.await;
    let blobs = bucket(&server.address, "");
    for number in 0..6 {
        assert!(blobs.read("a", 0, 5).await.is_err(), "{number}");
    }
}

//! What is asked, to the letter, and what answers mean. Real servers are asked in the tests of `host/capabilities`.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_google::{
    Error, Response, metadata,
    pubsub::{self, Project},
    storage::{Bucket, Object, Page, Progress},
};
use bytes::Bytes;
use http::StatusCode;

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Response {
    let response = headers
        .iter()
        .fold(http::Response::builder().status(status), |so_far, (name, value)| so_far.header(*name, *value));
    response.body(body.to_string().into()).unwrap()
}

#[test]
fn names_cannot_leave_their_place_in_an_address() {
    let bucket = Bucket::new("localhost:1", "b");
    let request = bucket.read("a b/c?d#e&f=g/../ü", 10, 5).unwrap();
    assert_eq!(request.uri(), "http://localhost:1/storage/v1/b/b/o/a%20b%2Fc%3Fd%23e%26f%3Dg%2F..%2F%C3%BC?alt=media");
    assert_eq!(request.headers()["range"], "bytes=10-14");
}

#[test]
fn parts_are_read_whatever_the_server_makes_of_the_range() {
    let read = |status, body: &str| Bucket::read_answer(answer(status, &[], body), 2, 3);
    assert_eq!(read(206, "llo").unwrap().unwrap(), "llo");
    assert_eq!(read(200, "hello there").unwrap().unwrap(), "llo");
    assert_eq!(read(200, "h").unwrap().unwrap(), "");
    assert_eq!(read(416, "").unwrap().unwrap(), "");
    assert_eq!(read(404, "").unwrap(), None);
    assert!(matches!(read(503, ""), Err(Error::Busy { .. })) && matches!(read(429, ""), Err(Error::Busy { .. })));
    let refused = Error::Refused { status: StatusCode::FORBIDDEN, message: "not you".into() };
    assert_eq!(read(403, r#"{"error":{"code":403,"message":"not you"}}"#), Err(refused));
}

#[test]
fn an_upload_says_where_each_part_belongs() {
    let range = |offset, part: &'static str, size| {
        let request = Bucket::part("http://x/y", offset, Bytes::from_static(part.as_bytes()), size).unwrap();
        request.headers()["content-range"].to_str().unwrap().to_string()
    };
    assert_eq!(range(0, "abc", None), "bytes 0-2/*");
    assert_eq!(range(3, "abc", Some(6)), "bytes 3-5/6");
    assert_eq!(range(6, "", Some(6)), "bytes */6");
    assert_eq!(Bucket::part_answer(answer(308, &[("range", "bytes=0-41")], "")), Ok(Progress::Kept(42)));
    assert_eq!(Bucket::part_answer(answer(308, &[], "")), Ok(Progress::Kept(0)));
    assert_eq!(Bucket::part_answer(answer(200, &[], "{}")), Ok(Progress::Done));
    assert!(Bucket::part_answer(answer(308, &[("range", "?")], "")).is_err());
    assert!(Bucket::begin_answer(answer(200, &[], "")).is_err());
}

#[test]
fn a_page_is_read() {
    let page = r#"{"nextPageToken":"n","items":[
        {"name":"a","size":"12","updated":"2026-11-21T00:00:01.5Z","generation":"7","md5Hash":"h=="},
        {"name":"b","size":"0","updated":"1970-01-01T00:00:00Z","generation":"8"}]}"#;
    let object =
        |name: &str, size, updated, digest: &str| Object { name: name.into(), size, updated, digest: digest.into() };
    let objects = vec![object("a", 12, 1_795_219_201, "h=="), object("b", 0, 0, "8")];
    assert_eq!(Bucket::list_answer(answer(200, &[], page)), Ok(Page { objects, next: Some("n".into()) }));
    assert_eq!(Bucket::list_answer(answer(200, &[], "{}")), Ok(Page::default()));
    for broken in ["", "[]", r#"{"items":[{"name":"a","size":"x","updated":"1970-01-01T00:00:00Z"}]}"#] {
        assert!(matches!(Bucket::list_answer(answer(200, &[], broken)), Err(Error::Unreadable(_))), "{broken}");
    }
}

#[test]
fn messages_go_in_batches_that_are_not_too_large() {
    let lengths = |messages: &[Vec<u8>]| pubsub::batches(messages).iter().map(|batch| batch.len()).collect::<Vec<_>>();
    assert!(lengths(&[]).is_empty());
    assert_eq!(lengths(&vec![vec![]; 2500]), [1000, 1000, 500]);
    assert_eq!(lengths(&vec![vec![0; 3_000_000]; 5]), [2, 2, 1]);
    assert_eq!(lengths(&[vec![0; 9_000_000], vec![1], vec![2]]), [1, 2]);
}

#[test]
fn what_is_pulled_looks_like_what_is_pushed() {
    let project = Project::new("http://x/", "p");
    let pulled = r#"{"receivedMessages":[{"ackId":"k","message":{"data":"aGk=","messageId":"1"}}]}"#;
    let received = project.pull_answer("s", answer(200, &[], pulled)).unwrap();
    assert_eq!(received[0].ack, "k");
    assert_eq!(
        received[0].body,
        r#"{"message":{"data":"aGk=","messageId":"1"},"subscription":"projects/p/subscriptions/s"}"#
    );
    assert_eq!(project.pull_answer("s", answer(200, &[], "{}")), Ok(vec![]));
    let request = project.publish("t", &["hi"]).unwrap();
    assert_eq!(request.uri(), "http://x/v1/projects/p/topics/t:publish");
    assert_eq!(request.body(), r#"{"messages":[{"data":"aGk="}]}"#);
    assert_eq!(project.keep("s", "k", 0).unwrap().body(), r#"{"ackDeadlineSeconds":0,"ackIds":["k"]}"#);
}

#[test]
fn a_token_is_read_and_not_shown() {
    let token = r#"{"access_token":"hush","expires_in":3599,"token_type":"Bearer"}"#;
    let token = metadata::token_answer(answer(200, &[], token)).unwrap();
    assert_eq!((token.secret.as_str(), token.seconds), ("hush", 3599));
    assert!(!format!("{token:?}").contains("hush"));
    assert_eq!(metadata::token("h").unwrap().headers()["metadata-flavor"], "Google");
}

//! What is asked, to the letter, and what answers mean. Real servers are asked in the tests of `host/capabilities`.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_google::{
    Error, Response, metadata,
    pubsub::{self, Project},
    storage::{Bucket, Content, Object, Page, Progress},
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
    let read = |status, headers: &[(&str, &str)], body: &str| Bucket::read_answer(answer(status, headers, body), 2, 3);
    let part = |range: &str, body: &str| read(206, &[("content-range", range)], body);
    assert_eq!(part("bytes 2-4/11", "llo").unwrap().unwrap(), "llo");
    assert_eq!(part("bytes 2-3/4", "ll").unwrap().unwrap(), "ll");
    let generation = ("x-goog-generation", "7");
    assert_eq!(read(200, &[generation], "hello there").unwrap().unwrap(), "llo");
    assert_eq!(read(200, &[generation], "h").unwrap().unwrap(), "");
    assert_eq!(read(416, &[], "").unwrap().unwrap(), "");
    assert_eq!(read(416, &[("content-range", "bytes */2")], "").unwrap().unwrap(), "");
    assert_eq!(read(404, &[], "").unwrap(), None);
    assert!(
        matches!(read(503, &[], ""), Err(Error::Busy { .. })) && matches!(read(429, &[], ""), Err(Error::Busy { .. }))
    );
    let refused = Error::Refused { status: StatusCode::FORBIDDEN, message: "not you".into() };
    assert_eq!(read(403, &[], r#"{"error":{"code":403,"message":"not you"}}"#), Err(refused));
    // Another part, half of one, the right one under another status, an end that is none.
    for (range, body) in [
        ("bytes 3-5/11", "llo"),
        ("bytes 2-4/11", "ll"),
        ("bytes 2-3/11", "ll"),
        ("bytes 2-4/4", "llo"),
        ("2-4", "llo"),
        ("", "llo"),
    ] {
        assert!(matches!(part(range, body), Err(Error::Unreadable(_))), "{range}");
    }
    assert!(matches!(read(200, &[generation, ("content-range", "bytes 2-4/11")], "llo"), Err(Error::Unreadable(_))));
    assert!(
        matches!(read(206, &[], "llo"), Err(Error::Unreadable(_))) && read(203, &[generation], "hello there").is_err()
    );
    // What is told about an object is not its content.
    assert!(matches!(read(200, &[], r#"{"name":"a"}"#), Err(Error::Unreadable(_))));
    assert!(read(416, &[("content-range", "bytes */11")], "").is_err());
}

#[test]
fn whole_objects_add_up_to_what_google_says() {
    // As RFC 3720 has it for 32 bytes of zeros.
    let (zeros, hash) = ("\0".repeat(32), "crc32c=ipE2qg==");
    let read = |body: &str, hash: &str, stored: &str| {
        let headers = [
            ("content-range", "bytes 0-31/32"),
            ("x-goog-hash", hash),
            ("x-goog-stored-content-encoding", stored),
            ("x-goog-generation", "7"),
        ];
        (
            Bucket::read_answer(answer(206, &headers, body), 0, 99),
            Bucket::read_answer(answer(200, &headers[1..], body), 0, 99),
        )
    };
    let right = Ok(Some(Bytes::from(zeros.clone())));
    let altered = zeros.replacen('\0', "\u{1}", 1);
    for hash in [hash, "md5=x,crc32c=ipE2qg==", "md5=x"] {
        assert_eq!(read(&zeros, hash, "identity"), (right.clone(), right.clone()), "{hash}");
    }
    assert_eq!(read(&altered, hash, "identity"), (Err(Error::Altered), Err(Error::Altered)));
    // Of what is stored compressed, it is told what the compressed bytes add up to.
    assert!(read(&altered, hash, "gzip").0.is_ok());
    let content = Content::of(zeros.as_bytes());
    assert_eq!(Content::default().followed_by(&[0; 20]).followed_by(&[0; 12]), content);
    let kept = |body: &str| Bucket::write_answer(answer(200, &[], body), "a", content);
    assert_eq!(kept(r#"{"name":"a","size":"32","crc32c":"ipE2qg=="}"#), Ok(()));
    assert_eq!(kept(r#"{"name":"a","size":"31","crc32c":"ipE2qg=="}"#), Err(Error::Altered));
    assert_eq!(kept(r#"{"name":"a","size":"32","crc32c":"ipE2qQ=="}"#), Err(Error::Altered));
    assert!(matches!(kept(r#"{"name":"b","size":"32","crc32c":"ipE2qg=="}"#), Err(Error::Unreadable(_))));
    assert!(matches!(kept("{}"), Err(Error::Unreadable(_))));
}

#[test]
fn a_small_object_goes_with_what_it_adds_up_to() {
    let bucket = Bucket::new("http://x", "b");
    let request = bucket.write("a\"/ü", b"hi").unwrap();
    assert_eq!(request.uri(), "http://x/upload/storage/v1/b/b/o?uploadType=multipart&fields=name,size,crc32c");
    assert_eq!(request.headers()["content-type"], "multipart/related; boundary=astlas0000000000000000");
    let body = String::from_utf8(request.body().to_vec()).unwrap();
    let parts: Vec<_> = body.split("--astlas0000000000000000").collect();
    assert_eq!(parts[1].rsplit("\r\n\r\n").next().unwrap(), "{\"crc32c\":\"9Z3Zwg==\",\"name\":\"a\\\"/ü\"}\r\n");
    assert_eq!((parts[2].rsplit("\r\n\r\n").next().unwrap(), parts[3]), ("hi\r\n", "--\r\n"));
    // What is told apart must not be in it.
    let request = bucket.write("a", b"--astlas0000000000000000--").unwrap();
    assert_eq!(request.headers()["content-type"], "multipart/related; boundary=astlas0000000000000001");
}

#[test]
fn an_upload_says_where_each_part_belongs() {
    let whole = Some(Content::of(b"abcdef"));
    let part = |offset, part: &'static str, whole| {
        let request = Bucket::part("http://x/y", offset, Bytes::from_static(part.as_bytes()), whole).unwrap();
        let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_string());
        (header("content-range").unwrap(), header("x-goog-hash"))
    };
    assert_eq!(part(0, "abc", None), ("bytes 0-2/*".into(), None));
    assert_eq!(part(3, "def", whole), ("bytes 3-5/6".into(), Some("crc32c=U7zv8Q==".into())));
    assert_eq!(part(6, "", whole).0, "bytes */6");
    let read = |status, headers: &[(&str, &str)], body: &str, whole| {
        Bucket::part_answer(answer(status, headers, body), "a", whole)
    };
    assert_eq!(read(308, &[("range", "bytes=0-41")], "", None), Ok(Progress::Kept(42)));
    assert_eq!(read(308, &[], "", whole), Ok(Progress::Kept(0)));
    assert_eq!(read(200, &[], "{}", None), Ok(Progress::Done));
    assert_eq!(read(200, &[], r#"{"name":"a","size":"6","crc32c":"U7zv8Q=="}"#, whole), Ok(Progress::Done));
    assert_eq!(read(200, &[], r#"{"name":"a","size":"9","crc32c":"U7zv8Q=="}"#, whole), Err(Error::Altered));
    assert!(read(308, &[("range", "?")], "", None).is_err());
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
    let request = project.publish("t", "acme", &["hi"]).unwrap();
    assert_eq!(request.uri(), "http://x/v1/projects/p/topics/t:publish");
    assert_eq!(request.body(), r#"{"messages":[{"attributes":{"crc32c":"9Z3Zwg==","tenant":"acme"},"data":"aGk="}]}"#);
    assert!(received[0].is_sound);
    for (data, is_sound) in [("aGk=", true), ("aGo=", false), ("aG", false), ("", false)] {
        let message = format!(r#"{{"data":"{data}","attributes":{{"crc32c":"9Z3Zwg=="}}}}"#);
        let pulled = format!(r#"{{"receivedMessages":[{{"ackId":"k","message":{message}}}]}}"#);
        assert_eq!(project.pull_answer("s", answer(200, &[], &pulled)).unwrap()[0].is_sound, is_sound, "{data}");
    }
    assert_eq!(Project::published(answer(200, &[], r#"{"messageIds":["1","2"]}"#), 2), Ok(()));
    assert!(Project::published(answer(200, &[], r#"{"messageIds":["1"]}"#), 2).is_err());
    assert!(Project::published(answer(203, &[], "{}"), 1).is_err());
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

//! Requests that somebody sends to do harm: what is wrong is said, with where it is, and the service goes on.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use astlas_hostile::{service::Service, targets::doors};
use serde_json::Value;

/// Status and problem of a body for a door.
fn ask(method: &str, path: &str, body: &[u8]) -> (u16, String) {
    let headers = [("x-hub-signature-256", format!("sha256={}", body.len())), ("x-github-event", "push".into())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    let answer = Service::default().ask(method, path, &headers, body.to_vec());
    let json: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    (answer.status, json["detail"].as_str().unwrap_or_default().to_owned())
}

/// Doors that read JSON.
fn json_doors() -> Vec<(&'static str, String)> {
    // What is said to a job has no body.
    let reads_none = |path: &str| ["/openapi.json", "/cancel", "/retry"].iter().any(|end| path.ends_with(end));
    let doors: Vec<_> = doors().into_iter().filter(|(method, path)| *method == "POST" && !reads_none(path)).collect();
    assert!(doors.len() > 15, "{doors:?}");
    doors
}

const SEARCH: &str = "/api/v1/symbols/search";

/// A search with this in place of the limit.
fn search(limit: &str) -> (u16, String) {
    let body = format!(r#"{{"repo_id": "acme/app", "commit_sha": "c1", "symbol": "run", "limit": {limit}}}"#);
    ask("POST", SEARCH, body.as_bytes())
}

#[test]
fn json_of_any_depth_is_refused_at_every_door() {
    let mut tried = 0;
    for (method, path) in json_doors() {
        for (open, close) in
            [("[", "]"), ("{\"a\":", "}"), ("{\"repo_id\":[", "]}"), ("{\"queries\":[{\"body\":", "}]}")]
        {
            for depth in [130, 100_000] {
                for body in [open.repeat(depth), open.repeat(depth) + "1" + &close.repeat(depth)] {
                    let (status, detail) = ask(method, &path, body.as_bytes());
                    assert!(matches!(status, 400 | 422) && !detail.is_empty(), "{path} {open}: {status} {detail}");
                    tried += 1;
                }
            }
        }
    }
    println!("tried: JSON too deep: {tried}");
}

#[test]
fn what_is_no_json_is_refused_at_every_door() {
    let mut tried = 0;
    for (method, path) in json_doors() {
        for body in [
            &b""[..],
            b" ",
            b"\xef\xbb\xbf{}",
            b"{\"repo_id\": \"\xff\"}",
            b"{\"repo_id\": \"\\ud800\"}",
            b"{\"repo_id\": \"\0\"}",
            b"{'repo_id': 1}",
            b"{\"repo_id\": 1,}",
            b"{} {}",
            b"NaN",
            b"null",
            b"[]",
            b"\"text\"",
            b"{\"a\": 01}",
            b"{\"a\": 1e}",
            b"{\"a\": -}",
            b"{\"a\": +1}",
            b"{\"a\": Infinity}",
        ] {
            let (status, detail) = ask(method, &path, body);
            assert!(matches!(status, 400 | 422) && !detail.is_empty(), "{path} {}: {status}", body.escape_ascii());
            tried += 1;
        }
    }
    println!("tried: not JSON: {tried}");
}

#[test]
fn numbers_that_make_no_sense_are_named() {
    for limit in
        ["-1", "1.5", "1e3", "4294967296", "18446744073709551616", "1e400", "-0.0", "\"5\"", "null", "true", "[1]"]
    {
        let (status, detail) = search(limit);
        let is_named = detail.contains("limit") || detail.contains("out of range");
        assert!(matches!(status, 400 | 422) && is_named, "{limit}: {status} {detail}");
    }
    let (status, detail) = search("1001");
    assert!(status == 422 && detail.contains("limit: 1001; give 0 to 1000"), "{detail}");
    let digits = "9".repeat(1_000_000);
    assert_eq!(search(&digits).0, 400, "a number of a million digits");
    assert_eq!(search("7").0, 200);
}

#[test]
fn fields_that_come_twice_are_named() {
    for (fields, status) in [
        (r#""repo_id": "acme/app", "repo_id": "other""#, 422),
        (r#""repo_id": "acme/app", "commit_sha": "c1", "limit": 1, "limit": 2"#, 422),
        (r#""repo_id": "acme/app", "\u0072epo_id": "acme/app""#, 422),
    ] {
        let (found, detail) = ask("POST", SEARCH, format!("{{{fields}, \"symbol\": \"run\"}}").as_bytes());
        assert!(found == status && detail.contains("duplicate field"), "{fields}: {found} {detail}");
    }
    let message = r#"{"message": {"data": "e30=", "data": "e30="}}"#;
    assert!(ask("POST", "/pubsub/push", message.as_bytes()).1.contains("duplicate field"));
}

#[test]
fn names_of_repositories_and_commits_lead_nowhere() {
    let long = "a".repeat(100_000);
    for name in
        ["", "..", "../x", "a/../b", "/a", "a//b", "a\\b", "a\u{202e}b", "a b", "ä", "a:b", "*", "a\0b", "{a}", &long]
    {
        let body = serde_json::json!({"repo_id": name, "commit_sha": "c1", "symbol": "run"}).to_string();
        let (status, detail) = ask("POST", SEARCH, body.as_bytes());
        assert!(status == 422 && detail.contains("repo_id: not a name"), "{name:?}: {status} {detail}");
        let body = serde_json::json!({"repo_id": "acme/app", "commit_sha": name, "symbol": "run"}).to_string();
        assert_eq!(ask("POST", SEARCH, body.as_bytes()).0, 422, "{name:?}");
        let event = serde_json::json!({"before": "c1", "after": "c2", "repository": {"full_name": name}}).to_string();
        assert_eq!(ask("POST", "/webhooks/github", event.as_bytes()).0, 422, "{name:?}");
    }
}

#[test]
fn bodies_longer_than_allowed_are_refused_by_their_limit() {
    let body = |length: usize| [&b"{\"repo_id\": \""[..], &vec![b'a'; length], b"\"}"].concat();
    for (path, limit) in [(SEARCH, 64 << 20), ("/api/v1/jobs/index_repo", 16 << 20), ("/webhooks/github", 25 << 20)] {
        let (status, detail) = ask("POST", path, &body(limit));
        assert!(status == 413 && detail.contains(&format!("longer than {limit} bytes")), "{path}: {status} {detail}");
        assert_eq!(ask("POST", path, &body(1 << 20)).0, 422, "{path}");
    }
}

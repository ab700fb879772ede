//! What one request may take of time and memory, and what becomes of one that wants more.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use serde_json::{Map, Value, json};

use crate::{
    service::{Service, header, sandbox, until},
    tenants::{ask, key},
};

/// Most of the processors that what nobody waits for any more may still have: it looks every few milliseconds. Left to
/// itself, each would have many times as much.
const ENDS: Duration = Duration::from_secs(1);

/// Long brackets of Lua that never end, file after file: every one of them is looked for up to the end of its file, which
/// takes some seconds for each file.
fn stuck() -> Value {
    let file = |number: usize| (format!("{number}.lua"), json!("[=[".repeat(300_000)));
    json!({"repo_id": "a/b", "files": (0..8).map(file).collect::<Map<_, _>>()})
}

/// The head of a request to parse something, of so many bytes.
fn head(what: &str, key: Option<&str>, length: usize) -> String {
    let key = key.map(|key| format!("authorization: Bearer {key}\r\n")).unwrap_or_default();
    format!(
        "POST /api/v1/{what}/parse HTTP/1.1\r\nhost: a\r\nconnection: close\r\n{key}content-length: {length}\r\n\r\n"
    )
}

/// Has a stage stuck for somebody, who waits for it at the other end of this connection.
fn stick(service: &Service, key: Option<&str>) -> TcpStream {
    let (mut connection, body) = (service.connect(), stuck().to_string());
    // Whose time is over before all of it is read cannot send the rest.
    let _ = connection.write_all((head("batch", key, body.len()) + &body).as_bytes());
    connection
}

/// Waits until a service has had so much of the processors since.
fn until_computing(service: &Service, since: Duration, time: Duration) {
    until(|| (service.processor_time() - since > time).then_some(()));
}

#[test]
fn a_stage_that_is_stuck_keeps_nobody_else_waiting() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_TIME_LIMIT", "600")]);
    let (bad, good) = (key(&sandbox, "bad", "read"), key(&sandbox, "good", "read"));
    let parse = |n: usize| {
        let body = json!({"repo_id": "a/b", "file_path": "a.py", "content": format!("def run{n}(): pass\n")});
        ask(&service, &good, "POST", "/api/v1/ast/parse", body.to_string().into()).0
    };
    assert_eq!(parse(0), 200);
    let idle = service.processor_time();
    let waiting: Vec<_> = (0..4).map(|_| stick(&service, Some(&bad))).collect();
    until_computing(&service, idle, Duration::from_secs(2));
    for n in 1..4 {
        assert_eq!(parse(n), 200);
    }
    for connection in waiting {
        connection.set_nonblocking(true).unwrap();
        let answer = connection.peek(&mut [0]).map_err(|error| error.kind());
        assert_eq!(answer, Err(ErrorKind::WouldBlock), "others waited for what is stuck");
    }
}

#[test]
fn a_stage_that_is_stuck_ends_with_the_time_of_its_request() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_TIME_LIMIT", "2")]);
    let waiting: Vec<_> = (0..4).map(|_| stick(&service, None)).collect();
    let ended = || service.metrics().get("astlas_errors_total{kind=\"time-limit\"}").copied();
    until(|| ended().filter(|count| *count >= 4.0));
    for mut connection in waiting {
        let mut answer = String::new();
        // It may be lost where not all of the question was read.
        if connection.read_to_string(&mut answer).is_ok() {
            assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 503 "), "{answer}");
        }
    }
    let used = service.processor_time_until_idle();
    assert!(used < ENDS, "{used:?} after the end");
    // Whoever is kept from the processors may be late, too.
    let small = json!({"repo_id": "a/b", "file_path": "a.py", "content": "def run(): pass\n"});
    until(|| (service.post("/api/v1/ast/parse", &small).0 == 200).then_some(()));
}

#[test]
fn a_stage_ends_with_the_connection_of_who_asked() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_TIME_LIMIT", "600")]);
    let idle = service.processor_time();
    let connection = stick(&service, None);
    until_computing(&service, idle, Duration::from_secs(2));
    drop(connection);
    let used = service.processor_time_until_idle();
    assert!(used < ENDS, "{used:?} after the end");
}

#[test]
fn memory_is_limited_for_each_request_and_tenant_and_what_has_too_little_says_so() {
    let sandbox = sandbox();
    // A reference on each line takes many times the memory that it takes as text.
    let lines = |lines: usize| json!({"repo_id": "a/b", "file_path": "a.py", "content": "f()\n".repeat(lines)});
    // Who asks for much may have to wait for the processors that others keep busy.
    let patient = ("ASTLAS_HTTP_TIME_LIMIT", "600");
    let service = Service::start_with(&sandbox, &[("ASTLAS_FUNCTIONS_INSTANCE_MEMORY", "12582912"), patient]);
    assert_eq!(service.post("/api/v1/ast/parse", &lines(10)).0, 200);
    let (status, answer) = service.post("/api/v1/ast/parse", &lines(100_000));
    assert_eq!(status, 500, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("more than 12 MiB of memory"), "{answer}");
    assert_eq!(service.metrics()["astlas_errors_total{kind=\"memory-limit\"}"], 1.0);
    assert_eq!(service.post("/api/v1/ast/parse", &lines(10)).0, 200);
    assert!(service.stop());

    let limits = ["INSTANCE_MEMORY", "TENANT_MEMORY"].map(|name| (format!("ASTLAS_FUNCTIONS_{name}"), "67108864"));
    let limits = limits.iter().map(|(name, value)| (name.as_str(), *value));
    let more = [("ASTLAS_FUNCTIONS_WARM_BYTES", "0"), patient];
    let service = Service::start_with(&sandbox, &limits.chain(more).collect::<Vec<_>>());
    let ask = || {
        let response = service.send("POST", "/api/v1/ast/parse", &[], lines(100_000).to_string().into_bytes());
        (response.status().as_u16(), header(&response, "retry-after").map(str::to_owned))
    };
    assert_eq!(ask().0, 200);
    // Others have the first half of what they send in their memory, and wait for the rest of it.
    let half = vec![b' '; 8 << 20];
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let mut connection = service.connect();
            connection.write_all(head("ast", None, 2 * half.len()).as_bytes()).unwrap();
            // Who comes last is refused before all of it is read.
            let _ = connection.write_all(&half);
            connection
        })
        .collect();
    let refused = until(|| Some(ask()).filter(|(status, _)| *status != 200));
    assert_eq!(refused, (429, Some("1".into())));
    drop(waiting);
    until(|| (ask().0 == 200).then_some(()));
}

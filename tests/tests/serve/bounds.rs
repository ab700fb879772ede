//! What one request may take of time and memory, and what becomes of one that wants more.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    service::{PATIENCE, Service, header, sandbox},
    tenants::{ask, key},
};

/// Long brackets of Lua that never end: every one of them is looked for up to the end of the file.
fn stuck() -> Value {
    json!({"repo_id": "a/b", "file_path": "a.lua", "content": "[=[".repeat(300_000)})
}

#[test]
fn a_stage_that_is_stuck_ends_within_a_second_of_its_time_and_others_go_on() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_TIME_LIMIT", "2")]);
    let (bad, good) = (key(&sandbox, "bad", "read"), key(&sandbox, "good", "read"));
    let parse = |key: &str, body: &Value| ask(&service, key, "POST", "/api/v1/ast/parse", body.to_string().into());
    let small = |n: usize| json!({"repo_id": "a/b", "file_path": "a.py", "content": format!("def run{n}(): pass\n")});
    assert_eq!(parse(&good, &small(0)).0, 200);
    let ended = AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let (status, answer) = parse(&bad, &stuck());
                ended.fetch_add(1, Ordering::SeqCst);
                assert_eq!(status, 503, "{answer}");
            });
        }
        thread::sleep(Duration::from_millis(500));
        for n in 1..4 {
            assert_eq!(parse(&good, &small(n)).0, 200);
        }
        assert_eq!(ended.load(Ordering::SeqCst), 0, "others waited for what is stuck");
    });
    assert!(service.metrics()["astlas_errors_total{kind=\"time-limit\"}"] >= 4.0);
    thread::sleep(Duration::from_secs(1));
    let before = service.processor_time();
    thread::sleep(Duration::from_secs(2));
    // One that went on would have one of the cores.
    let used = service.processor_time() - before;
    assert!(used < Duration::from_secs(1), "{used:?} of two seconds");
    assert_eq!(parse(&bad, &small(9)).0, 200);
}

#[test]
fn a_stage_ends_with_the_connection_of_who_asked() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    let (mut connection, body) = (service.connect(), stuck().to_string());
    let head = format!("POST /api/v1/ast/parse HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
    std::io::Write::write_all(&mut connection, (head + &body).as_bytes()).unwrap();
    let idle = service.processor_time();
    let begun = Instant::now();
    while service.processor_time() - idle < Duration::from_millis(1500) {
        assert!(begun.elapsed() < PATIENCE, "nothing computes");
        thread::sleep(Duration::from_millis(50));
    }
    drop(connection);
    thread::sleep(Duration::from_secs(1));
    let before = service.processor_time();
    thread::sleep(Duration::from_secs(2));
    let used = service.processor_time() - before;
    assert!(used < Duration::from_secs(1), "{used:?} of two seconds");
}

#[test]
fn memory_is_limited_for_each_request_and_tenant_and_what_has_too_little_says_so() {
    let sandbox = sandbox();
    // A reference on each line takes many times the memory that it takes as text.
    let lines = |lines: usize| json!({"repo_id": "a/b", "file_path": "a.py", "content": "f()\n".repeat(lines)});
    let service = Service::start_with(&sandbox, &[("ASTLAS_FUNCTIONS_INSTANCE_MEMORY", "12582912")]);
    assert_eq!(service.post("/api/v1/ast/parse", &lines(10)).0, 200);
    let (status, answer) = service.post("/api/v1/ast/parse", &lines(100_000));
    assert_eq!(status, 500, "{answer}");
    assert!(answer["detail"].as_str().unwrap().contains("more than 12 MiB of memory"), "{answer}");
    assert_eq!(service.metrics()["astlas_errors_total{kind=\"memory-limit\"}"], 1.0);
    assert_eq!(service.post("/api/v1/ast/parse", &lines(10)).0, 200);
    assert!(service.stop());

    let variables = ["INSTANCE_MEMORY", "TENANT_MEMORY"].map(|name| (format!("ASTLAS_FUNCTIONS_{name}"), "67108864"));
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let service = Service::start_with(&sandbox, &[&variables[..], &[("ASTLAS_FUNCTIONS_WARM_BYTES", "0")]].concat());
    let asked: Vec<_> = thread::scope(|scope| {
        let ask = || {
            let body = lines(100_000).to_string().into_bytes();
            let response = service.send("POST", "/api/v1/ast/parse", &[], body);
            (response.status().as_u16(), header(&response, "retry-after").map(str::to_owned))
        };
        let asked: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert!(asked.iter().all(|(status, _)| [200, 429].contains(status)), "{asked:?}");
    assert!(asked.contains(&(429, Some("1".into()))), "{asked:?}");
    assert_eq!(service.post("/api/v1/ast/parse", &lines(100_000)).0, 200);
}

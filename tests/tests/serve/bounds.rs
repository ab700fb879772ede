//! What one request may take of time and memory, and what becomes of one that wants more.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::service::{PATIENCE, Service, header, sandbox};

/// Long brackets of Lua that never end: every one of them is looked for up to the end of the file.
fn stuck() -> Value {
    json!({"repo_id": "a/b", "file_path": "a.lua", "content": "[=[".repeat(300_000)})
}

#[test]
fn a_stage_that_is_stuck_ends_within_a_second_of_its_time_and_others_go_on() {
    let sandbox = sandbox();
    let service = Service::start_with(&sandbox, &[("ASTLAS_HTTP_TIME_LIMIT", "2")]);
    let small = json!({"repo_id": "a/b", "file_path": "a.py", "content": "def run(): pass\n"});
    assert_eq!(service.post("/api/v1/ast/parse", &small).0, 200);
    thread::scope(|scope| {
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(|| service.post("/api/v1/ast/parse", &stuck()))).collect();
        thread::sleep(Duration::from_millis(500));
        // Others are answered meanwhile.
        for _ in 0..5 {
            assert_eq!(service.post("/api/v1/ast/parse", &small).0, 200);
        }
        for asked in asked {
            let (status, answer) = asked.join().unwrap();
            assert_eq!(status, 503, "{answer}");
        }
    });
    assert!(service.metrics()["astlas_errors_total{kind=\"time-limit\"}"] >= 4.0);
    thread::sleep(Duration::from_secs(1));
    let before = service.processor_time();
    thread::sleep(Duration::from_secs(2));
    // One that went on would have one of the cores.
    let used = service.processor_time() - before;
    assert!(used < Duration::from_secs(1), "{used:?} of two seconds");
    assert_eq!(service.post("/api/v1/ast/parse", &small).0, 200);
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

    for (setting, status) in [("ASTLAS_FUNCTIONS_TENANT_MEMORY", 429), ("ASTLAS_FUNCTIONS_MEMORY", 503)] {
        let variables = [(setting, "12582912"), ("ASTLAS_FUNCTIONS_WARM_BYTES", "0")];
        let service = Service::start_with(&sandbox, &variables);
        let body = lines(100_000).to_string().into_bytes();
        let response = service.send("POST", "/api/v1/ast/parse", &[], body);
        assert_eq!((response.status().as_u16(), header(&response, "retry-after")), (status, Some("1")), "{setting}");
        assert_eq!(service.post("/api/v1/ast/parse", &lines(10)).0, 200);
    }
}

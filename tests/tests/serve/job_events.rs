//! A job's progress as server-sent events.

use std::{
    io::{BufRead, BufReader, Write},
    thread,
    time::{Duration, Instant},
};

use astlas_tests::Sandbox;
use serde_json::Value;

use crate::service::{PATIENCE, Service, archive, sandbox};

#[test]
fn a_job_is_followed_to_its_end() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    let job = service.begin("c1", None, archive(&sandbox));
    let mut stream = service.connect();
    let head = format!("GET {job}/events HTTP/1.1\r\nhost: a\r\naccept-encoding: gzip\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let (begun, mut heard, mut states) = (Instant::now(), String::new(), vec![]);
    // The connection stays open: the last chunk says that there is no more.
    for line in BufReader::new(stream).lines().map(Result::unwrap) {
        heard += &format!("{line}\n");
        if let Some(data) = line.strip_prefix("data: ") {
            let job: Value = serde_json::from_str(data).unwrap();
            states.push(job["state"].as_str().unwrap().to_owned());
        }
        if line == "0" {
            break;
        }
        assert!(begun.elapsed() < PATIENCE, "{heard}");
    }
    let head = heard.split("\n\n").next().unwrap();
    assert!(head.starts_with("HTTP/1.1 200 ") && head.contains("content-type: text/event-stream"), "{head}");
    assert!(!head.contains("content-encoding") && head.contains("cache-control: no-store"), "{head}");
    assert!(heard.contains("event: progress\ndata: "), "{heard}");
    assert_eq!(states.last().map(String::as_str), Some("done"), "{heard}");
    states.dedup();
    assert!(states.len() <= 3, "{states:?}");

    let (status, problem) = service.ask("GET", "/api/v1/jobs/none/events", vec![]);
    assert_eq!((status, problem["type"].as_str()), (404, Some("/docs#unknown-job")));
}

/// A repository that takes a while.
fn large() -> Sandbox {
    let sandbox = sandbox();
    for file in 0..400 {
        let functions: String =
            (0..60).map(|it| format!("def run{file}_{it}(text):\n    return run{it}(text)\n\n")).collect();
        sandbox.write(&format!("more/part{file}.py"), functions.as_bytes());
    }
    sandbox
}

#[test]
fn a_listener_does_not_hold_up_the_end() {
    let sandbox = large();
    let service = Service::start(&sandbox);
    let job = service.begin("c1", None, archive(&sandbox));
    let mut stream = service.connect();
    stream.write_all(format!("GET {job}/events HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).unwrap();
    let mut first = String::new();
    BufReader::new(stream.try_clone().unwrap()).read_line(&mut first).unwrap();
    assert!(first.starts_with("HTTP/1.1 200 "), "{first}");
    let begun = Instant::now();
    assert!(service.stop());
    // The grace of half a minute is for those who would otherwise lose something.
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

#[test]
fn whoever_asks_twice_does_not_wait_for_jobs() {
    let sandbox = large();
    let service = Service::start(&sandbox);
    service.begin("c1", None, archive(&sandbox));
    service.tell_to_stop();
    thread::sleep(Duration::from_millis(300));
    let begun = Instant::now();
    service.tell_to_stop();
    let (is_well, lines) = service.ended();
    assert!(is_well && begun.elapsed() < Duration::from_secs(2), "{:?} {lines:?}", begun.elapsed());
    assert!(lines.iter().any(|line| line.contains("jobs that wait are given up")), "{lines:?}");
}

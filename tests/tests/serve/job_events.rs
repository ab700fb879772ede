//! A job's progress as server-sent events.

use std::{
    io::{BufRead, BufReader, Write},
    sync::mpsc::{Sender, channel},
    time::Instant,
};

use astlas_test_servers::{ANYWHERE, serve};
use astlas_tests::Sandbox;
use serde_json::Value;

use crate::service::{PATIENCE, Service, archive, sandbox, until};

const SECRET: &str = "what only two know";

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

/// A service with a job that fetches an archive from a forge, which does not answer until the sender goes; and the path of
/// the job.
fn held(sandbox: &Sandbox) -> (Service, String, Sender<()>) {
    let (let_go, held) = channel::<()>();
    let forge = serve(ANYWHERE, move |_, _| {
        let _ = held.recv();
        ("404 Not Found", String::new(), vec![])
    });
    let variables = [("ASTLAS_FORGE_API", forge.as_str()), ("ASTLAS_FORGE_SECRET", SECRET)];
    let service = Service::start_with(sandbox, &variables);
    let job = service.told_of_push("c1", SECRET).unwrap();
    (service, job, let_go)
}

#[test]
fn a_listener_does_not_hold_up_the_end() {
    let sandbox = sandbox();
    let (service, job, let_go) = held(&sandbox);
    let mut stream = service.connect();
    stream.write_all(format!("GET {job}/events HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).unwrap();
    let mut lines = BufReader::new(stream).lines().map(Result::unwrap);
    let first = lines.next().unwrap();
    assert!(first.starts_with("HTTP/1.1 200 "), "{first}");
    service.tell_to_stop();
    // The listener's connection comes to its end, and the job does not.
    let heard: Vec<String> = lines.collect();
    let_go.send(()).unwrap();
    let over = |line: &String| line.contains("\"state\":\"done\"") || line.contains("\"state\":\"failed\"");
    assert!(!heard.iter().any(over), "{heard:?}");
    drop(let_go);
    assert!(service.ended().0);
}

#[test]
fn whoever_asks_twice_does_not_wait_for_jobs() {
    let sandbox = sandbox();
    let (mut service, _, let_go) = held(&sandbox);
    until(|| {
        let is_running = service.is_running();
        is_running.then(|| service.tell_to_stop());
        (!is_running).then_some(())
    });
    // The job would not be over before this.
    let_go.send(()).unwrap();
    let (is_well, lines) = service.ended();
    assert!(is_well, "{lines:?}");
    assert!(lines.iter().any(|line| line.contains("jobs that wait are given up")), "{lines:?}");
}

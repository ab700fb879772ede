//! The program as the first process of a container.

use std::{
    io::{Read, Write},
    time::Instant,
};

use serde_json::json;

use crate::{
    image::Image,
    running::{PATIENCE, Running},
};

/// Whoever reaches it may ask. Without this nobody may, as it listens to other machines, too.
const OPEN: (&str, &str) = ("ASTLAS_IDENTITY_ANONYMOUS_TENANT", "local");
/// How long it would wait for what is under way, in seconds: longer than anything takes here, so that it ends because there
/// is nothing any more.
const GRACE: &str = "600";

#[test]
fn it_is_nobody_and_writes_to_its_cache_alone() {
    let running = Running::start(&Image::shared(), &[OPEN], &[]);
    let status = running.inside("10001:10001", "printf '%s' \"$(</proc/1/status)\"").ok();
    let is_said = |line: &str| status.lines().any(|found| found.split_whitespace().eq(line.split_whitespace()));
    for line in [
        "Name: astlas",
        "Uid: 10001 10001 10001 10001",
        "Gid: 10001 10001 10001 10001",
        "CapEff: 0000000000000000",
        "CapBnd: 0000000000000000",
        "NoNewPrivs: 1",
        "Seccomp: 2",
    ] {
        assert!(is_said(line), "{line}: {status}");
    }
    // Root may write wherever anybody may: it is the mount that says no.
    for folder in ["", "/etc", "/usr/local/bin", "/var", "/tmp", "/run", "/var/cache"] {
        let tried = running.inside("0:0", &format!("echo > {folder}/written"));
        assert_ne!(tried.code, Some(0), "{folder}");
        let is_not_there = tried.stderr.contains("No such file");
        assert!(tried.stderr.contains("Read-only file system") || is_not_there, "{folder}: {}", tried.stderr);
    }
    // What it does not keep beside itself it keeps there: compiled components, at least.
    let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): pass\n"}).to_string();
    let answer = ureq::post(format!("{}/api/v1/ast/parse", running.address())).send(body).unwrap();
    assert_eq!(answer.status(), 200);
    let kept = running.inside("10001:10001", "echo /var/cache/astlas/components/*").ok();
    assert!(kept.contains("parser-"), "{kept}");
    running.inside("10001:10001", "echo > /var/cache/astlas/written").ok();
}

#[test]
fn the_check_of_the_image_tells_health_from_a_standstill() {
    let running = Running::start(&Image::shared(), &[], &[]);
    // On a busy machine it may take longer than it has.
    running.until("it is healthy", || running.is_healthy());
    running.signal("SIGSTOP");
    running.until("it stands still", || {
        let begun = Instant::now();
        let is_healthy = running.is_healthy();
        // It gives up by itself, whoever runs it.
        assert!(begun.elapsed() < PATIENCE);
        !is_healthy
    });
    running.signal("SIGCONT");
    running.until("it is healthy again", || running.is_healthy());
    // Neither it nor the program leaves anything behind: there is the program, and the bash that looks.
    running.until("nobody else is there", || {
        let processes = running.inside("10001:10001", "echo $$ /proc/[0-9]*").ok();
        let (own, processes) = processes.trim().split_once(' ').unwrap();
        processes == format!("/proc/1 /proc/{own}")
    });
}

#[test]
fn it_ends_by_a_signal_when_what_is_under_way_is_answered() {
    let image = Image::shared();
    for signal in ["SIGTERM", "SIGINT"] {
        let running = Running::start(&image, &[OPEN, ("ASTLAS_HTTP_GRACE", GRACE)], &[]);
        let body = json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): pass\n"}).to_string();
        let head = format!("POST /api/v1/ast/parse HTTP/1.1\r\nhost: a\r\ncontent-length: {}\r\n\r\n", body.len());
        let mut slow = running.connect().unwrap();
        slow.write_all((head + &body[..10]).as_bytes()).unwrap();
        // Others are served meanwhile, so that one is, too.
        running.until("another one is served", || running.get("/health/ready") == Some(200));
        let begun = Instant::now();
        running.signal(signal);
        running.until("nobody else is let in", || running.connect().is_err());
        slow.write_all(&body.as_bytes()[10..]).unwrap();
        let mut answer = String::new();
        slow.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 "), "{signal}: {answer}");
        assert_eq!(running.ended(), 0, "{signal}: {}", running.said());
        assert!(begun.elapsed() < PATIENCE, "{signal}: after {:?}", begun.elapsed());
    }
}

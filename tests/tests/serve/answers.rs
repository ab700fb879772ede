//! The service, through its port: an archive goes in, answers come out, the same as the command line's.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use astlas_tests::Sandbox;
use serde_json::{Value, json};

/// A service that ends with the test.
struct Service {
    process: Child,
    address: String,
}

impl Service {
    fn start(sandbox: &Sandbox) -> Self {
        let mut command = sandbox.command();
        command.args(["serve", "--listen", "127.0.0.1:0"]);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on ").unwrap_or_else(|| panic!("{first}")).to_owned();
        // Read on, so that the service never waits for us.
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("service: {line}")));
        Self { process, address }
    }

    fn ask(&self, method: &str, path: &str, body: Vec<u8>) -> (u16, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address));
        let mut response = agent.run(request.body(body).unwrap()).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask("POST", path, body.to_string().into_bytes())
    }

    fn index(&self, commit: &str, base: Option<&str>, archive: Vec<u8>) -> Value {
        let (status, stored) = self.ask("PUT", &format!("/api/v1/repos/acme/app/{commit}/archive"), archive);
        assert_eq!(status, 201, "{stored}");
        let job = json!({"repo_id": "acme/app", "commit_sha": commit, "base_sha": base});
        let (status, started) = self.post("/api/v1/jobs/index_repo", &job);
        assert_eq!(status, 202, "{started}");
        let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
        let begun = Instant::now();
        loop {
            let (_, job) = self.ask("GET", &path, vec![]);
            if job["state"] == "done" || job["state"] == "failed" {
                return job;
            }
            assert!(begun.elapsed() < Duration::from_secs(120), "{job}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Asks it to stop, and waits until it has.
    fn stop(mut self) -> bool {
        let status = Command::new("kill").arg(self.process.id().to_string()).status().unwrap();
        status.success() && self.process.wait().unwrap().success()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The sandbox's tree as a tar.
fn archive(sandbox: &Sandbox) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    tar.append_dir_all("app-main", sandbox.tree()).unwrap();
    tar.into_inner().unwrap()
}

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with(&[]);
    for file in 0..12 {
        let next = (file + 1) % 12;
        let text =
            format!("from app.part{next} import run{next}\n\n\ndef run{file}(text):\n    return run{next}(text)\n");
        sandbox.write(&format!("app/part{file}.py"), text.as_bytes());
    }
    sandbox
}

#[test]
fn an_archive_is_answered_as_the_folder_is() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    assert_eq!(service.ask("GET", "/health/live", vec![]).0, 200);
    let job = service.index("c1", None, archive(&sandbox));
    assert_eq!((&job["state"], &job["result"]["files"]), (&json!("done"), &json!(12)), "{job}");

    let commit = |more: Value| {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c1"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let (status, map) =
        service.post("/api/v1/repomap", &commit(json!({"context_files": ["app/part3.py"], "max_tokens": 150})));
    assert_eq!(status, 200, "{map}");
    let printed = sandbox.run("map", &["--context", "app/part3.py", "--tokens", "150"]).ok();
    assert_eq!(map["repomap"], printed);
    let (_, ranked) =
        service.post("/api/v1/graph/important_files", &commit(json!({"context_files": ["app/part3.py"]})));
    let printed: Value =
        serde_json::from_str(&sandbox.run("rank", &["--context", "app/part3.py", "--format", "json"]).ok()).unwrap();
    assert_eq!(ranked["files"], printed);
    let (_, users) = service.post("/api/v1/graph/dependents", &commit(json!({"file_path": "app/part3.py"})));
    assert_eq!(users["dependents"][0]["file"], "app/part2.py");
    let (_, cycles) = service.post("/api/v1/graph/cycles", &commit(json!({})));
    assert_eq!(cycles["cycles"][0]["files"].as_array().unwrap().len(), 12);
    let (_, symbols) = service.post("/api/v1/symbols/search", &commit(json!({"symbol": "run7"})));
    assert_eq!(symbols["symbols"][0]["file"], "app/part7.py");
    let body = json!({"repo_id": "acme/app", "file_path": "a.py", "content": "def run(): go()\n"});
    assert_eq!(service.post("/api/v1/ast/parse", &body).1["tags"][1]["name"], "go");
    assert_eq!(service.ask("GET", "/openapi.json", vec![]).1["openapi"], "3.1.0");

    sandbox.write("app/part4.py", b"def run4(text):\n    return text\n");
    let job = service.index("c2", Some("c1"), archive(&sandbox));
    assert_eq!((&job["result"]["parsed"], &job["result"]["updated"]), (&json!(1), &json!(true)), "{job}");
    assert!(service.stop());
    // What was indexed is there when the service starts again.
    let service = Service::start(&sandbox);
    let (_, cycles) = service.post("/api/v1/graph/cycles", &json!({"repo_id": "acme/app", "commit_sha": "c2"}));
    assert_eq!(cycles["cycles"], json!([]));
}

#[test]
fn what_is_wrong_is_a_problem_and_the_service_goes_on() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    for (method, path, body, status) in [
        ("GET", "/", "", 404),
        ("GET", "/api/v1/nothing", "", 404),
        ("POST", "/pubsub/push", "{}", 404),
        ("GET", "/api/v1/repomap", "", 405),
        ("POST", "/api/v1/repomap", "{", 400),
        ("POST", "/api/v1/repomap", "{}", 422),
        ("POST", "/api/v1/repomap", "{\"repo_id\": \"a\", \"commit_sha\": \"b\"}", 404),
        ("PUT", "/api/v1/repos/a/b/archive", "", 422),
        ("GET", "/api/v1/jobs/none", "", 404),
    ] {
        let (found, problem) = service.ask(method, path, body.as_bytes().to_vec());
        assert_eq!(found, status, "{method} {path} {body}: {problem}");
        assert!(problem["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{method} {path}: {problem}");
    }
    let job = service.index("bad", None, b"no archive at all".to_vec());
    assert_eq!(job["state"], "failed", "{job}");
    // A source that stops the parser costs itself alone.
    let deep = format!("x = {}1{}", "(".repeat(300_000), ")".repeat(300_000));
    let files = json!({"repo_id": "a", "files": {"deep.py": deep, "plain.py": "def run(): pass\n"}});
    let (status, batch) = service.post("/api/v1/batch/parse", &files);
    assert_eq!((status, &batch["files"][1]["tags"][0]["name"]), (200, &json!("run")));
    assert_eq!(service.ask("GET", "/health/live", vec![]).0, 200);
    assert!(service.stop());
}

#[test]
fn what_cannot_be_served_is_said() {
    let sandbox = sandbox();
    let service = Service::start(&sandbox);
    let taken = service.address.strip_prefix("http://").unwrap();
    let error = sandbox.call(&["serve", "--listen", taken]).error(1);
    assert!(error.contains("cannot listen"), "{error}");
    let error = sandbox.call(&["serve", "--no-cache"]).error(2);
    assert!(error.contains("--no-cache"), "{error}");
    sandbox.call(&["serve", "--listen", "nowhere"]).error(2);
}

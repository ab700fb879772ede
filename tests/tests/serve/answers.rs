//! An archive goes in, answers come out, the same as the command line's.

use serde_json::{Value, json};

use crate::service::{Service, archive, sandbox};

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

//! The HTTP functions as portable code, over ports in memory: every endpoint, and what is wrong with a request.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

#[path = "../parity/native.rs"]
mod native;

mod jobs;
mod letters;
mod ports;
mod repos;
mod review;
mod takeover;
mod webhook;
mod zip;

use std::io::Write;

use astlas_http::{Body, Method, Problem, ProblemType, Request, Response};
use base64::{Engine, engine::general_purpose::STANDARD};
use ports::Ports;
use serde_json::{Value, json};

const FILES: [(&str, &str); 4] = [
    ("app/main.py", "from app.tools import slugify\n\ndef main(text):\n    return slugify(text)\n"),
    ("app/tools.py", "def slugify(text):\n    return text.lower()\n"),
    ("tests/test_main.py", "from app.main import main\n\ndef test_main():\n    assert main('A') == 'a'\n"),
    ("logo.png", "no source"),
];

/// Both functions over the same ports.
#[derive(Default)]
struct Service {
    ports: Ports,
}

impl Service {
    fn ask(&self, method: &str, path: &str, body: impl Body) -> (u16, Value) {
        let response = self.response(method, path, body);
        let json = if response.body.is_empty() { Value::Null } else { serde_json::from_slice(&response.body).unwrap() };
        (response.status, json)
    }

    fn response(&self, method: &str, path: &str, body: impl Body) -> Response {
        self.signed(method, path, &[], body)
    }

    fn signed(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Body) -> Response {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let (place, query) = (path.to_owned(), query.to_owned());
        let request = Request { method: Method::from_word(method), path: place, query, headers, body };
        let is_read =
            path.starts_with("/api/v1/") && !path.starts_with("/api/v1/jobs") && !path.starts_with("/api/v1/repos");
        match is_read {
            true => pollster::block_on(astlas_query::Function::new(self.ports.clone()).answer(request)),
            false => pollster::block_on(astlas_ingest::Function::new(self.ports.clone()).answer(request)),
        }
    }

    fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.ask("POST", path, Some(body.to_string().into_bytes()))
    }

    /// Delivers what was published, as Pub/Sub does.
    fn deliver(&self) -> Vec<u16> {
        self.ports.published().iter().map(|message| self.push(message)).collect()
    }

    fn push(&self, message: &[u8]) -> u16 {
        self.ask("POST", "/pubsub/push", Some(pushed(message))).0
    }

    /// Sends an archive, starts a job and has it done.
    fn index(&self, commit: &str, base: Option<&str>, archive: Vec<u8>) -> Value {
        let (status, stored) = self.ask("PUT", &format!("/api/v1/repos/acme/app/{commit}/archive"), Some(archive));
        assert_eq!(status, 201, "{stored}");
        let (status, started) = self.post("/api/v1/jobs/index_repo", &with_base(commit, base));
        assert_eq!(status, 202, "{started}");
        let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
        assert_eq!(self.ask("GET", &path, None).1["state"], "queued");
        assert_eq!(self.deliver(), [204]);
        self.ask("GET", &path, None).1
    }
}

/// A message as Pub/Sub pushes it.
fn pushed(message: &[u8]) -> Vec<u8> {
    let push = json!({"message": {"data": STANDARD.encode(message), "messageId": "1"}, "subscription": "s"});
    push.to_string().into_bytes()
}

fn with_base(commit: &str, base: Option<&str>) -> Value {
    json!({"repo_id": "acme/app", "commit_sha": commit, "base_sha": base})
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast()));
    for (path, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        tar.append_data(&mut header, format!("app-main/{path}"), text.as_bytes()).unwrap();
    }
    let mut archive = tar.into_inner().unwrap();
    archive.flush().unwrap();
    archive.finish().unwrap()
}

/// A body that comes in parts, and may break off.
struct Parts(Vec<Vec<u8>>, bool);

impl Body for Parts {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        match self.0.pop() {
            Some(part) => Ok(Some(part)),
            None if self.1 => Err(ProblemType::BodyCutShort.with("the connection broke off; send it again")),
            None => Ok(None),
        }
    }
}

#[test]
fn an_archive_becomes_answers() {
    let service = Service::default();
    let job = service.index("c1", None, archive(&FILES));
    assert_eq!(
        (&job["state"], &job["result"]["files"], &job["result"]["parsed"]),
        (&json!("done"), &json!(3), &json!(3))
    );

    let ask = |path: &str, more: Value| {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c1"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (status, answer) = service.post(path, &body);
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    };
    let used = ask("/api/v1/graph/dependencies", json!({"file_path": "tests/test_main.py", "depth": 0}));
    assert_eq!(used["dependencies"][0]["file"], "app/main.py");
    assert_eq!(
        (&used["dependencies"][1]["file"], &used["dependencies"][1]["depth"]),
        (&json!("app/tools.py"), &json!(2))
    );
    let users = ask("/api/v1/graph/dependents", json!({"file_path": "app/tools.py"}));
    assert_eq!(users["dependents"].as_array().unwrap().len(), 1);
    let important =
        ask("/api/v1/graph/important_files", json!({"context_files": ["app/main.py", "gone.py"], "limit": 1}));
    assert_eq!(important["files"].as_array().unwrap().len(), 1);
    assert_eq!(important["unknown_files"], json!(["gone.py"]));
    for strategy in ["pagerank", "betweenness", "degree"] {
        let ranked = ask("/api/v1/graph/important_files", json!({"strategy": strategy}));
        assert_eq!(ranked["files"].as_array().unwrap().len(), 3, "{strategy}");
    }
    assert_eq!(ask("/api/v1/graph/cycles", json!({}))["cycles"], json!([]));
    assert!(ask("/api/v1/graph/communities", json!({}))["modularity"].is_f64());
    let found = ask("/api/v1/symbols/search", json!({"symbol": "slugify"}));
    let first = &found["symbols"][0];
    assert_eq!(
        (&first["file"], &first["line"], &first["type"]),
        (&json!("app/tools.py"), &json!(1), &json!("function"))
    );
    assert_eq!(ask("/api/v1/symbols/fuzzy", json!({"pattern": "slgf"}))["symbols"][0]["name"], "slugify");
    let map = ask("/api/v1/repomap", json!({"context_files": ["app/main.py"], "max_tokens": 200}));
    assert!(map["repomap"].as_str().unwrap().contains("def slugify(text):"), "{map}");
    assert!(map["tokens"].as_u64().unwrap() <= 200);
}

#[test]
fn a_commit_after_another_takes_over_what_did_not_change() {
    let service = Service::default();
    service.index("c1", None, archive(&FILES));
    let mut files = FILES;
    files[1].1 = "def slugify(text):\n    return text.upper()\n\ndef other():\n    pass\n";
    let job = service.index("c2", Some("c1"), archive(&files));
    assert_eq!((&job["result"]["parsed"], &job["result"]["cached"]), (&json!(1), &json!(2)), "{job}");
    let search = |commit: &str| {
        let body = json!({"repo_id": "acme/app", "commit_sha": commit, "symbol": "other"});
        service.post("/api/v1/symbols/search", &body).1["symbols"].as_array().unwrap().len()
    };
    assert_eq!((search("c1"), search("c2")), (0, 1));
    // A message that comes twice changes nothing.
    let (_, started) = service.post("/api/v1/jobs/index_repo", &with_base("c2", Some("c1")));
    assert_eq!(started["job_id"], job["job_id"]);
    assert_eq!(service.deliver(), [204]);
    assert_eq!(search("c2"), 1);
}

#[test]
fn sources_are_parsed_once() {
    let service = Service::default();
    let body = json!({"repo_id": "acme/app", "file_path": "a.py", "content": "def run(): go()\n"});
    for hit in [false, true] {
        let (status, parsed) = service.post("/api/v1/ast/parse", &body);
        assert_eq!((status, &parsed["cache_hit"], &parsed["language"]), (200, &json!(hit), &json!("python")));
        assert_eq!((&parsed["tags"][0]["name"], &parsed["tags"][0]["kind"]), (&json!("run"), &json!("def")));
        assert!(parsed["latency_ms"].as_f64().unwrap() > 0.0);
    }
    let files =
        json!({"repo_id": "acme/app", "files": {"a.py": "def run(): go()\n", "b.rs": "fn main() {}", "c.zzz": ""}});
    let (status, batch) = service.post("/api/v1/batch/parse", &files);
    assert_eq!((status, batch["files"].as_array().unwrap().len()), (200, 2));
    assert_eq!((&batch["files"][0]["cache_hit"], &batch["files"][1]["cache_hit"]), (&json!(true), &json!(false)));
    assert_eq!(batch["unknown_language"], json!(["c.zzz"]));
}

#[test]
fn what_is_wrong_with_a_request_is_said() {
    let service = Service::default();
    service.index("c1", None, archive(&FILES));
    let known = |more: &str| format!("{{\"repo_id\": \"acme/app\", \"commit_sha\": \"c1\"{more}}}");
    let dependencies = "/api/v1/graph/dependencies";
    for (method, path, body, status, word) in [
        ("POST", "/api/v1/nothing", String::new(), 404, "not-found"),
        ("GET", dependencies, String::new(), 405, "method-not-allowed"),
        ("PATCH", dependencies, String::new(), 405, "method-not-allowed"),
        ("POST", "/openapi.json", String::new(), 405, "method-not-allowed"),
        ("POST", "/api/v1/repos/acme/app/pin", String::new(), 405, "method-not-allowed"),
        ("POST", dependencies, "{".into(), 400, "malformed-json"),
        ("POST", dependencies, known(""), 422, "invalid-request"),
        ("POST", dependencies, known(", \"file_path\": 1"), 422, "invalid-request"),
        ("POST", dependencies, known(", \"file_path\": \"a\", \"depth\": -1"), 422, "invalid-request"),
        ("POST", dependencies, known(", \"file_path\": \"a\", \"more\": 1"), 422, "invalid-request"),
        ("POST", dependencies, known(", \"file_path\": \"gone.py\""), 404, "unknown-file"),
        ("POST", dependencies, known(", \"file_path\": \"a\"").replace("c1", "c9"), 404, "unknown-commit"),
        (
            "POST",
            dependencies,
            known(", \"file_path\": \"a\"").replace("acme/app", "acme/../x"),
            422,
            "invalid-request",
        ),
        ("POST", "/api/v1/symbols/search", known(", \"symbol\": \" \""), 422, "invalid-request"),
        (
            "POST",
            "/api/v1/ast/parse",
            "{\"repo_id\": \"a\", \"file_path\": \"a.zzz\", \"content\": \"\"}".into(),
            422,
            "unknown-language",
        ),
        ("GET", "/api/v1/jobs/0", String::new(), 404, "unknown-job"),
        ("POST", "/api/v1/jobs/index_repo", known("").replace("c1", "c9"), 404, "unknown-commit"),
        ("PUT", "/api/v1/repos/acme/app/c2/archive", String::new(), 422, "invalid-request"),
        ("PUT", "/api/v1/repos/acme/../c2/archive", "x".into(), 422, "invalid-request"),
        ("PUT", "/api/v1/repos/c2/archive", "x".into(), 405, "method-not-allowed"),
        ("POST", "/pubsub/push", "{}".into(), 422, "invalid-request"),
        ("POST", "/pubsub/push", "{\"message\": {\"data\": \"?\"}}".into(), 422, "invalid-request"),
        ("POST", "/pubsub/push", "{\"message\": {\"data\": \"e30=\"}}".into(), 422, "invalid-request"),
    ] {
        let (found, problem) = service.ask(method, path, Some(body.clone().into_bytes()));
        assert_eq!(found, status, "{method} {path} {body}: {problem}");
        assert_eq!(problem["type"], format!("/docs#{word}"), "{method} {path} {body}: {problem}");
        assert_eq!(problem["status"], status);
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
    let allowed = service.response("GET", dependencies, None);
    assert!(
        allowed.headers.contains(&("allow", "POST".into()))
            && allowed.headers.contains(&("content-type", "application/problem+json".into()))
    );
    let (status, problem) =
        service.post(dependencies, &json!({"repo_id": "acme/app", "commit_sha": "c9", "file_path": "a"}));
    assert!(status == 404 && problem["detail"].as_str().unwrap().contains("PUT /api/v1/repos/acme/app/c9/archive"));
    let long = Parts(vec![vec![b' '; 1 << 20]; 65], false);
    assert_eq!(service.ask("POST", dependencies, long).0, 413);
}

#[test]
fn archives_that_cannot_be_used_leave_nothing_behind() {
    let service = Service::default();
    let whole = archive(&FILES);
    let cut = Parts(vec![whole[..50].to_vec()], true);
    assert_eq!(service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", cut).0, 400);
    assert!(service.ports.blobs().is_empty());
    for (commit, archive, words) in [
        ("short", whole[..60].to_vec(), "cannot be read"),
        ("text", b"no archive".to_vec(), "cannot be read"),
        ("images", archive(&[("a.png", "x")]), "no file of the commit"),
    ] {
        let job = service.index(commit, None, archive);
        assert_eq!(job["state"], "failed", "{job}");
        assert!(job["error"].as_str().unwrap().contains(words), "{job}");
        let body = json!({"repo_id": "acme/app", "commit_sha": commit});
        assert_eq!(service.post("/api/v1/graph/cycles", &body).0, 404);
    }
    // In parts, and larger than one is handed on.
    let large = "# a comment that is long enough\n".repeat(300_000);
    let tar = archive(&[("a.py", &large), ("b.py", "def b(): pass\n")]);
    let mut parts: Vec<Vec<u8>> = tar.chunks(1000).map(<[u8]>::to_vec).collect();
    parts.reverse();
    assert_eq!(service.ask("PUT", "/api/v1/repos/acme/app/c2/archive", Parts(parts, false)).1["size"], tar.len());
}

#[test]
fn what_cannot_be_reached_is_asked_again_later() {
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(archive(&FILES)));
    let (_, started) = service.post("/api/v1/jobs/index_repo", &with_base("c1", None));
    let messages = service.ports.published();
    service.ports.set_down(true);
    let push = json!({"message": {"data": STANDARD.encode(&messages[0])}});
    assert_eq!(service.post("/pubsub/push", &push).0, 503);
    assert_eq!(service.ask("PUT", "/api/v1/repos/acme/app/c2/archive", Some(vec![1])).0, 503);
    assert_eq!(service.post("/api/v1/jobs/index_repo", &with_base("c1", None)).0, 503);
    service.ports.set_down(false);
    assert_eq!(service.post("/pubsub/push", &push).0, 204);
    let path = format!("/api/v1/jobs/{}", started["job_id"].as_str().unwrap());
    assert_eq!(service.ask("GET", &path, None).1["state"], "done");
}

#[test]
fn the_openapi_document_holds_every_operation_and_all_it_refers_to() {
    let service = Service::default();
    let (status, document) = service.ask("GET", "/openapi.json", None);
    assert_eq!((status, &document["openapi"]), (200, &json!("3.1.0")));
    for operation in astlas_query::Operation::ALL {
        let post = &document["paths"][operation.path()]["post"];
        for place in
            ["/requestBody/content/application~1json/schema", "/responses/200/content/application~1json/schema"]
        {
            assert!(post.pointer(place).is_some_and(Value::is_object), "{operation:?} {place}: {post}");
        }
        assert!(!post["summary"].as_str().unwrap().is_empty());
    }
    let text = document.to_string();
    let references: Vec<&str> = text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(references.len() > 20);
    for reference in references {
        assert!(document.pointer(reference).is_some(), "{reference}");
    }
}

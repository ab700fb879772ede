//! The application over real servers: an archive goes in, answers come out, the same as those of the program over the
//! same bucket.

use std::io::Read;

use astlas_conformance::{Feature, Options};
use astlas_spin_host::Host;
use astlas_test_servers::{Forge, GcsServer, PubSubEmulator, RedisServer};
use astlas_tests::{Sandbox, archives::zip, conforms};
use serde_json::{Value, json};
use ureq::http::Request;

use crate::{
    faults,
    manifest::file,
    service::{PATIENCE, Service, archive, sandbox, until},
};

const PROJECT: &str = "atlas-project";
const SECRET: &str = "It's a Secret to Everybody";
const TOKEN: &str = "token-of-the-forge";

/// The application, and the servers that it stands on.
pub struct Scene {
    pub host: Host,
    redis: RedisServer,
    pub storage: GcsServer,
    forge: Forge,
    _pubsub: PubSubEmulator,
}

impl Scene {
    fn start() -> Self {
        let (redis, storage, pubsub) = (RedisServer::start(), GcsServer::start(), PubSubEmulator::start());
        let forge = Forge::start(TOKEN);
        storage.make_bucket("atlas");
        let host = Host::start(
            &file("spin.toml"),
            &[
                ("redis_url", &redis.url()),
                ("bucket", "atlas"),
                ("storage_url", &storage.address()),
                ("project", PROJECT),
                ("topic", "jobs"),
                ("pubsub_url", &pubsub.address()),
                ("forge_url", forge.address()),
                ("forge_archives_url", forge.archives_address()),
                ("forge_token", TOKEN),
                ("forge_secret", SECRET),
            ],
        );
        pubsub.make_pushed_topic(PROJECT, "jobs", "push", &format!("{}/pubsub/push", host.base_url()));
        Self { host, redis, storage, forge, _pubsub: pubsub }
    }

    /// What the application answers.
    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        answer(&self.host.base_url(), method, path, headers, body)
    }

    /// Has a commit indexed, and waits until it is.
    fn index(&self, body: &Value) -> Value {
        let started = self.ask("POST", "/api/v1/jobs/index_repo", &[], body.to_string().as_bytes());
        assert_eq!(started.0, 202, "{started:?}");
        let path = format!("/api/v1/jobs/{}", started.2["job_id"].as_str().unwrap());
        let over = |job: &Value| job["state"] == "done" || job["state"] == "failed";
        until(|| Some(self.ask("GET", &path, &[], b"").2).filter(over))
    }

    /// The program over the same bucket, with these variables beside.
    fn program(&self, sandbox: &Sandbox, bucket: &str, more: &[(&str, &str)]) -> Service {
        let storage = self.storage.address();
        let mut variables = vec![("ASTLAS_BLOBS_BUCKET", bucket), ("ASTLAS_BLOBS_ENDPOINT", &storage)];
        variables.extend(more);
        Service::start_with(sandbox, &variables)
    }
}

/// Status, `Allow` and `Content-Type`, body.
pub type Answer = (u16, [Option<String>; 2], Value);

pub fn answer(base: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
    let agent = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
    let agent: ureq::Agent = agent.build().into();
    let mut request = Request::builder().method(method).uri(format!("{base}{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut response = agent.run(request.body(body.to_vec()).unwrap()).unwrap();
    let mut bytes = vec![];
    response.body_mut().as_reader().read_to_end(&mut bytes).unwrap();
    let header =
        |name| response.headers().get(name).map(|value: &ureq::http::HeaderValue| value.to_str().unwrap().to_owned());
    let length = header("content-length");
    assert_eq!(length.as_deref(), (response.status() != 204).then(|| bytes.len().to_string()).as_deref(), "{path}");
    let mut said = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    if let Some(said) = said.as_object_mut() {
        // How long it took is never the same.
        said.remove("latency_ms");
    }
    (response.status().as_u16(), ["allow", "content-type"].map(header), said)
}

/// Questions about a commit, right and wrong ones.
fn questions() -> Vec<(&'static str, &'static str, Value)> {
    let of = |more: Value| {
        let mut body = json!({"repo_id": "acme/app", "commit_sha": "c1"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    vec![
        ("POST", "/api/v1/repomap", of(json!({"context_files": ["app/part3.py"], "max_tokens": 150}))),
        ("POST", "/api/v1/graph/important_files", of(json!({"context_files": ["app/part3.py"]}))),
        ("POST", "/api/v1/graph/dependents", of(json!({"file_path": "app/part3.py"}))),
        ("POST", "/api/v1/graph/cycles", of(json!({}))),
        ("POST", "/api/v1/symbols/search", of(json!({"symbol": "run7", "context_lines": 2}))),
        ("POST", "/api/v1/pr/context", of(json!({"changed_files": ["app/part3.py"]}))),
        ("POST", "/api/v1/ast/parse", json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): go()\n"})),
        ("POST", "/api/v1/repomap", json!({"repo_id": "acme/app", "commit_sha": "unknown"})),
        ("POST", "/api/v1/repomap", json!({})),
        ("POST", "/api/v1/graph/new", json!({})),
        ("GET", "/api/v1/repomap", Value::Null),
        ("GET", "/api/v1/repos", Value::Null),
        ("GET", "/api/v1/jobs/0af1", Value::Null),
    ]
}

/// One test, for compiling the application takes a while.
#[test]
fn the_application_answers_as_the_program_does() {
    let (mut scene, sandbox) = (Scene::start(), sandbox());
    an_archive_is_indexed(&scene, &sandbox);
    it_conforms(&scene);
    the_program_answers_the_same(&scene, &sandbox);
    the_program_finds_what_is_in_redis(&scene, &sandbox);
    a_signed_event_has_the_archive_fetched_and_indexed(&scene);
    what_spin_has_no_word_for_is_not_there(&scene);
    faults::what_is_wrong_with_redis_is_said_once(&scene);
    faults::a_redis_that_stands_still_or_ends_is_found_again(&scene);
    faults::google_is_shown_a_token_of_the_metadata_server(&scene);
    answers_are_made_again_without_redis(&mut scene);
}

/// But for what Spin has no word for.
fn it_conforms(scene: &Scene) {
    let without = vec![Feature::Accounts, Feature::JobEvents, Feature::Pages];
    let webhook_secret = Some(SECRET.to_owned());
    let options = Options { without, webhook_secret, patience: PATIENCE, ..Options::new(scene.host.base_url()) };
    // Three about accounts, one about events of a job, three about pages.
    assert_eq!(conforms(&options), 7);
    // What it sent, it has removed.
    let listing = "/storage/v1/b/atlas/o?prefix=local/archives/conformance";
    let mut left = ureq::get(format!("{}{listing}", scene.storage.address())).call().unwrap();
    let left: Value = serde_json::from_str(&left.body_mut().read_to_string().unwrap()).unwrap();
    assert_eq!(left["items"], Value::Null, "{left}");
}

fn what_spin_has_no_word_for_is_not_there(scene: &Scene) {
    for path in ["health", "health/live", "health/ready", "metrics", "docs", "api/v1/keys", "api/v1/usage"] {
        assert_eq!(scene.ask("GET", &format!("/{path}"), &[], b"").0, 404, "{path}");
    }
    assert_eq!(scene.ask("GET", "/api/v1/jobs/0af1/events", &[], b"").0, 404);
}

fn an_archive_is_indexed(scene: &Scene, sandbox: &Sandbox) {
    // More than one part of an upload.
    sandbox.write(
        "data.bin",
        &(0..9u32 << 18).flat_map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()).collect::<Vec<_>>(),
    );
    let stored = scene.ask("PUT", "/api/v1/repos/acme/app/c1/archive", &[], &archive(sandbox));
    assert_eq!(stored.0, 201, "{stored:?}");
    let job = scene.index(&json!({"repo_id": "acme/app", "commit_sha": "c1"}));
    assert_eq!((&job["state"], &job["result"]["files"]), (&json!("done"), &json!(12)), "{job}");
}

/// Over a cache of its own, by itself.
fn the_program_answers_the_same(scene: &Scene, sandbox: &Sandbox) {
    let program = scene.program(sandbox, "atlas", &[]);
    for (method, path, body) in questions() {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let asked =
            [&program.address, &scene.host.base_url()].map(|base| answer(base, method, path, &[], body.as_bytes()));
        assert_eq!(asked[0], asked[1], "{method} {path}");
    }
}

/// Over the same Redis, it has what was answered already: its own bucket is empty.
fn the_program_finds_what_is_in_redis(scene: &Scene, sandbox: &Sandbox) {
    scene.storage.make_bucket("empty");
    let program = scene.program(sandbox, "empty", &[("ASTLAS_CACHE_URL", &scene.redis.url())]);
    let (method, path, body) = questions().swap_remove(0);
    // A Redis that took more than a second counts as gone, and keeps nothing.
    until(|| {
        let kept = scene.ask(method, path, &[], body.to_string().as_bytes());
        assert_eq!(kept.0, 200, "{kept:?}");
        let asked = answer(&program.address, method, path, &[], body.to_string().as_bytes());
        assert!(asked == kept || asked.0 == 404, "{asked:?}");
        (asked == kept).then_some(())
    });
}

fn answers_are_made_again_without_redis(scene: &mut Scene) {
    scene.redis.kill();
    for (method, path, body) in questions().into_iter().take(2) {
        let asked = scene.ask(method, path, &[], body.to_string().as_bytes());
        assert_eq!(asked.0, 200, "{asked:?}");
    }
}

fn a_signed_event_has_the_archive_fetched_and_indexed(scene: &Scene) {
    let source: &[(&str, &[u8])] =
        &[("app-c2/a.py", b"from b import go\n\n\ndef run():\n    go()\n"), ("app-c2/b.py", b"def go():\n    pass\n")];
    scene.forge.push("acme/app", "c2", zip(source));
    let event = json!({
        "ref": "refs/heads/main", "before": "0".repeat(40), "after": "c2", "deleted": false,
        "repository": {"full_name": "acme/app", "default_branch": "main"},
    });
    let event = event.to_string();
    let signature = Forge::signature(SECRET, event.as_bytes());
    let headers =
        |signature| [("X-GitHub-Event", "push"), ("X-GitHub-Delivery", "1"), ("X-Hub-Signature-256", signature)];
    let forged = scene.ask("POST", "/webhooks/github", &headers("sha256=00"), event.as_bytes());
    assert_eq!(forged.0, 401, "{forged:?}");
    let taken = scene.ask("POST", "/webhooks/github", &headers(&signature), event.as_bytes());
    assert_eq!(taken.0, 202, "{taken:?}");
    assert_eq!(taken.2["jobs"].as_array().map(Vec::len), Some(1), "{taken:?}");
    // Where Redis was slow, nobody remembered it.
    until(|| {
        let again = scene.ask("POST", "/webhooks/github", &headers(&signature), event.as_bytes());
        (again.2["jobs"] == json!([])).then_some(())
    });
    let question = json!({"repo_id": "acme/app", "commit_sha": "c2", "file_path": "b.py"}).to_string();
    let asked = until(|| {
        Some(scene.ask("POST", "/api/v1/graph/dependents", &[], question.as_bytes())).filter(|asked| asked.0 == 200)
    });
    assert_eq!(asked.2["dependents"][0]["file"], "a.py");
}

//! Service and worker as on Cloud Run: two containers of the image, told what Cloud Run tells them, over Redis, Cloud
//! Storage and Pub/Sub, which pushes jobs to the worker.

use std::sync::Arc;

use astlas_conformance::Options;
use astlas_test_servers::{GcsServer, PubSubEmulator, RedisServer};
use astlas_tests::{
    conforms,
    faults::{place::repository, user::User},
};
use serde_json::json;

use crate::{
    image::Image,
    running::{PATIENCE, Running},
};

const PROJECT: &str = "acme";
const BUCKET: &str = "sources";
const TOPIC: &str = "astlas-jobs";
/// Most memory of a service that was asked for nothing yet, in bytes.
const AT_REST: u64 = 120_000_000;
const SECRET: &str = "what only two know";

/// What the containers share.
struct Servers {
    redis: RedisServer,
    storage: GcsServer,
    events: PubSubEmulator,
}

impl Servers {
    fn start() -> Self {
        let servers =
            Self { redis: RedisServer::start(), storage: GcsServer::start(), events: PubSubEmulator::start() };
        servers.storage.make_bucket(BUCKET);
        // There is a subscription to what is published before the worker is there.
        servers.events.make_topic(PROJECT, TOPIC, "kept", 60);
        servers
    }

    /// A service, as deploy/cloudrun/service.yaml and worker.yaml have it.
    fn run(&self, image: &Arc<Image>, name: &str) -> Running {
        let (cache, storage, events) = (self.redis.url(), self.storage.address(), self.events.address());
        let revision = format!("{name}-00001-abc");
        let variables = [
            ("K_SERVICE", name),
            ("K_REVISION", &revision),
            ("K_CONFIGURATION", name),
            ("ASTLAS_CACHE_DIR", "/var/cache/astlas"),
            ("ASTLAS_CACHE_URL", &cache),
            ("ASTLAS_BLOBS_BUCKET", BUCKET),
            ("ASTLAS_BLOBS_ENDPOINT", &storage),
            ("ASTLAS_EVENTS_PROJECT", PROJECT),
            ("ASTLAS_EVENTS_TOPIC", TOPIC),
            ("ASTLAS_EVENTS_ENDPOINT", &events),
            ("ASTLAS_HTTP_GRACE", "8"),
            ("ASTLAS_IDENTITY_ANONYMOUS_TENANT", "local"),
            ("ASTLAS_IDENTITY_ANONYMOUS_ROLE", "admin"),
            ("ASTLAS_IDENTITY_PUSH_UNVERIFIED", "true"),
            ("ASTLAS_IDENTITY_FORGE_TENANT", "local"),
            ("ASTLAS_FORGE_SECRET", SECRET),
        ];
        Running::start(image, &variables, &["serve"])
    }

    /// Has jobs pushed to a worker, from now on.
    fn push_to(&self, worker: &Running) {
        let url = format!("{}/v1/projects/{PROJECT}/subscriptions/pushing", self.events.address());
        let body = json!({
            "topic": format!("projects/{PROJECT}/topics/{TOPIC}"),
            "pushConfig": {"pushEndpoint": format!("{}/pubsub/push", worker.address())},
        });
        ureq::put(&url).header("content-type", "application/json").send(body.to_string()).unwrap();
    }
}

/// Prints what a container has taken until now.
fn told(what: &str, container: &Running) {
    let (since, figures) = (container.begun.elapsed(), container.figures());
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    println!(
        "{what}: {} ms from `podman start`, {} ms from exec, {} ms of CPU; resident {:.1} MB, {:.1} MB of it no file's; \
         {:.1} MB in its volume",
        since.as_millis(),
        figures.age.as_millis(),
        figures.processor.as_millis(),
        megabytes(figures.memory),
        megabytes(figures.anonymous),
        megabytes(figures.volume)
    );
}

#[test]
fn what_is_uploaded_is_indexed_by_a_push_and_can_be_asked() {
    let (image, servers) = (Image::shared(), Servers::start());
    let (service, worker) = (servers.run(&image, "astlas"), servers.run(&image, "astlas-worker"));
    servers.push_to(&worker);
    // A tenant has to be there before it has keys; that it is not would be remembered for a while.
    worker.inside("10001:10001", "astlas tenants create local").ok();
    let user = User::of(&service.address());
    assert!(user.send("c1", &repository(30, 1)));
    let job = user.job_over(&user.start("c1").unwrap(), PATIENCE);
    assert_eq!((&job["state"], &job["result"]["files"]), (&json!("done"), &json!(30)), "{job}");
    // It was the worker that did it.
    let parsed = "astlas_stage_duration_seconds_count{function=\"parse\"";
    assert_eq!(user.metric(parsed), Some(0.0));
    assert!(User::of(&worker.address()).metric(parsed) > Some(0.0));
    let users = user.answer("c1", 3).unwrap();
    assert_eq!(users["dependents"].as_array().unwrap().len(), 3, "{users}");
    let answers = user.answers("c1").unwrap();

    // Whoever asks is the administrator of one tenant.
    let webhook_secret = Some(SECRET.to_owned());
    let options = Options { webhook_secret, patience: PATIENCE, ..Options::new(service.address()) };
    assert_eq!(conforms(&options), 0);

    // One that starts later says the same, and what nobody has asked before.
    drop(service);
    let service = servers.run(&image, "astlas");
    told("ready", &service);
    let figures = service.figures();
    assert!(figures.memory < AT_REST, "{figures:?}");
    let user = User::of(&service.address());
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "context_files": ["app/part5.py"]});
    let (status, map) = user.post("/api/v1/repomap", &body).unwrap();
    told("first map", &service);
    assert!(status == 200 && map["repomap"].as_str().is_some_and(|map| map.contains("def run")), "{map}");
    assert_eq!(user.answers("c1").unwrap(), answers);

    // And one that has nothing but what is in the bucket.
    drop(service);
    servers.redis.command("FLUSHALL");
    let service = servers.run(&image, "astlas");
    assert_eq!(User::of(&service.address()).answers("c1").unwrap(), answers);
    told("six questions, with an empty Redis", &service);
}

//! Servers that go away: answers stay right, readiness says so, and all is well again when they are back.

use serde_json::{Value, json};

use crate::{
    cluster::{Cluster, until},
    service::{archive, header, sandbox},
};

#[test]
fn without_redis_answers_are_slower_and_the_same() {
    let mut cluster = Cluster::start();
    let (own, machine) = (sandbox(), sandbox());
    let service = cluster.service(&own);
    let worker = cluster.worker(&machine);
    assert_eq!(service.index("c1", None, archive(&own))["state"], "done");
    let ask = |file: u32| {
        let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "context_files": [format!("app/part{file}.py")]});
        let (status, map) = service.post("/api/v1/repomap", &body);
        assert_eq!(status, 200, "{map}");
        map
    };
    let before = [ask(1), ask(2)];
    cluster.redis.kill();
    assert_eq!([ask(1), ask(2)], before);
    assert_eq!(ask(3)["complete"], true);
    let says = |health: &Value| health["status"] == "degraded" && health["dependencies"]["cache"]["state"] == "failed";
    until("it says so", || says(&service.ask("GET", "/health", vec![]).1));
    until("it is ready, for there is another way", || service.get("/health/ready").status() == 200);
    // A job is done without it, too.
    own.write("app/part0.py", b"def alone(): pass\n");
    let path = service.begin("c2", Some("c1"), archive(&own));
    until("the job is done", || service.ask("GET", &path, vec![]).1["state"] == "done");
    cluster.redis.restart();
    until("all is well", || service.ask("GET", "/health", vec![]).1["status"] == "ok");
    assert_eq!([ask(1), ask(2)], before);
    drop(worker);
}

#[test]
fn without_the_bucket_what_is_known_is_answered_and_the_rest_is_asked_for_later() {
    let mut cluster = Cluster::start();
    let (own, machine) = (sandbox(), sandbox());
    // A Redis that is slow counts as gone, too, and then nothing is known.
    let service = cluster.service_with(&own, &[("ASTLAS_CACHE_TIMEOUT", "60000")]);
    let _worker = cluster.worker(&machine);
    assert_eq!(service.index("c1", None, archive(&own))["state"], "done");
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": "app/part1.py"});
    let (_, before) = service.post("/api/v1/graph/dependents", &body);
    cluster.storage.process().kill();
    assert_eq!(service.post("/api/v1/graph/dependents", &body), (200, before));
    let refused = service.send("PUT", "/api/v1/repos/acme/app/c2/archive", &[], archive(&own));
    assert_eq!((refused.status().as_u16(), header(&refused, "retry-after").is_some()), (503, true));
    let unknown = json!({"repo_id": "acme/app", "commit_sha": "c9", "file_path": "app/part1.py"});
    assert_eq!(service.post("/api/v1/graph/dependents", &unknown).0, 503, "nobody knows whether it is indexed");
    until("it is not ready", || service.get("/health/ready").status() == 503);
    cluster.storage.process().restart();
    cluster.make_bucket();
    until("it is ready", || service.get("/health/ready").status() == 200);
}

#[test]
fn without_pubsub_jobs_are_refused_and_nothing_is_half_begun() {
    let mut cluster = Cluster::start();
    let own = sandbox();
    let service = cluster.service(&own);
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", archive(&own));
    cluster.events.process().kill();
    let job = json!({"repo_id": "acme/app", "commit_sha": "c1"});
    let refused = service.send("POST", "/api/v1/jobs/index_repo", &[], job.to_string().into_bytes());
    assert_eq!((refused.status().as_u16(), header(&refused, "retry-after").is_some()), (503, true));
    assert_eq!(service.ask("GET", "/api/v1/repos", vec![]), (200, json!({"repos": []})));
}

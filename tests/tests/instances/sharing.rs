//! Two services on one Redis and one bucket.

use std::{sync::Arc, thread};

use serde_json::json;

use crate::{
    cluster::{Cluster, until},
    service::{archive, sandbox},
};

#[test]
fn what_one_indexed_the_other_answers_and_forgets_when_told() {
    let cluster = Cluster::start();
    let (left, right, machine) = (sandbox(), sandbox(), sandbox());
    let (one, other) = (cluster.service(&left), cluster.service(&right));
    let _worker = cluster.worker(&machine);
    let job = one.index("c1", None, archive(&left));
    assert_eq!(job["state"], "done", "{job}");
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "context_files": ["app/part3.py"]});
    let (status, map) = other.post("/api/v1/repomap", &body);
    assert_eq!(status, 200, "{map}");
    assert_eq!(one.post("/api/v1/repomap", &body), (200, map));
    assert_eq!(other.ask("GET", "/api/v1/repos", vec![]).1["repos"][0]["repo_id"], "acme/app");

    assert_eq!(one.ask("DELETE", "/api/v1/repos/acme/app", vec![]).0, 200);
    // Left alone, what is kept of it would be for hours.
    until("the other has forgotten", || other.post("/api/v1/repomap", &body).0 == 404);
    assert_eq!(one.post("/api/v1/repomap", &body).0, 404);
}

#[test]
fn a_hundred_askers_have_one_computation() {
    let cluster = Cluster::start();
    let (left, right, machine) = (sandbox(), sandbox(), sandbox());
    // While Redis counts as gone, because it is slow, each computes for itself.
    let patient = [("ASTLAS_CACHE_TIMEOUT", "60000")];
    let services = Arc::new([&left, &right].map(|sandbox| cluster.service_with(sandbox, &patient)));
    let _worker = cluster.worker(&machine);
    services[0].index("c1", None, archive(&left));
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "context_files": ["app/part5.py"], "max_tokens": 99});
    let ask = |number: usize| {
        let (services, body) = (services.clone(), body.clone());
        thread::spawn(move || services[number % 2].post("/api/v1/repomap", &body))
    };
    let askers: Vec<_> = (0..100).map(ask).collect();
    let mut answers: Vec<_> = askers.into_iter().map(|asker| asker.join().unwrap()).collect();
    answers.dedup();
    assert_eq!((answers.len(), answers[0].0), (1, 200), "{answers:?}");
    let name = "astlas_stage_duration_seconds_count{function=\"rank\",stage=\"ranker\"}";
    let ranked: f64 = services.iter().map(|service| service.metrics().get(name).copied().unwrap_or_default()).sum();
    assert!((ranked - 1.0).abs() < 1e-9, "ranked {ranked} times");
}

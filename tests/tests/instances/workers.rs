//! Jobs over Pub/Sub: however many work on one, the index is the same.

use std::sync::Arc;

use astlas_tests::Sandbox;
use serde_json::{Value, json};

use crate::{
    cluster::{Cluster, Turnstile, Worker, until},
    service::{Service, archive, sandbox},
};

/// A repository of more files than one worker takes on by itself.
fn large() -> Sandbox {
    let sandbox = Sandbox::with(&[]);
    for file in 0..900 {
        let text = format!("from app.f{} import run{}\n\ndef run{file}(text):\n    return text\n", file / 3, file / 3);
        sandbox.write(&format!("app/f{file}.py"), text.as_bytes());
    }
    sandbox
}

/// The bytes of the only index of a commit, as they are in the bucket.
fn index(cluster: &Cluster, commit: &str) -> Vec<u8> {
    let objects = format!("{}/storage/v1/b/sources/o", cluster.storage.address());
    let escaped = |name: &str| name.replace('%', "%25").replace('/', "%2F").replace('@', "%40");
    let prefix = escaped(&format!("local/indexes/acme%2Fapp/{commit}@"));
    let listed = ureq::get(format!("{objects}?prefix={prefix}")).call().unwrap().body_mut().read_to_vec().unwrap();
    let listed: Value = serde_json::from_slice(&listed).unwrap();
    let names: Vec<&str> =
        listed["items"].as_array().unwrap().iter().filter_map(|item| item["name"].as_str()).collect();
    assert_eq!(names.len(), 1, "{names:?}");
    let url = format!("{objects}/{}?alt=media", escaped(names[0]));
    ureq::get(&url).call().unwrap().body_mut().with_config().limit(1 << 30).read_to_vec().unwrap()
}

/// Lets pass who cut a job into batches, and nobody who is done with one of them.
fn kept_at_a_batch() -> Arc<Turnstile> {
    let turnstile = Arc::<Turnstile>::default();
    turnstile.allow(1);
    turnstile
}

#[test]
fn any_number_of_workers_makes_the_same_index() {
    let repository = large();
    let tar = archive(&repository);
    let mut indexes = vec![];
    for count in [1, 3] {
        let (cluster, own) = (Cluster::start(), sandbox());
        let service = cluster.service(&own);
        let machines: Vec<Sandbox> = (0..count).map(|_| sandbox()).collect();
        let turnstile = Arc::<Turnstile>::default();
        let _workers: Vec<Worker> = machines.iter().map(|machine| cluster.worker_behind(&turnstile, machine)).collect();
        let path = service.begin("c1", None, tar.clone());
        // Nobody goes on before each had one.
        until("each is done with a message", || turnstile.came() == count);
        turnstile.allow(usize::MAX);
        until("the job is done", || service.ask("GET", &path, vec![]).1["state"] == "done");
        let job = service.ask("GET", &path, vec![]).1;
        assert_eq!((&job["state"], &job["batches"], &job["result"]["files"]), (&json!("done"), &json!(9), &json!(900)));
        indexes.push(index(&cluster, "c1"));
        // Nobody was there to be asked but the service.
        let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": "app/f0.py"});
        let (status, users) = service.post("/api/v1/graph/dependents", &body);
        assert_eq!((status, users["dependents"].as_array().unwrap().len()), (200, 2), "{users}");
    }
    assert!(indexes[0] == indexes[1], "{} and {} bytes", indexes[0].len(), indexes[1].len());
}

#[test]
fn a_worker_that_dies_loses_nothing() {
    let (cluster, own) = (Cluster::start(), sandbox());
    let service = cluster.service(&own);
    let (first, second) = (sandbox(), sandbox());
    let turnstile = kept_at_a_batch();
    let mut dying = cluster.worker_behind(&turnstile, &first);
    let path = service.begin("c1", None, archive(&large()));
    until("a batch is done", || turnstile.came() > 1);
    dying.kill();
    assert_eq!(service.ask("GET", &path, vec![]).1["state"], "running");
    let _worker = cluster.worker(&second);
    until("the job is done", || service.ask("GET", &path, vec![]).1["state"] == "done");
    assert_eq!(service.ask("GET", &path, vec![]).1["result"]["files"], 900);
}

#[test]
fn a_cancelled_job_leaves_nothing_to_be_seen_until_it_is_retried() {
    let (cluster, own, machine) = (Cluster::start(), sandbox(), sandbox());
    let service = cluster.service(&own);
    let turnstile = kept_at_a_batch();
    let worker = cluster.worker_behind(&turnstile, &machine);
    let path = service.begin("c1", None, archive(&large()));
    until("a batch is done", || turnstile.came() > 1);
    let (status, cancelled) = service.ask("POST", &format!("{path}/cancel"), vec![]);
    assert_eq!((status, &cancelled["state"]), (200, &json!("cancelled")), "{cancelled}");
    // What is left of it is taken, some of it more than once, and nothing comes of it.
    turnstile.allow(usize::MAX);
    until("all messages are taken", || worker.lines_with("a message is done with") >= 10);
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "file_path": "app/f0.py"});
    assert_eq!(service.post("/api/v1/graph/dependents", &body).0, 404);
    let listed = || service.ask("GET", "/api/v1/jobs?state=cancelled", vec![]).1;
    until("it is cancelled", || listed()["jobs"][0]["job_id"] == cancelled["job_id"]);
    assert_eq!(listed()["left_out"], 0);
    assert_eq!(service.ask("POST", &format!("{path}/retry"), vec![]).0, 202);
    until("the job is done", || service.ask("GET", &path, vec![]).1["state"] == "done");
    assert_eq!(service.post("/api/v1/graph/dependents", &body).0, 200);
}

#[test]
fn messages_that_are_not_ours_are_dropped() {
    let (cluster, own) = (Cluster::start(), sandbox());
    let service = cluster.service(&own);
    let machine = sandbox();
    let worker = cluster.worker(&machine);
    for message in [&b"no json"[..], b"{\"kind\":\"other\"}", b"\xff\xfe", b"{}"] {
        cluster.publish(message, &json!({"tenant": "local"}));
    }
    for attributes in [json!({}), json!({"tenant": "No Name"}), json!({"tenant": "../local"})] {
        cluster.publish(b"{}", &attributes);
    }
    until("all are dropped", || worker.lines_with("a message is dropped") >= 7);
    let job = service.index("c1", None, archive(&own));
    assert_eq!(job["state"], "done", "{job}");
}

#[test]
fn what_is_pushed_is_worked_on() {
    let (cluster, own) = (Cluster::start(), sandbox());
    let service: Service = cluster.service(&own);
    assert_eq!(service.post("/pubsub/push", &json!({"message": {"data": "e30="}})).0, 422);
    // The subscription that pushes is made when the address is known.
    let url = format!("{}/v1/projects/acme/subscriptions/pushing", cluster.events.address());
    let body = json!({
        "topic": "projects/acme/topics/index-jobs",
        "pushConfig": {"pushEndpoint": format!("{}/pubsub/push", service.address)},
    });
    ureq::put(&url).header("content-type", "application/json").send(body.to_string()).unwrap();
    let job = service.index("c1", None, archive(&own));
    assert_eq!((&job["state"], &job["result"]["files"]), (&json!("done"), &json!(12)), "{job}");
}

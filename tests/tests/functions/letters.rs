//! What is asked about jobs beside how far they are: lists, dead letters, cancelling, doing them after all.

use serde_json::{Value, json};

use crate::{
    FILES, Service, archive,
    jobs::{job, start},
    takeover::Worker,
};

/// Steps after which a worker has a job.
const TAKEN: usize = 20;

fn list(service: &Service, query: &str) -> Value {
    let (status, listed) = service.ask("GET", &format!("/api/v1/jobs{query}"), None);
    assert_eq!(status, 200, "{listed}");
    listed
}

fn post(service: &Service, id: &str, what: &str) -> (u16, Value) {
    service.ask("POST", &format!("/api/v1/jobs/{id}/{what}"), None)
}

/// A job that was given up: its message never comes.
fn dead(service: &Service) -> String {
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(archive(&FILES)));
    let id = start(service, "c1");
    for _ in 0..4 {
        service.ports.wait(200);
        job(service, &id);
    }
    service.ports.published();
    id
}

#[test]
fn dead_letters_are_kept_and_listed_and_can_be_done_after_all() {
    let service = Service::default();
    let id = dead(&service);
    service.index("c2", None, archive(&FILES));
    let listed = list(&service, "?state=dead");
    let found = &listed["jobs"][0];
    assert_eq!(
        (listed["jobs"].as_array().unwrap().len(), &found["job_id"], &listed["left_out"]),
        (1, &json!(id), &json!(0))
    );
    assert!(found["error"].as_str().unwrap().contains("stopped before the end"), "{found}");
    // It stays, whatever becomes of the cache and whoever asks.
    service.ports.forget();
    service.ports.wait(1000);
    assert_eq!(job(&service, &id), *found);
    assert_eq!(post(&service, &id, "cancel").0, 409);
    let (status, again) = post(&service, &id, "retry");
    assert_eq!((status, &again["state"], &again["restarts"]), (202, &json!("queued"), &json!(0)), "{again}");
    assert_eq!(post(&service, &id, "retry").0, 409, "it waits already");
    assert_eq!(service.deliver(), [204]);
    assert_eq!(
        (&job(&service, &id)["state"], list(&service, "?state=dead")["jobs"].as_array().unwrap().len()),
        (&json!("done"), 0)
    );
    let (status, problem) = post(&service, &id, "retry");
    assert_eq!((status, &problem["type"]), (409, &json!("/docs#job-state")), "{problem}");
}

#[test]
fn a_message_that_stops_every_worker_is_given_up() {
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(archive(&FILES)));
    let id = start(&service, "c1");
    let message = service.ports.published().remove(0);
    for restarts in 0..4 {
        // It begins, and is gone.
        service.ports.offer(message.clone());
        drop(Worker::standing_still_after(&service, TAKEN));
        service.ports.release();
        let now = job(&service, &id);
        assert_eq!((&now["state"], &now["restarts"]), (&json!("running"), &json!(restarts)), "{now}");
        assert_eq!(service.push(&message), 503, "its lease goes on");
        service.ports.wait(200);
    }
    assert_eq!(service.push(&message), 204, "it does not come again");
    assert_eq!(list(&service, "?state=dead")["jobs"][0]["job_id"], json!(id));
}

#[test]
fn what_cannot_be_done_as_it_is_can_be_done_later() {
    let service = Service::default();
    let failed = service.index("c1", None, archive(&[("logo.png", "no source")]));
    let id = failed["job_id"].as_str().unwrap();
    assert_eq!(
        (&failed["state"], &list(&service, "?state=failed")["jobs"][0]["job_id"]),
        (&json!("failed"), &json!(id))
    );
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(archive(&FILES)));
    assert_eq!(post(&service, id, "retry").0, 202);
    assert_eq!(post(&service, id, "cancel").0, 200);
    assert_eq!(service.deliver(), [204], "it is cancelled");
    assert_eq!(job(&service, id)["state"], "cancelled");
    assert_eq!(post(&service, id, "retry").1["state"], "queued");
    assert_eq!(service.deliver(), [204]);
    let done = job(&service, id);
    assert_eq!((&done["state"], &done["error"], &done["result"]["files"]), (&json!("done"), &Value::Null, &json!(3)));
    for what in ["cancel", "retry"] {
        assert_eq!(post(&service, "0a", what).0, 404);
        assert_eq!(post(&service, "..", what).0, 404);
    }
}

#[test]
fn a_list_begins_with_the_latest_and_says_what_it_leaves_out() {
    let service = Service::default();
    assert_eq!(list(&service, ""), json!({"jobs": [], "left_out": 0}));
    let mut ids = vec![];
    for number in 0..53 {
        service.ports.wait(1);
        service.ask("PUT", &format!("/api/v1/repos/acme/app/c{number}/archive"), Some(archive(&FILES)));
        ids.push(start(&service, &format!("c{number}")));
    }
    ids.reverse();
    let listed = list(&service, "");
    let found: Vec<&str> = listed["jobs"].as_array().unwrap().iter().filter_map(|job| job["job_id"].as_str()).collect();
    assert_eq!((found, &listed["left_out"]), (ids[..50].iter().map(String::as_str).collect(), &json!(3)));
    assert_eq!(list(&service, "?state=running"), json!({"jobs": [], "left_out": 0}));
    for query in ["?state=none", "?state=", "?status=dead", "?state"] {
        let (status, problem) = service.ask("GET", &format!("/api/v1/jobs{query}"), None);
        assert_eq!((status, &problem["type"]), (422, &json!("/docs#invalid-request")), "{query}");
    }
}

#[test]
fn a_job_whose_message_is_given_up_is_dead_and_can_be_done_after_all() {
    let service = Service::default();
    service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(archive(&FILES)));
    let id = start(&service, "c1");
    let message = service.ports.published().remove(0);
    let give_up = |is_free: bool| {
        let mut push: Value = serde_json::from_slice(&crate::pushed(&message)).unwrap();
        push["given_up"] = json!({"why": "the forge is gone", "is_free": is_free});
        service.ask("POST", "/pubsub/push", Some(push.to_string().into_bytes())).0
    };
    service.ports.offer(message.clone());
    drop(Worker::standing_still_after(&service, TAKEN));
    service.ports.release();
    assert_eq!((give_up(false), &job(&service, &id)["state"]), (503, &json!("running")), "somebody may be at work");
    assert_eq!((give_up(true), &job(&service, &id)["state"]), (204, &json!("dead")));
    let listed = list(&service, "?state=dead");
    assert_eq!(listed["jobs"][0]["error"], "the forge is gone", "{listed}");
    let (status, again) = post(&service, &id, "retry");
    assert_eq!((status, &again["state"]), (202, &json!("queued")), "{again}");
    // It is of an earlier time by now.
    assert_eq!((give_up(true), &job(&service, &id)["state"]), (204, &json!("queued")));
    service.deliver();
    assert_eq!((give_up(true), &job(&service, &id)["state"]), (204, &json!("done")));
}

//! Jobs whose worker stands still at one of its steps, each in turn, while somebody else goes on with the job; then it goes
//! on where it stood, or never does. Time is the test's.

use std::{
    cell::RefCell,
    future::Future,
    pin::Pin,
    rc::Rc,
    task::{Context, Waker},
};

use astlas_http::{Method, Request};
use serde_json::{Value, json};

use crate::{
    FILES, Service, archive,
    jobs::{job, many, packed, start},
    ports::Ports,
    pushed,
};

/// Longer than a lease.
const LEASE: u64 = 200;
/// How long a step may take of a worker that is slow.
const PAUSE: u64 = 6;

/// Somebody who works on messages until there are none, one after the other.
pub struct Worker {
    ports: Ports,
    /// The message that it did not acknowledge yet.
    in_hand: Rc<RefCell<Option<Vec<u8>>>>,
    work: Pin<Box<dyn Future<Output = ()>>>,
}

impl Worker {
    /// One that stands still after so many steps.
    pub fn standing_still_after(service: &Service, steps: usize) -> Self {
        let ports = service.ports.standing_still_after(steps);
        let in_hand = Rc::new(RefCell::new(None));
        let (own, message) = (ports.clone(), in_hand.clone());
        let work = Box::pin(async move {
            while let Some(next) = own.next_message() {
                message.replace(Some(next.clone()));
                let request = Request {
                    method: Some(Method::Post),
                    path: "/pubsub/push".into(),
                    query: String::new(),
                    headers: vec![],
                    body: Some(pushed(&next)),
                };
                astlas_ingest::Function::new(own.clone()).answer(request).await;
                message.take();
            }
        });
        let mut worker = Self { ports, in_hand, work };
        worker.poll();
        worker
    }

    fn poll(&mut self) -> bool {
        self.work.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
    }

    /// Goes on to the end.
    fn go_on(&mut self) {
        self.ports.go_on();
        assert!(self.poll());
    }
}

/// Steps of a worker that nobody stops.
fn steps(service: &Service) -> usize {
    let worker = Worker::standing_still_after(service, usize::MAX);
    worker.ports.steps()
}

/// Has others go on until the job is over: the message that a worker has in hand comes again, and somebody asks.
fn others_go_on(service: &Service, id: &str, in_hand: Option<Vec<u8>>) -> Value {
    let mut again: Vec<Vec<u8>> = in_hand.into_iter().collect();
    for _ in 0..5 {
        again.retain(|message| service.push(message) != 204);
        while let Some(message) = service.ports.next_message() {
            if service.push(&message) != 204 {
                again.push(message);
            }
        }
        let now = job(service, id);
        if !["queued", "running"].contains(&now["state"].as_str().unwrap()) {
            return now;
        }
        service.ports.wait(LEASE);
        service.ports.release();
    }
    panic!("{id} is never over: {}", job(service, id));
}

/// The index that counts.
fn index(service: &Service) -> Option<Vec<u8>> {
    let names = service.ports.blobs().into_iter().filter(|name| name.starts_with("indexes/acme%2Fapp/c1@"));
    let (void, indexes): (Vec<String>, Vec<String>) = names.partition(|name| name.ends_with("-void"));
    let newest = indexes.iter().rfind(|name| !void.contains(&format!("{name}-void")));
    newest.map(|name| service.ports.blob(name))
}

/// Whether a definition is found, as the cache has the commit and as the blobs have it.
fn finds(service: &Service, name: &str) -> bool {
    let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "symbol": name});
    let find = || {
        let (status, found) = service.post("/api/v1/symbols/search", &body);
        assert!(status == 200 || status == 404, "{found}");
        // With lines of the sources: they are those of the index.
        let lines = |symbol: &Value| symbol["name"] == name && symbol["lines"].is_array();
        found["symbols"].as_array().is_some_and(|symbols| symbols.iter().any(lines))
    };
    let is_found = find();
    service.ports.forget();
    assert_eq!(find(), is_found, "{name}");
    is_found
}

fn begun(files: &[(String, String)]) -> (Service, String) {
    let service = Service::default();
    let (status, _) = service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(packed(files)));
    assert_eq!(status, 201);
    let id = start(&service, "c1");
    (service, id)
}

/// A job in one piece, and one that is cut.
fn sizes() -> [Vec<(String, String)>; 2] {
    [many()[..3].to_vec(), many()[..210].to_vec()]
}

#[test]
fn whoever_goes_on_after_a_worker_that_stood_still_makes_the_same_index() {
    let mut tried = 0;
    for files in sizes() {
        let (whole, id) = begun(&files);
        let steps = steps(&whole);
        assert_eq!(job(&whole, &id)["state"], "done");
        let made = index(&whole);
        assert!(steps > 20 && made.is_some(), "{steps}");
        for step in 0..steps {
            for wakes_up in [true, false] {
                let (service, id) = begun(&files);
                let mut worker = Worker::standing_still_after(&service, step);
                service.ports.wait(LEASE);
                service.ports.release();
                let in_hand = worker.in_hand.borrow().clone();
                let done = others_go_on(&service, &id, in_hand);
                assert_eq!((&done["state"], index(&service) == made), (&json!("done"), true), "{step}: {done}");
                if wakes_up {
                    worker.go_on();
                }
                drop(worker);
                assert_eq!(others_go_on(&service, &id, None)["state"], "done", "{step}");
                let (_, listed) = service.ask("GET", "/api/v1/jobs", None);
                let states: Vec<&Value> = listed["jobs"].as_array().unwrap().iter().map(|job| &job["state"]).collect();
                assert_eq!(states, ["done"], "{step}");
                assert!(index(&service) == made && finds(&service, "f1"), "{step}");
                tried += 1;
            }
        }
    }
    println!("tried: workers that stood still while others went on: {tried}");
}

#[test]
fn what_was_sent_later_stays_whoever_wakes_up() {
    let [files, _] = sizes();
    let (whole, _) = begun(&files);
    let steps = steps(&whole);
    assert!(steps > 20);
    for step in 0..steps {
        let (service, id) = begun(&files);
        let mut worker = Worker::standing_still_after(&service, step);
        // At once: its lease goes on.
        service.ask(
            "PUT",
            "/api/v1/repos/acme/app/c1/archive",
            Some(archive(&[("app/new.py", "def newer(): pass\n")])),
        );
        assert_eq!(start(&service, "c1"), id);
        assert_eq!(others_go_on(&service, &id, None)["state"], "done");
        worker.go_on();
        let now = others_go_on(&service, &id, None);
        assert_eq!((&now["state"], &now["result"]["files"]), (&json!("done"), &json!(1)), "{step}");
        assert!(finds(&service, "newer") && !finds(&service, "f1"), "{step}");
    }
    println!("tried: workers that woke up after a newer archive: {steps}");
}

#[test]
fn a_job_is_cancelled_at_any_step_and_what_was_there_before_stays() {
    let (mut cancelled, mut late) = (0, 0);
    for files in sizes() {
        let begun = || {
            let service = Service::default();
            service.index("c1", None, archive(&FILES));
            service.ask("PUT", "/api/v1/repos/acme/app/c1/archive", Some(packed(&files)));
            let id = start(&service, "c1");
            (service, id)
        };
        let steps = steps(&begun().0);
        assert!(steps > 20);
        for step in 0..steps {
            let (service, id) = begun();
            let mut worker = Worker::standing_still_after(&service, step);
            let (status, answer) = service.ask("POST", &format!("/api/v1/jobs/{id}/cancel"), None);
            let is_cancelled = status == 200;
            assert!(is_cancelled || status == 409 && answer["type"] == "/docs#job-state", "{step}: {answer}");
            worker.go_on();
            let now = others_go_on(&service, &id, None);
            assert_eq!(now["state"], if is_cancelled { "cancelled" } else { "done" }, "{step}: {now}");
            assert_eq!((finds(&service, "slugify"), finds(&service, "f1")), (is_cancelled, !is_cancelled), "{step}");
            *(if is_cancelled { &mut cancelled } else { &mut late }) += 1;
        }
    }
    assert!(cancelled > 40 && late > 0, "{cancelled} {late}");
    println!("tried: jobs that were cancelled at a step: {cancelled}");
}

#[test]
fn of_two_who_take_over_at_once_without_a_cache_one_has_it() {
    let [files, _] = sizes();
    let taken_over = || {
        let (service, id) = begun(&files);
        service.ports.set_forgetful(true);
        // Whoever began it is gone.
        let gone = Worker::standing_still_after(&service, 12);
        let message = gone.in_hand.borrow().clone().unwrap();
        assert_eq!(job(&service, &id)["state"], "running");
        service.ports.wait(LEASE);
        service.ports.offer(message.clone());
        (service, id, message)
    };
    let steps = steps(&taken_over().0);
    assert!(steps > 20);
    let mut both = 0;
    for step in 0..steps {
        let (service, id, message) = taken_over();
        let mut worker = Worker::standing_still_after(&service, step);
        both += usize::from(service.push(&message) == 204 && worker.in_hand.borrow().is_some());
        worker.go_on();
        let done = others_go_on(&service, &id, Some(message));
        assert_eq!((&done["state"], &done["result"]["files"]), (&json!("done"), &json!(3)), "{step}");
        assert!(finds(&service, "f1"), "{step}");
        assert_eq!(service.ask("GET", "/api/v1/repos", None).1["repos"][0]["commits"].as_array().unwrap().len(), 1);
    }
    assert!(both > 3, "{both}");
}

#[test]
fn who_works_keeps_the_job_however_long_it_takes() {
    for files in sizes() {
        let (service, id) = begun(&files);
        let steps = steps(&begun(&files).0);
        let mut worker = Worker::standing_still_after(&service, 0);
        assert!(steps as u64 * PAUSE > LEASE, "{steps}");
        for step in 1..steps {
            worker.ports.allow(step);
            worker.poll();
            service.ports.wait(PAUSE);
            let now = job(&service, &id);
            assert_eq!((&now["attempt"], &now["restarts"]), (&json!(1), &json!(0)), "{step}: {now}");
        }
        worker.go_on();
        assert_eq!(job(&service, &id)["state"], "done");
    }
}

//! The servers that instances share, and what makes instances use them.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Stdio},
    sync::{Arc, Condvar, Mutex},
    thread,
    time::Instant,
};

use astlas_test_servers::{FaultProxy, GcsServer, Moment, PubSubEmulator, RedisServer};
use astlas_tests::Sandbox;
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::service::{PATIENCE, Service, command};

const BUCKET: &str = "sources";
const PROJECT: &str = "acme";
const TOPIC: &str = "index-jobs";
const SUBSCRIPTION: &str = "index-workers";

/// One of each server.
pub struct Cluster {
    pub redis: RedisServer,
    pub storage: GcsServer,
    pub events: PubSubEmulator,
}

impl Cluster {
    pub fn start() -> Self {
        let cluster =
            Self { redis: RedisServer::start(), storage: GcsServer::start(), events: PubSubEmulator::start() };
        cluster.make_bucket();
        cluster.events.make_topic(PROJECT, TOPIC, SUBSCRIPTION, 30);
        cluster
    }

    /// The storage keeps nothing over a restart.
    pub fn make_bucket(&self) {
        self.storage.make_bucket(BUCKET);
    }

    /// What tells an instance of them.
    pub fn variables(&self) -> Vec<(String, String)> {
        let variables = [
            ("ASTLAS_CACHE_URL", self.redis.url()),
            ("ASTLAS_BLOBS_BUCKET", BUCKET.into()),
            ("ASTLAS_BLOBS_ENDPOINT", self.storage.address()),
            ("ASTLAS_EVENTS_PROJECT", PROJECT.into()),
            ("ASTLAS_EVENTS_TOPIC", TOPIC.into()),
            ("ASTLAS_EVENTS_SUBSCRIPTION", SUBSCRIPTION.into()),
            ("ASTLAS_EVENTS_ENDPOINT", self.events.address()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    pub fn service(&self, sandbox: &Sandbox) -> Service {
        self.service_with(sandbox, &[])
    }

    /// One with more variables.
    pub fn service_with(&self, sandbox: &Sandbox, more: &[(&str, &str)]) -> Service {
        let variables = self.variables();
        let own = variables.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        Service::start_with(sandbox, &own.chain(more.iter().copied()).collect::<Vec<_>>())
    }

    /// A process that works on what is published.
    pub fn worker(&self, sandbox: &Sandbox) -> Worker {
        self.worker_at(sandbox, self.events.address())
    }

    /// One that gets and gives no more of Pub/Sub from when it is first done with a message that the turnstile keeps.
    pub fn worker_behind(&self, turnstile: &Arc<Turnstile>, sandbox: &Sandbox) -> Worker {
        let kept = turnstile.clone();
        let watch = move |question: &[u8], moment| {
            if moment == Moment::Asked && question.windows(12).any(|part| part == b":acknowledge") {
                kept.pass();
            }
            true
        };
        let proxy = FaultProxy::watched(self.events.port(), Arc::new(watch));
        let mut worker = self.worker_at(sandbox, format!("http://127.0.0.1:{}", proxy.port()));
        worker.behind = Some((turnstile.clone(), proxy));
        worker
    }

    fn worker_at(&self, sandbox: &Sandbox, events: String) -> Worker {
        let mut command = command(sandbox);
        command.args(["worker", "--verbose"]).envs(self.variables()).env("ASTLAS_EVENTS_ENDPOINT", events);
        let mut process = command.stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(process.stderr.take().unwrap()).lines();
        let lines = Arc::new(Mutex::new(vec![]));
        loop {
            let line = said.next().unwrap().unwrap();
            let is_ready = line.contains("waiting for messages");
            lines.lock().unwrap().push(line);
            if is_ready {
                break;
            }
        }
        let kept = lines.clone();
        thread::spawn(move || said.map_while(Result::ok).for_each(|line| kept.lock().unwrap().push(line)));
        Worker { process, lines, behind: None }
    }

    /// Publishes a message with these attributes.
    pub fn publish(&self, message: &[u8], attributes: &Value) {
        let url = format!("{}/v1/projects/{PROJECT}/topics/{TOPIC}:publish", self.events.address());
        let body = json!({"messages": [{"data": STANDARD.encode(message), "attributes": attributes}]}).to_string();
        ureq::post(&url).header("content-type", "application/json").send(body).unwrap();
    }
}

/// Holds up who is done with a message, so that there are some that are not done with while a test looks.
#[derive(Default)]
pub struct Turnstile {
    state: Mutex<Passed>,
    changed: Condvar,
}

#[derive(Default)]
struct Passed {
    came: usize,
    may: usize,
}

impl Turnstile {
    /// Lets so many pass, all in all.
    pub fn allow(&self, count: usize) {
        self.state.lock().unwrap().may = count;
        self.changed.notify_all();
    }

    /// How many have come to it.
    pub fn came(&self) -> usize {
        self.state.lock().unwrap().came
    }

    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.came += 1;
        let number = state.came;
        drop(self.changed.wait_while(state, |state| state.may < number).unwrap());
    }
}

/// A worker that ends with the test.
pub struct Worker {
    process: Child,
    lines: Arc<Mutex<Vec<String>>>,
    behind: Option<(Arc<Turnstile>, FaultProxy)>,
}

impl Worker {
    /// Lines that it has written with these words in them.
    pub fn lines_with(&self, words: &str) -> usize {
        self.lines.lock().unwrap().iter().filter(|line| line.contains(words)).count()
    }

    /// Ends it as a machine that goes down does.
    pub fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // The proxy comes to its end when nobody is held up in it.
        self.behind.iter().for_each(|(turnstile, _)| turnstile.allow(usize::MAX));
        let _ = self.process.kill();
        let _ = self.process.wait();
        if thread::panicking() {
            self.lines.lock().unwrap().iter().for_each(|line| eprintln!("worker: {line}"));
        }
    }
}

/// Waits until something is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what} is not so after {PATIENCE:?}");
        thread::sleep(std::time::Duration::from_millis(10));
    }
}

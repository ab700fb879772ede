//! One run: an archive is sent, a job started, an index made and asked about, while something goes wrong; and the judgement.

use std::{
    sync::Arc,
    thread::sleep,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    gate::Gate,
    place::{Place, Scene},
    program::Program,
    steps::{Blow, Victim},
    user::User,
};

const COMMIT: &str = "c1";
/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(480);
/// After so long nobody works on a job any more, whatever the one who died has said.
pub const ABANDONED: Duration = Duration::from_secs(300);
/// How long another worker may take, on a busy machine, and how often time passes again if it was not enough.
const TAKEN: Duration = Duration::from_secs(8);
const PASSES: u32 = 2;
/// How long a process that has done its work may take to say so. Every two seconds it asks Redis whether it is there.
const QUIET: Duration = Duration::from_millis(300);
/// How long a clock takes to be seen to have jumped.
const SEEN: Duration = Duration::from_millis(2500);
const LOOK: Duration = Duration::from_millis(20);

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    answers: Vec<Value>,
    /// What the job says of the index, however it was made.
    index: Vec<Value>,
}

/// One run.
pub fn run(place: &Place, victim: Victim, archive: &[u8], gate: &Arc<Gate>, blow: Blow<'_>) -> Outcome {
    let scene = place.scene();
    match victim {
        Victim::Worker => with_worker(&scene, archive, gate, blow),
        Victim::Service => with_service(&scene, archive, gate),
    }
}

/// The worker behind the gate works on a job, and is struck.
fn with_worker(scene: &Scene<'_>, archive: &[u8], gate: &Arc<Gate>, blow: Blow<'_>) -> Outcome {
    let service = scene.program("serve");
    let user = User::of(&service.address);
    user.insist(PATIENCE, |user| user.send(COMMIT, archive).then_some(()));
    let job = user.insist(PATIENCE, |user| user.start(COMMIT));
    let mut first = scene.watched("worker", gate);
    // Until it has said that it is done with the message.
    quiet(gate, || gate.has_struck(), || is_over(&user, &job));
    if !gate.has_struck() {
        // What it still does, its accounts for one, comes too late to be struck at.
        gate.end();
    }
    let mut second = None;
    if gate.has_struck() {
        match blow {
            Blow::Death => {
                first.program.kill();
                second = Some(scene.program("worker"));
                taken_over(scene, &user, &job);
            }
            Blow::Stall(server, time) => {
                scene.server(server).pause();
                first.program.resume();
                sleep(time);
                scene.server(server).resume();
            }
            Blow::Sleep(newer) => {
                second = Some(scene.program("worker"));
                taken_over(scene, &user, &job);
                user.insist(PATIENCE, |user| user.send(COMMIT, &newer.archive).then_some(()));
                assert_eq!(user.insist(PATIENCE, |user| user.start(COMMIT)), job);
                user.job_over(&job, PATIENCE);
                first.program.resume();
                quiet(gate, || false, || true);
            }
            Blow::Jump(seconds) => {
                scene.clock.set(seconds);
                sleep(SEEN);
                first.program.resume();
            }
        }
    }
    let outcome = outcome(&user, &job);
    at_rest(&[Some(&service), second.as_ref()]);
    assert_eq!(from_blobs_alone(scene, &job), outcome, "with what was in the caches, and without it");
    nothing_is_left(scene, &user);
    outcome
}

/// Waits until something is so, or else what is to be awaited is so and nothing comes through the gate any more.
fn quiet(gate: &Gate, is_so: impl Fn() -> bool, is_over: impl Fn() -> bool) {
    let begun = Instant::now();
    let (mut seen, mut since) = (gate.seen(), begun);
    while !(is_so() || since.elapsed() > QUIET && is_over()) {
        sleep(LOOK);
        let now = gate.seen();
        if now != seen {
            (seen, since) = (now, Instant::now());
        }
        assert!(begun.elapsed() < PATIENCE, "it is not over: {seen:?}");
    }
}

/// What a new service says that knows nothing but what is in the bucket.
fn from_blobs_alone(scene: &Scene<'_>, job: &str) -> Outcome {
    assert!(scene.redis.command("FLUSHALL").contains("OK"), "Redis forgets");
    let service = scene.program("serve");
    outcome(&User::of(&service.address), job)
}

/// The service behind the gate is sent an archive and asked; should it die, all that was not answered is asked of another
/// one.
fn with_service(scene: &Scene<'_>, archive: &[u8], gate: &Arc<Gate>) -> Outcome {
    let worker = scene.program("worker");
    let mut first = scene.watched("serve", gate);
    let mut users = Users { scene, gate, user: User::of(&first.program.address), second: None };
    users.insist(|user| user.send(COMMIT, archive).then_some(()));
    let job = users.insist(|user| user.start(COMMIT));
    let over = |user: &User| user.job(&job).filter(|job| job["state"] == "done" || job["state"] == "failed");
    users.insist(over);
    users.insist(|user| user.answers(COMMIT));
    gate.end();
    if gate.has_struck() {
        first.program.kill();
        // It may have died after its last answer.
        users.insist(|user| user.job(&job));
    }
    let outcome = outcome(&users.user, &job);
    at_rest(&[Some(&worker), users.second.as_ref()]);
    assert_eq!(from_blobs_alone(scene, &job), outcome, "with what was in the caches, and without it");
    nothing_is_left(scene, &users.user);
    outcome
}

/// Users of a service that may die.
struct Users<'a> {
    scene: &'a Scene<'a>,
    gate: &'a Gate,
    user: User,
    second: Option<Program>,
}

impl Users<'_> {
    /// Asks until there is an answer, another service if the first one is dead.
    fn insist<T>(&mut self, question: impl Fn(&User) -> Option<T>) -> T {
        let begun = Instant::now();
        loop {
            if let Some(answer) = question(&self.user) {
                return answer;
            }
            if self.gate.has_struck() && self.second.is_none() {
                let second = self.scene.program("serve");
                self.user = User::of(&second.address);
                self.second = Some(second);
            }
            assert!(begun.elapsed() < PATIENCE, "no answer after {PATIENCE:?}");
            sleep(LOOK);
        }
    }
}

/// Waits until a job is done that nobody works on any more. Parts of it may be with another worker already, which is a sign
/// of life, and others with the one who died, until Pub/Sub takes them back: so time may have to pass again.
fn taken_over(scene: &Scene<'_>, user: &User, job: &str) {
    for _ in 0..PASSES {
        scene.let_pass(ABANDONED);
        let begun = Instant::now();
        while begun.elapsed() < TAKEN {
            if is_over(user, job) {
                return;
            }
            sleep(LOOK);
        }
    }
    user.job_over(job, PATIENCE);
}

fn is_over(user: &User, job: &str) -> bool {
    user.job(job).is_some_and(|job| job["state"] == "done")
}

/// What came of a job, which has to be done, and to stay so.
fn outcome(user: &User, id: &str) -> Outcome {
    let job = user.job_over(id, PATIENCE);
    assert_eq!(job["state"], "done", "{job}");
    let answers = user.insist(PATIENCE, |user| user.answers(COMMIT));
    let repositories = user.insist(PATIENCE, |user| user.repositories());
    assert_eq!(repositories["repos"][0]["commits"].as_array().map(Vec::len), Some(1), "{repositories}");
    assert_eq!(user.insist(PATIENCE, |user| user.job(id))["state"], "done", "it was done before");
    let of_index = ["files", "definitions", "references", "edges", "too_large"];
    Outcome { answers, index: of_index.map(|name| job["result"][name].clone()).to_vec() }
}

/// Nobody works any more, and no instance is kept from its next request.
fn at_rest(programs: &[Option<&Program>]) {
    for program in programs.iter().flatten() {
        let user = User::of(&program.address);
        let begun = Instant::now();
        while user.metric("astlas_function_instances_used") != Some(0.0) {
            assert!(
                begun.elapsed() < PATIENCE,
                "instances at work: {:?}",
                user.metric("astlas_function_instances_used")
            );
            sleep(LOOK);
        }
    }
}

/// The sweep finds everything: what is in the bucket after it belongs to nobody.
pub fn nothing_is_left(scene: &Scene<'_>, user: &User) {
    scene.let_pass(ABANDONED);
    let begun = Instant::now();
    loop {
        user.insist(PATIENCE, User::sweep);
        let left = scene.blobs();
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE / 4, "left behind: {left:?}");
        sleep(LOOK);
    }
}

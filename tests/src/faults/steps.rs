//! A process to which something is done at a step. What its steps are is learned from a run in which nothing is; then it
//! runs again and again, and dies, or sleeps, once at each. Every time, all has to be as if nothing had been.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread::{self, sleep},
    time::{Duration, Instant},
};

use astlas_test_servers::Moment;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::{
    gate::{Aim, Gate, Server},
    place::{Place, Scene},
    program::Program,
    user::User,
};

const COMMIT: &str = "c1";
/// How long anything is waited for.
const PATIENCE: Duration = Duration::from_secs(240);
/// After so long nobody works on a job any more, whatever the one who died has said.
pub const ABANDONED: Duration = Duration::from_secs(300);
/// How long another worker may take, on a busy machine, and how often time passes again if it was not enough.
const TAKEN: Duration = Duration::from_secs(8);
const PASSES: u32 = 2;
/// How long a process that has done its work may take to say so.
const QUIET: Duration = Duration::from_millis(300);
/// How long a clock takes to be seen to have jumped.
const SEEN: Duration = Duration::from_millis(2500);
const LOOK: Duration = Duration::from_millis(20);

/// Who dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Victim {
    /// The one who takes the archive, starts the job and answers.
    Service,
    /// The one who makes the index.
    Worker,
}

/// What is done at a step.
#[derive(Clone, Copy, Debug)]
pub enum Blow<'a> {
    /// The process dies, and another one takes over.
    Death,
    /// A server stands still for a while. Nobody dies.
    Stall(Server, Duration),
    /// The process stands still, is taken for dead, and wakes up when another one has done its job and a newer one: of this
    /// tree, of which the model knows what is right.
    Sleep(&'a Model),
    /// The clock of all processes jumps by so many seconds.
    Jump(i64),
}

/// A run in which nothing goes wrong.
#[derive(Debug)]
pub struct Model {
    victim: Victim,
    archive: Vec<u8>,
    /// The victim's steps by their kinds.
    pub steps: BTreeMap<String, usize>,
    right: Outcome,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    answers: Vec<Value>,
    /// What the job says of the index, however it was made.
    index: Vec<Value>,
}

/// How runs ended in which something went wrong; where an answer was wrong, the test has stopped.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// Runs in which the victim was struck.
    pub struck: usize,
    /// Runs in which it never came to that step.
    pub missed: usize,
    /// The longest.
    pub longest: Duration,
}

impl Model {
    /// Has an archive indexed and asked about, with nobody dying.
    pub fn of(place: &Place, victim: Victim, archive: Vec<u8>) -> Self {
        let gate = Gate::open();
        let right = run(place, victim, &archive, &gate, Blow::Death);
        Self { victim, archive, steps: gate.seen(), right }
    }

    /// Every step, before and after.
    pub fn all(&self) -> Vec<Aim> {
        let aims = |(kind, &count): (&String, &usize)| {
            let kind = kind.clone();
            (0..count).flat_map(move |number| both(&kind, number)).collect::<Vec<_>>()
        };
        self.steps.iter().flat_map(aims).collect()
    }

    /// One step of each kind: in turns before and after it, in turns an early one and a late one.
    pub fn sample(&self) -> Vec<Aim> {
        let aim = |(at, (kind, &count)): (usize, (&String, &usize))| {
            let [asked, answered] = both(kind, (at / 2) % count);
            if at % 2 == 0 { asked } else { answered }
        };
        self.steps.iter().enumerate().map(aim).collect()
    }

    /// Does this at each of these steps, some runs at once.
    pub fn strike(&self, place: &Place, blow: Blow<'_>, aims: Vec<Aim>, at_once: usize) -> Told {
        let signal = if matches!(blow, Blow::Death) { Signal::KILL } else { Signal::STOP };
        let newer = match blow {
            Blow::Sleep(newer) => &newer.right,
            _ => &self.right,
        };
        let (aims, told) = (Mutex::new(aims), Mutex::new(Told::default()));
        thread::scope(|scope| {
            for _ in 0..at_once {
                scope.spawn(|| {
                    while let Some(aim) = { aims.lock().unwrap_or_else(PoisonError::into_inner).pop() } {
                        let begun = Instant::now();
                        let gate = Gate::at(aim.clone(), signal);
                        let outcome = run(place, self.victim, &self.archive, &gate, blow);
                        let right = if gate.has_struck() { newer } else { &self.right };
                        assert_eq!(&outcome, right, "{blow:?} at {aim:?}");
                        if std::env::var_os("FAULTS_TELL").is_some() {
                            eprintln!("{:.1?} {aim:?}", begun.elapsed());
                        }
                        let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                        *(if gate.has_struck() { &mut told.struck } else { &mut told.missed }) += 1;
                        told.longest = told.longest.max(begun.elapsed());
                    }
                });
            }
        });
        told.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

fn both(kind: &str, number: usize) -> [Aim; 2] {
    [Moment::Asked, Moment::Answered].map(|moment| Aim { kind: kind.to_owned(), number, moment })
}

fn run(place: &Place, victim: Victim, archive: &[u8], gate: &Arc<Gate>, blow: Blow<'_>) -> Outcome {
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
    assert!(user.send(COMMIT, archive), "nothing was in the way of the archive");
    let job = user.start(COMMIT).unwrap();
    let mut first = scene.watched("worker", gate);
    // Until it has said that it is done with the message.
    quiet(gate, || gate.has_struck(), || is_over(&user, &job));
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
                assert!(user.send(COMMIT, &newer.archive), "nothing was in the way of the archive");
                assert_eq!(user.start(COMMIT).as_ref(), Some(&job));
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
    let (mut seen, mut since) = (gate.seen(), Instant::now());
    while !(is_so() || since.elapsed() > QUIET && is_over()) {
        sleep(LOOK);
        let now = gate.seen();
        if now != seen {
            (seen, since) = (now, Instant::now());
        }
        assert!(since.elapsed() < PATIENCE, "nothing more is done: {seen:?}");
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
    let is_kept = users.insist(|user| user.send(COMMIT, archive).then_some(()));
    let ((), job) = (is_kept, users.insist(|user| user.start(COMMIT)));
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
    let answers = user.answers(COMMIT).unwrap();
    let (_, repositories) = user.ask("GET", "/api/v1/repos", &[]).unwrap();
    assert_eq!(repositories["repos"][0]["commits"].as_array().map(Vec::len), Some(1), "{repositories}");
    assert_eq!(user.job(id).unwrap()["state"], "done", "it was done before");
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
        let swept = user.post("/internal/sweep", &json!({"older_than_days": 0}));
        assert!(matches!(swept, Some((200, _))), "{swept:?}");
        let left = scene.blobs();
        if left.is_empty() {
            return;
        }
        assert!(begun.elapsed() < PATIENCE / 8, "left behind: {left:?}");
        sleep(LOOK);
    }
}

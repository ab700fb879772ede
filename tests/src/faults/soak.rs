//! Hours of a bad network in minutes: two services and two workers, of which one each is killed now and then; users who ask
//! and send all the while; at the end, everything that was taken on has to be done.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread::{self, sleep},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    cast::{Cast, REST, lock},
    place::{Place, repository},
    program::Held,
    run::{ABANDONED, nothing_is_left},
    schedule::{Dice, Fault},
    user::{QUESTIONS, User},
};

/// Trees that are indexed again and again, and how many files the smallest has.
const TREES: usize = 4;
const FILES: usize = 12;
/// Times more that everybody is left alone, should one hold too much.
const RESTS: usize = 4;
/// Users who ask.
const ASKERS: usize = 3;
/// How long is waited for anything, once nothing is in the way any more.
const PATIENCE: Duration = Duration::from_secs(240);

/// What came of it.
#[derive(Debug, Default)]
pub struct Told {
    /// How often each fault was there.
    pub faults: BTreeMap<String, usize>,
    /// Answers that were right. A wrong one has stopped the test.
    pub right: usize,
    /// Questions that were not answered for the time being.
    pub unanswered: usize,
    /// Jobs that were taken on. Each is done.
    pub jobs: usize,
    /// Archives and jobs that were not taken on for the time being.
    pub refused: usize,
    /// Jobs that were given up, because whoever worked on them died each time, and were asked for again.
    pub given_up: usize,
    /// How long it took at the end until all jobs were done.
    pub recovered: Duration,
    /// What the service and the worker that are never killed held before the first fault and after the last one.
    pub held: [[Held; 2]; 2],
}

#[derive(Default)]
struct Counted {
    right: AtomicUsize,
    unanswered: AtomicUsize,
    refused: AtomicUsize,
    /// Jobs that were taken on, with their trees.
    jobs: Mutex<Vec<(String, String, usize)>>,
    given_up: AtomicUsize,
}

/// Runs it for so long; the same seed has the same faults.
pub fn soak(time: Duration, seed: u64) -> Told {
    let place = Place::shared();
    let scene = place.scene();
    let cast = Cast::start(&scene);
    let trees: Vec<Vec<u8>> = (0..TREES).map(|tree| repository(FILES + 7 * tree, tree)).collect();
    let right = learn(&cast, &trees);
    let (counted, stop) = (Counted::default(), AtomicBool::new(false));
    let mut faults = BTreeMap::new();
    // With everybody at work and nothing in the way first: what is made once is made.
    users(&cast, &trees, &right, &counted, &stop, || sleep(REST / 3));
    let jobs = lock(&counted.jobs).clone();
    all_done(&cast.user(0), &jobs, &counted);
    let before = cast.held_at_rest();
    users(&cast, &trees, &right, &counted, &AtomicBool::new(false), || {
        let (begun, mut dice) = (Instant::now(), Dice::new(seed));
        while begun.elapsed() < time {
            let fault = Fault::any(&mut dice);
            *faults.entry(fault.name().to_owned()).or_default() += 1;
            cast.suffer(fault);
            sleep(Duration::from_millis(dice.between(500, 2000)));
        }
    });
    let begun = Instant::now();
    scene.let_pass(ABANDONED);
    let jobs = std::mem::take(&mut *lock(&counted.jobs));
    all_done(&cast.user(0), &jobs, &counted);
    let recovered = begun.elapsed();
    for (_, commit, tree) in &jobs {
        for user in [cast.user(0), cast.user(1)] {
            assert_eq!(user.insist(PATIENCE, |user| user.answers(commit)), right[*tree], "{commit}");
        }
    }
    let mut held = [before, cast.held_at_rest()];
    // Who was held up lets go later.
    for _ in 0..RESTS {
        if grown(held).is_some() {
            held[1] = cast.held_at_rest();
        }
    }
    nothing_is_left(&scene, &cast.user(0));
    let count = |number: &AtomicUsize| number.load(Ordering::SeqCst);
    Told {
        faults,
        right: count(&counted.right),
        unanswered: count(&counted.unanswered),
        jobs: jobs.len(),
        refused: count(&counted.refused),
        given_up: count(&counted.given_up),
        recovered,
        held,
    }
}

/// The right answers about each tree, asked while nothing is in the way.
fn learn(cast: &Cast<'_>, trees: &[Vec<u8>]) -> Vec<Vec<Value>> {
    let user = cast.user(0);
    let learn = |(tree, archive): (usize, &Vec<u8>)| {
        let commit = known(tree);
        user.insist(PATIENCE, |user| user.send(&commit, archive).then_some(()));
        let job = user.job_over(&user.insist(PATIENCE, |user| user.start(&commit)), PATIENCE);
        assert_eq!(job["state"], "done", "{job}");
        let answers = user.insist(PATIENCE, |user| user.answers(&commit));
        assert_eq!(cast.user(1).insist(PATIENCE, |user| user.answers(&commit)), answers);
        answers
    };
    trees.iter().enumerate().map(learn).collect()
}

fn known(tree: usize) -> String {
    format!("known{tree}")
}

/// Users at work, for as long as something else takes.
fn users(
    cast: &Cast<'_>,
    trees: &[Vec<u8>],
    right: &[Vec<Value>],
    counted: &Counted,
    stop: &AtomicBool,
    meanwhile: impl FnOnce(),
) {
    let goes_on = || !stop.load(Ordering::SeqCst);
    thread::scope(|scope| {
        for asker in 0..ASKERS {
            scope.spawn(move || (asker..).take_while(|_| goes_on()).for_each(|turn| ask(cast, right, counted, turn)));
        }
        scope.spawn(move || {
            while goes_on() {
                send(cast, trees, counted);
                sleep(Duration::from_millis(700));
            }
        });
        scope.spawn(move || {
            while goes_on() {
                let jobs = lock(&counted.jobs).clone();
                for (job, ..) in jobs.iter().rev().take(20) {
                    look(&cast.user(1), job, counted);
                }
                sleep(Duration::from_millis(300));
            }
        });
        // Also if it panics: nobody would stop otherwise.
        let _stop = Stop(stop);
        meanwhile();
    });
}

struct Stop<'a>(&'a AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn ask(cast: &Cast<'_>, right: &[Vec<Value>], counted: &Counted, turn: usize) {
    let (tree, number) = (turn % TREES, turn / TREES % QUESTIONS);
    match cast.user(turn % 2).answer(&known(tree), number) {
        Some(answer) => {
            assert_eq!(answer, right[tree][number], "tree {tree}, question {number}");
            counted.right.fetch_add(1, Ordering::SeqCst);
        }
        None => {
            counted.unanswered.fetch_add(1, Ordering::SeqCst);
        }
    }
    sleep(Duration::from_millis(20));
}

/// Sends one more commit, and has it indexed.
fn send(cast: &Cast<'_>, trees: &[Vec<u8>], counted: &Counted) {
    let number = lock(&counted.jobs).len() + counted.refused.load(Ordering::SeqCst);
    let (commit, tree, user) = (format!("c{number}"), number % TREES, cast.user(number % 2));
    match user.send(&commit, &trees[tree]).then(|| user.start(&commit)).flatten() {
        Some(job) => lock(&counted.jobs).push((job, commit, tree)),
        None => {
            counted.refused.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// Looks at a job: whether it is done. One that was given up is asked for again.
fn look(user: &User, id: &str, counted: &Counted) -> bool {
    let Some(job) = user.job(id) else { return false };
    if job["state"] == "failed" {
        assert!(job["error"].as_str().is_some_and(|error| error.contains("stopped before the end")), "{job}");
        counted.given_up.fetch_add(1, Ordering::SeqCst);
        user.start(job["commit_sha"].as_str().unwrap());
    }
    job["state"] == "done"
}

/// Waits until all jobs are done.
fn all_done(user: &User, jobs: &[(String, String, usize)], counted: &Counted) {
    let begun = Instant::now();
    let mut open: Vec<&str> = jobs.iter().map(|(job, ..)| job.as_str()).collect();
    loop {
        open.retain(|job| !look(user, job, counted));
        if open.is_empty() {
            return;
        }
        let why = open.first().and_then(|job| user.job(job));
        assert!(begun.elapsed() < PATIENCE, "{} of {} jobs are not done: {why:?}", open.len(), jobs.len());
        sleep(Duration::from_millis(100));
    }
}

impl Told {
    /// Whether somebody who was never killed holds more than at the start; memory may be taken once and kept.
    pub fn grown(&self) -> Option<String> {
        grown(self.held)
    }
}

fn grown([before, after]: [[Held; 2]; 2]) -> Option<String> {
    let is_more = |(before, after): (&Held, &Held)| {
        after.descriptors > before.descriptors + 10
            || after.threads > before.threads + 6
            || after.memory > before.memory * 3 / 2 + (48 << 20)
    };
    before.iter().zip(&after).any(is_more).then(|| format!("{before:?}, then {after:?}"))
}

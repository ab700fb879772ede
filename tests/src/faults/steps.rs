//! A process to which something is done at a step. What its steps are is learned from a run in which nothing is; then it
//! runs again and again, and dies, or sleeps, once at each. Every time, all has to be as if nothing had been.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use astlas_test_servers::Moment;
use rustix::process::Signal;

use super::{
    gate::{Aim, Gate, Server},
    place::Place,
    run::{Outcome, run},
};

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
    pub(super) archive: Vec<u8>,
    /// The victim's steps by their kinds.
    pub steps: BTreeMap<String, usize>,
    right: Outcome,
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

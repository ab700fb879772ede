//! A whole deployment in which something goes wrong, at length; the tests take a sample of each. What is wrong stops the
//! bench.

use std::time::Duration;

use anyhow::{Result, ensure};
use astlas_tests::faults::{
    place::{Place, repository},
    soak,
    steps::{Blow, Model, Victim},
};

use crate::report::{row, table};

/// Runs at once: most of each is waiting.
const AT_ONCE: usize = 6;
const SEED: u64 = 1;

/// A process is killed, or stopped and taken for dead, at every step of an index.
pub fn deaths() -> Result<()> {
    let place = Place::start();
    table(
        "A process that is struck at each step",
        &["what", "steps", "of kinds", "runs", "never came to it", "longest"],
    );
    for (victim, files) in [(Victim::Service, 12), (Victim::Worker, 12), (Victim::Worker, 210)] {
        let model = Model::of(&place, victim, repository(files, 0));
        let newer = Model::of(&place, victim, repository(files, 1));
        let blows = [("killed", Blow::Death), ("stopped, and awake too late", Blow::Sleep(&newer))];
        // A service has nothing that somebody else would go on with.
        for (name, blow) in blows.into_iter().take(if victim == Victim::Worker { 2 } else { 1 }) {
            let steps = model.all();
            let count = steps.len() / 2;
            eprintln!("bench: {victim:?} of {files} files, {name}, at {count} steps");
            let told = model.strike(&place, blow, steps, AT_ONCE);
            row(&[
                format!("{victim:?}, {files} files, {name}"),
                count.to_string(),
                model.steps.len().to_string(),
                told.struck.to_string(),
                told.missed.to_string(),
                format!("{:.0?}", told.longest),
            ]);
        }
    }
    Ok(())
}

/// Faults one after the other, with users all the while.
pub fn soak(seconds: u64) -> Result<()> {
    let told = soak::soak(Duration::from_secs(seconds), SEED);
    table(&format!("{seconds} s of faults"), &["fault", "times"]);
    for (name, times) in &told.faults {
        row(&[name.clone(), times.to_string()]);
    }
    table("What came of it", &["", ""]);
    let rows = [
        ("answers that were right", told.right),
        ("questions without an answer for the time being", told.unanswered),
        ("jobs that were taken on, all of them done", told.jobs),
        ("jobs that were not taken on for the time being", told.refused),
        ("jobs that were given up, and asked for again", told.given_up),
        ("seconds until all were done after the last fault", told.recovered.as_secs() as usize),
    ];
    for (name, count) in rows {
        row(&[name.into(), count.to_string()]);
    }
    table("What those held who were never killed", &["", "descriptors", "threads", "memory"]);
    for (when, held) in ["before", "after"].into_iter().zip(&told.held) {
        for (who, held) in ["service", "worker"].into_iter().zip(held) {
            let memory = format!("{} MB", held.memory / 1_000_000);
            row(&[format!("{who}, {when}"), held.descriptors.to_string(), held.threads.to_string(), memory]);
        }
    }
    let grown = told.grown();
    ensure!(grown.is_none(), "it grows: {grown:?}");
    Ok(())
}

//! Processes that are killed at a step; `cargo xtask bench deaths` takes all of them.

use astlas_tests::faults::{
    place::{Place, repository},
    steps::{Blow, Model, Victim},
};

/// Runs at once: most of each is waiting.
const AT_ONCE: usize = 4;

/// Has the victim die at a step of each kind, and says what was tried.
fn each_kind(victim: Victim, files: usize, least: usize) {
    let place = Place::shared();
    let model = Model::of(&place, victim, repository(files, 0));
    let aims = model.sample();
    assert!(aims.len() >= least, "{:?}", model.steps);
    let count = aims.len();
    let told = model.strike(&place, Blow::Death, aims, AT_ONCE);
    let steps: usize = model.steps.values().sum();
    println!("tried: {victim:?} of {files} files: {steps} steps of {count} kinds {:?}; {told:?}", model.steps);
    // Some steps are there only where others take their time.
    assert!(told.struck > count / 2, "{told:?}");
}

#[test]
fn a_worker_that_dies_at_any_step_loses_and_doubles_nothing() {
    each_kind(Victim::Worker, 210, 12);
}

#[test]
fn a_service_that_dies_at_any_step_loses_and_doubles_nothing() {
    each_kind(Victim::Service, 12, 8);
}

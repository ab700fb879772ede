//! Servers and processes that stand still in the middle of an index, and go on later (SIGSTOP, SIGCONT).

use std::time::Duration;

use astlas_tests::faults::{
    gate::{Aim, Server},
    place::{Place, repository},
    steps::{Blow, Model, Victim},
};

const FILES: usize = 12;

/// One step of each kind that has one of these words in it.
fn aims(model: &Model, words: &[&str]) -> Vec<Aim> {
    let aims: Vec<_> =
        model.sample().into_iter().filter(|aim| words.iter().any(|word| aim.kind.contains(word))).collect();
    assert!(!aims.is_empty(), "{:?}", model.steps);
    aims
}

#[test]
fn a_server_that_stands_still_is_waited_for() {
    let place = Place::shared();
    let model = Model::of(&place, Victim::Worker, repository(FILES, 0));
    for server in [Server::Cache, Server::Storage, Server::Events] {
        // One at a time: the servers are shared.
        let told = model.strike(&place, Blow::Stall(server, Duration::from_secs(3)), aims(&model, &["write"]), 1);
        println!("tried: {server:?} stands still for 3 s: {told:?}");
        assert!(told.struck > told.missed, "{told:?}");
    }
}

#[test]
fn a_worker_that_wakes_up_too_late_replaces_nothing_newer() {
    let place = Place::shared();
    let [model, newer] = [0, 1].map(|of| Model::of(&place, Victim::Worker, repository(FILES, of)));
    let aims = aims(&model, &["Cloud Storage"]);
    let told = model.strike(&place, Blow::Sleep(&newer), aims, 4);
    println!("tried: a worker sleeps through a newer job: {told:?}");
    assert!(told.struck > told.missed, "{told:?}");
}

//! Clocks that jump: by an hour in either direction, and by a day.

use std::{
    fs,
    thread::{self, sleep},
    time::{Duration, Instant},
};

use astlas_test_servers::Clock;
use astlas_tests::{
    Sandbox,
    faults::{
        place::{Place, repository},
        program::Program,
        steps::{Blow, Model, Victim},
        user::User,
    },
};
use serde_json::json;

const JUMPS: [i64; 3] = [3600, -3600, 86_400];
/// How long a window of the limits is, in seconds.
const WINDOW: u64 = 2;
/// How often somebody is refused in three windows, if he asks again and again: each time he is held back for a quarter of a
/// second, and waits a little.
const REFUSED: u64 = 3 * WINDOW * 1000 / (250 + LOOK.as_millis() as u64);
const LOOK: Duration = Duration::from_millis(50);
const PATIENCE: Duration = Duration::from_secs(240);

#[test]
fn a_job_survives_a_clock_that_jumps() {
    let place = Place::shared();
    // Cut into batches: between them, nobody holds the job.
    let model = Model::of(&place, Victim::Worker, repository(210, 0));
    for seconds in JUMPS {
        let mut aims = model.sample();
        aims.retain(|aim| aim.kind.starts_with("Cloud Storage"));
        let told = model.strike(&place, Blow::Jump(seconds), aims, 4);
        println!("tried: clocks jump by {seconds} s in the middle of an index: {told:?}");
    }
}

/// A service by itself, which counts in its process.
fn alone(clock: &Clock, sandbox: &Sandbox, configuration: &str) -> Program {
    let file = sandbox.tree().join("astlas.toml");
    fs::write(&file, configuration).unwrap();
    let mut command = sandbox.command();
    command.args(["serve", "--listen", "127.0.0.1:0", "--config"]).arg(file).envs(clock.variables());
    Program::start(command, |_| ())
}

#[test]
fn nobody_is_locked_out_for_longer_than_a_window() {
    let_in_again(&["fixed-window", "sliding-window"]);
}

#[test]
fn nobody_is_locked_out_by_a_bucket() {
    let_in_again(&["token-bucket"]);
}

fn let_in_again(algorithms: &[&str]) {
    let (clock, sandbox) = (Clock::new(), Sandbox::with(&[]));
    for algorithm in algorithms {
        let rule = format!("{{ name = \"r\", algorithm = \"{algorithm}\", limit = 2, window = {WINDOW} }}");
        let program = alone(&clock, &sandbox, &format!("[limits]\nplan = \"p\"\n[limits.plans.p]\nrules = [{rule}]\n"));
        let user = User::of(&program.address);
        let ask = || user.ask("GET", "/api/v1/repos", &[]).map(|(status, _)| status);
        // There, back, and to where it was at first.
        for seconds in JUMPS.into_iter().chain([0]) {
            let begun = Instant::now();
            // More than may in a window, all at once: on a busy machine they would come one a window.
            let is_reached = || {
                thread::scope(|scope| {
                    let asked: Vec<_> = (0..6).map(|_| scope.spawn(ask)).collect();
                    asked.into_iter().any(|asked| asked.join().unwrap() == Some(429))
                })
            };
            while !is_reached() {
                assert!(begun.elapsed() < PATIENCE, "{algorithm}: the limit is not reached");
            }
            clock.set(seconds);
            // Until the process has seen it, the window may end as it should.
            sleep(Duration::from_secs(1));
            // A window more, for the sliding one. However long he is held up beside, it is the process's time, too.
            let mut refused = 0;
            while ask() != Some(200) {
                refused += 1;
                assert!(refused < REFUSED, "{algorithm}, {seconds} s: refused {refused} times");
                sleep(LOOK);
            }
        }
    }
}

#[test]
fn the_sweep_leaves_what_is_in_use() {
    let place = Place::shared();
    let scene = place.scene();
    let (service, _worker) = (scene.program("serve"), scene.program("worker"));
    let user = User::of(&service.address);
    assert!(user.send("c1", &repository(12, 0)));
    let job = user.start("c1").unwrap();
    assert_eq!(user.job_over(&job, PATIENCE)["state"], "done");
    let right = user.answers("c1").unwrap();
    for (number, seconds) in JUMPS.into_iter().enumerate() {
        scene.clock.set(seconds);
        sleep(Duration::from_millis(2500));
        // One that came in and waits for its job.
        let commit = format!("d{number}");
        assert!(user.send(&commit, &repository(12, 0)));
        let (status, swept) = user.post("/internal/sweep", &json!({"older_than_days": 2})).unwrap();
        assert_eq!((status, &swept["commits"]), (200, &json!(0)), "{swept}");
        assert_eq!(user.answers("c1").as_ref(), Some(&right), "{seconds}");
        let job = user.start(&commit).unwrap();
        assert_eq!(user.job_over(&job, PATIENCE)["state"], "done");
        assert_eq!(user.answers(&commit).as_ref(), Some(&right), "{seconds}");
    }
}

#[test]
fn a_key_ends_by_the_clock_and_is_good_again_once_that_is_right() {
    let (clock, sandbox) = (Clock::new(), Sandbox::with(&[]));
    let tenants = |arguments: &[&str]| {
        let output = sandbox.command().arg("tenants").args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    tenants(&["create", "acme"]);
    let key = tenants(&["create-key", "acme", "--expires-in-days", "1"]);
    let program = alone(&clock, &sandbox, "[identity]\nknown_for = 1\nunknown_for = 1\n");
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let url = format!("{}/api/v1/repos", program.address);
    for (seconds, status) in [(0, 200), (3600, 200), (-3600, 200), (86_400 + 60, 401), (0, 200)] {
        clock.set(seconds);
        let begun = Instant::now();
        // What is known is believed for a second; so is the clock.
        sleep(Duration::from_millis(2500));
        while agent.get(&url).header("x-api-key", &key).call().unwrap().status() != status {
            assert!(begun.elapsed() < PATIENCE, "{seconds} s: not {status}");
            sleep(LOOK);
        }
    }
}

//! Pools beside queueing theory.

use crate::scale::{
    agenda::{Agenda, HOUR, SECOND, Time, seconds, time},
    pool::{Pool, Step, TICK},
    random::Random,
    shape::{Shape, Totals, Work},
};

enum Event {
    Arrival,
    Pool(Step),
    Tick,
}

/// What came of a run.
struct Ran {
    /// Seconds that requests were there, on average, and those that they computed.
    there: f64,
    computed: f64,
    answered: u64,
    /// Requests that were there, as seen every few seconds.
    seen: f64,
    totals: Totals,
    most: usize,
    alive_at_end: usize,
}

/// Requests that come independently of each other, so many a second, until `end`; `run` on until then and an hour more.
fn run(shape: Shape, rate: f64, end: Time, mut cpu: impl FnMut(&mut Random) -> f64) -> Ran {
    let (mut pool, mut agenda, mut random) = (Pool::new(shape), Agenda::new(), Random::new(7));
    let mut works = Random::new(8);
    let (mut begun, mut there, mut computed, mut answered) = (vec![], 0.0, 0.0, 0u64);
    let (mut seen, mut looks, mut most) = (0.0, 0u64, 0);
    agenda.after(0, Event::Tick);
    agenda.after(time(random.exponential(1.0 / rate)), Event::Arrival);
    while let Some(event) = agenda.next(end + HOUR) {
        let now = agenda.now();
        let mut cost = |_, _| {
            let cpu = cpu(&mut works);
            computed += cpu;
            Work { cpu, width: 1, wait: 0.0 }
        };
        match event {
            Event::Arrival => {
                let request = begun.len() as u32;
                begun.push(now);
                pool.offer(request, now, &mut cost, &mut |delay, step| agenda.after(delay, Event::Pool(step)));
                if now < end {
                    agenda.after(time(random.exponential(1.0 / rate)), Event::Arrival);
                }
            }
            Event::Pool(step) => {
                let plan = &mut |delay, step| agenda.after(delay, Event::Pool(step));
                if let Some(request) = pool.step(step, now, &mut cost, plan) {
                    there += seconds(now - begun[request as usize]);
                    answered += 1;
                }
            }
            Event::Tick => {
                pool.tick(now, &mut |delay, step| agenda.after(delay, Event::Pool(step)));
                most = most.max(pool.alive());
                if now < end {
                    seen += pool.unanswered() as f64;
                    looks += 1;
                }
                agenda.after(TICK, Event::Tick);
            }
        }
    }
    assert_eq!((answered, pool.unanswered()), (begun.len() as u64, 0), "none is lost, and none is answered twice");
    Ran {
        there: there / answered as f64,
        computed: computed / answered as f64,
        answered,
        seen: seen / looks as f64,
        totals: pool.totals(end + HOUR),
        most,
        alive_at_end: pool.alive(),
    }
}

/// One instance that is always there.
fn alone(cores: u32) -> Shape {
    Shape { cores, concurrency: u32::MAX, least: 1, most: 1, start: 0, target: 0.6, idle: HOUR }
}

fn is_about(what: &str, found: f64, known: f64, tolerance: f64) {
    assert!((found / known - 1.0).abs() < tolerance, "{what}: {found}, and not {known}");
}

/// Long enough for means to be within some percent.
const LONG: Time = 400_000 * SECOND;

#[test]
fn one_core_makes_requests_wait_as_long_as_theory_says() {
    let (rate, cpu) = (0.7, 1.0);
    let busy = rate * cpu;
    let ran = run(alone(1), rate, LONG, |random| random.exponential(cpu));
    is_about("M/M/1", ran.there - ran.computed, busy * cpu / (1.0 - busy), 0.05);
    let ran = run(alone(1), rate, LONG, |_| cpu);
    is_about("M/D/1", ran.there - ran.computed, busy * cpu / (2.0 * (1.0 - busy)), 0.05);
}

#[test]
fn two_cores_make_requests_wait_as_long_as_theory_says() {
    let (rate, cpu) = (1.4, 1.0);
    let ran = run(alone(2), rate, LONG, |random| random.exponential(cpu));
    // Erlang's formula for two.
    let load: f64 = rate * cpu;
    let waits = load.powi(2) / (2.0 - load) / (1.0 + load + load.powi(2) / (2.0 - load));
    is_about("M/M/2", ran.there - ran.computed, waits * cpu / (2.0 - load), 0.05);
    is_about("cores that compute", ran.totals.busy, ran.computed * ran.answered as f64, 1e-6);
}

#[test]
fn as_many_requests_are_there_as_come_while_one_is() {
    let shape = Shape { least: 0, most: 50, concurrency: 4, start: 5 * SECOND, idle: 900 * SECOND, ..alone(2) };
    let end = 50_000 * SECOND;
    let ran = run(shape, 8.0, end, |random| random.exponential(0.5));
    let rate = ran.answered as f64 / seconds(end);
    is_about("Little's law", ran.seen, rate * ran.there, 0.03);
    is_about("added up over time", ran.totals.requests, ran.there * ran.answered as f64, 0.001);
}

#[test]
fn instances_come_with_requests_and_go_when_there_are_none() {
    let shape = Shape { least: 0, most: 50, concurrency: 4, start: 5 * SECOND, idle: 900 * SECOND, ..alone(2) };
    let ran = run(shape.clone(), 8.0, 5000 * SECOND, |random| random.exponential(0.5));
    // Four cores compute on average: at 60% of two each that is four instances. More are started for those that wait for
    // the first ones.
    assert!((4..=15).contains(&ran.most), "{} instances", ran.most);
    assert_eq!(ran.alive_at_end, 0, "after an hour without requests");
    let ran = run(Shape { least: 2, ..shape }, 8.0, 5000 * SECOND, |random| random.exponential(0.5));
    assert_eq!(ran.alive_at_end, 2);
}

#[test]
fn who_finds_no_instance_waits_for_its_start() {
    let shape = Shape { least: 0, most: 50, concurrency: 4, start: 5 * SECOND, idle: 60 * SECOND, ..alone(2) };
    // So seldom that each one finds none.
    let ran = run(shape, 0.0005, 2_000_000 * SECOND, |_| 0.5);
    assert!((4.9..=5.6).contains(&ran.there), "{} s", ran.there);
    assert!(ran.totals.starts as f64 > 0.8 * ran.answered as f64);
}

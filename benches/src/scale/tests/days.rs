//! Whole days beside what went in.

use crate::scale::{
    agenda::{DAY, seconds},
    day::simulate,
    inputs::Inputs,
    price::Price,
    world::World,
};

fn day(seed: u64) -> World {
    simulate(&Inputs::default(), 200, seed)
}

#[test]
fn what_comes_in_is_done_or_left() {
    let World { figures, inputs, .. } = day(1);
    assert!(figures.published > 3000 && figures.published == figures.jobs + figures.left_jobs);
    assert!(figures.published <= figures.events);
    // Webhooks take a moment; whatever came before midnight and is not answered yet is not published.
    assert!(figures.events - figures.published < 10);
    assert_eq!(figures.bases.iter().sum::<u64>(), figures.forge.iter().sum::<u64>());
    let expected = 200.0 * (inputs.pushes + 2.0 * inputs.updates);
    assert!((figures.events as f64 / expected - 1.0).abs() < 0.1, "{} events, and not {expected}", figures.events);
    let reviews = 200.0 * inputs.updates * (1.0 + inputs.second_review);
    assert!((figures.reviews as f64 / reviews - 1.0).abs() < 0.15, "{} reviews, and not {reviews}", figures.reviews);
    let questions = figures.reviews as f64 * (1.0 + inputs.questions);
    assert!((figures.places.all() as f64 / questions - 1.0).abs() < 0.05, "{} questions", figures.places.all());
}

#[test]
fn as_many_jobs_are_there_as_come_while_one_is() {
    let World { figures, .. } = day(1);
    // Little's law for the worker, its queue included. The way over the service is no part of it.
    let jobs = figures.worker.totals.requests;
    let webhook = 4.0 * 0.05;
    let known = (figures.askable.mean() - webhook) * figures.jobs as f64;
    assert!((jobs / known - 1.0).abs() < 0.02, "{jobs} seconds of jobs, and not {known}");
    let cores = figures.worker.totals.busy / seconds(DAY);
    assert!(cores <= figures.worker.instances.most() * 4.0);
}

#[test]
fn the_same_seed_makes_the_same_day() {
    let told = |world: &World| {
        let figures = &world.figures;
        (figures.events, figures.places, figures.bases, figures.latency.mean().to_bits(), figures.writes.to_bits())
    };
    let (one, same, other) = (day(1), day(1), day(2));
    assert_eq!(told(&one), told(&same));
    assert_ne!(told(&one), told(&other));
}

#[test]
fn the_larger_a_redis_the_more_it_finds() {
    let World { shared, .. } = day(1);
    let all = shared.sizes();
    assert!(all.is_sorted_by(|a, b| a.states.found <= b.states.found && a.answers.found <= b.answers.found));
    assert!(all.iter().all(|redis| redis.peak <= redis.room));
    assert!(all[0].states.found < all[all.len() - 1].states.found, "the smallest is too small");
}

#[test]
fn nothing_that_happens_costs_nothing_but_what_runs_anyhow() {
    let mut inputs = Inputs::default();
    for (name, value) in [("pushes", 1e-6), ("updates", 0.0), ("service_least", 0.0), ("redis_gib", 1.0)] {
        inputs.set(name, value).unwrap();
    }
    let World { figures, shared, .. } = simulate(&inputs, 10, 1);
    let price = Price::of(&figures, shared.redis().room, &inputs);
    assert_eq!((figures.events, price.service, price.worker, price.storage), (0, 0.0, 0.0, 0.0));
    assert!((price.all() - 24.0 * inputs.redis_price).abs() < 1e-9);
    assert!(inputs.set("no such thing", 1.0).is_err());
}

#[test]
fn one_instance_that_is_kept_costs_a_day_of_it() {
    let mut inputs = Inputs::default();
    inputs.set("pushes", 1e-6).unwrap();
    inputs.set("updates", 0.0).unwrap();
    let World { figures, shared, .. } = simulate(&inputs, 10, 1);
    let price = Price::of(&figures, shared.redis().room, &inputs);
    let known = 86_400.0 * (3.0 * 0.000_018 + 4.5 * 0.000_002);
    assert!((price.service / known - 1.0).abs() < 1e-3, "{}, and not {known}", price.service);
}

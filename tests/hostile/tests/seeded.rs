//! Every target with inputs made of its seeds, the same ones on every run. What coverage finds beside these is the matter
//! of `fuzz/`.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use astlas_hostile::{
    mutate::{Random, mutated},
    targets::{DECODERS, PIPELINE, Target},
};

/// Inputs of each decoder, and of the way from source to map.
const DECODED: usize = 20_000;
const MAPPED: usize = 500;
/// Of these the table of all languages is read each time, which takes longer than all the rest.
const SLOW: [&str; 2] = ["languages", "manifest"];

/// Runs a target on its seeds and on what is made of them; says which input it did not survive.
fn run(target: Target, inputs: usize) {
    let seeds = (target.seeds)();
    assert!(!seeds.is_empty(), "{} has no seeds", target.name);
    let mut random = Random::new(5);
    let made = (0..inputs.saturating_sub(seeds.len())).map(|_| mutated(&seeds, &mut random));
    for input in seeds.iter().cloned().chain(made) {
        let outcome = catch_unwind(AssertUnwindSafe(|| (target.run)(&input)));
        assert!(outcome.is_ok(), "{}: see above, on {:?}", target.name, input.escape_ascii().to_string());
    }
    println!("tried: {}: {} inputs", target.name, inputs.max(seeds.len()));
}

#[test]
fn decoders_survive_what_is_made_of_their_seeds() {
    let only = std::env::var("TARGET").ok();
    for &target in DECODERS {
        if only.as_ref().is_none_or(|only| only == target.name) {
            run(target, if SLOW.contains(&target.name) { DECODED / 4 } else { DECODED });
        }
    }
}

#[test]
fn the_way_from_source_to_map_survives_what_is_made_of_sources() {
    run(PIPELINE, MAPPED);
}

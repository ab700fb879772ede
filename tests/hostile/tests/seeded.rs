//! Every target with inputs made of its seeds, the same ones on every run. What coverage finds beside these is the matter
//! of `fuzz/`.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

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

/// `fuzz/` is a workspace of its own, which no test compiles.
#[test]
fn every_target_has_a_program_that_calls_it() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz");
    let read = |path: &str| fs::read_to_string(fuzz.join(path)).unwrap();
    let targets: Vec<&str> = DECODERS.iter().chain([&PIPELINE]).map(|target| target.name).collect();
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let wanted = sorted(targets.iter().map(ToString::to_string).collect());
    // The parts of its Cargo.toml that say so, as they are written there.
    let manifest = read("Cargo.toml");
    let programs = manifest.split("[[bin]]\n").skip(1).map(|part| {
        let name = part.strip_prefix("name = \"").and_then(|rest| rest.split('"').next()).unwrap();
        assert!(part.contains(&format!("path = \"fuzz_targets/{name}.rs\"\n")), "{name}: {part}");
        name.to_owned()
    });
    assert_eq!(sorted(programs.collect()), wanted);
    let files = fs::read_dir(fuzz.join("fuzz_targets")).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap().trim_end_matches(".rs").to_owned());
    assert_eq!(sorted(files.collect()), wanted);
    let documented = read("README.md");
    for name in &wanted {
        let call = format!(
            "#![no_main]\n\nlibfuzzer_sys::fuzz_target!(|bytes: &[u8]| astlas_hostile::targets::{name}(bytes));\n"
        );
        assert_eq!(read(&format!("fuzz_targets/{name}.rs")), call);
        assert!(documented.contains(&format!("`{name}`")), "{name} is not in fuzz/README.md");
    }
}

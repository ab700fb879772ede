//! Stages and use cases stay portable: nothing below them does I/O, and no stage knows another.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::process::Command;

use astlas_tests::target;

/// Crates that wait, listen or connect: a host's business.
const HOSTS_BUSINESS: [&str; 6] = ["tokio", "hyper", "redis", "reqwest", "rusqlite", "wasmtime"];

const STAGES: [&str; 5] = ["parser", "graph", "ranker", "repomap", "symbols"];

/// Names of all crates that a crate is built from, its own included.
fn dependencies(package: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--package", package])
        .current_dir(target().join(".."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn stages_and_use_cases_reach_nothing() {
    for part in STAGES.iter().chain(&["model", "atlas", "pipeline"]) {
        let package = format!("astlas-{part}");
        let dependencies = dependencies(&package);
        assert!(dependencies.contains(&package));
        for name in &dependencies {
            assert!(!HOSTS_BUSINESS.contains(&name.as_str()), "{package} is built from {name}");
            let stage = name.strip_prefix("astlas-").is_some_and(|name| STAGES.contains(&name));
            assert!(!stage || *name == package, "{package} is built from {name}");
        }
    }
}

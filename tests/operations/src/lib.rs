//! What the rules and dashboards of `deploy/` ask for, and what the service declares: read from the files alone, so that
//! nothing has to be built.
#![allow(clippy::panic, clippy::unwrap_used, reason = "what a test relies on may stop it")]

mod declared;
mod mutants;
mod promql;
mod promtool;
mod rules;

use std::{fs, path::PathBuf};

pub use declared::{Family, declared, in_code};
pub use mutants::{Mutant, mutants};
pub use promql::{Names, names};
pub use promtool::{judge, promtool};
pub use rules::{RULES, Rule, rules};

/// A path of the repository.
pub fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The text of a file of the repository.
pub fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

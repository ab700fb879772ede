//! Prometheus' own judge of rules and their tests.

use std::{env, path::Path, path::PathBuf, process::Command};

use super::path;

/// Where `cargo xtask test` puts it.
const BESIDE: &str = "target/prometheus/usr/bin/promtool";

/// Runs promtool in a folder; what it says is the failure, if it is not content.
pub fn promtool(folder: &Path, arguments: &[&str]) {
    if let Err(said) = judge(folder, arguments) {
        panic!("promtool {}: {said}", arguments.join(" "));
    }
}

/// Runs promtool in a folder. What it says is the error, if it is not content.
pub fn judge(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let done = Command::new(program()).args(arguments).current_dir(folder).output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    if done.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&said).into_owned()) }
}

fn program() -> PathBuf {
    if let Some(program) = env::var_os("ASTLAS_PROMTOOL") {
        return program.into();
    }
    let folders = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&folders).map(|folder| folder.join("promtool"));
    on_path.chain([path(BESIDE)]).find(|program| program.is_file()).unwrap_or_else(|| {
        panic!("promtool is missing: install the package `prometheus`, or say in ASTLAS_PROMTOOL where it is")
    })
}

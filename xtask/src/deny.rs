//! The rules of deny.toml, held against every lock file of the tree.
//!
//! Licences, bans and sources: they need no more than crates. Advisories are kept in a git repository, which is not
//! within reach everywhere; `cargo deny check advisories` is for where it is.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{build::root, python, toolchain};

/// The version that deny.toml is written for. It comes as a wheel, because compiling it takes minutes; requirements.txt
/// names its hashes.
const VERSION: &str = "0.20.2";

pub fn check() -> Result<()> {
    let program = program()?;
    for manifest in manifests(&root())? {
        eprintln!("xtask: cargo deny check licenses bans sources: {}", manifest.display());
        // Elsewhere than in the workspace most rules are about crates that are not there.
        let level = if manifest == Path::new("Cargo.toml") { "warn" } else { "error" };
        let mut command = Command::new(&program);
        command.current_dir(root()).args(["--locked", "--workspace", "--config", "deny.toml", "--log-level", level]);
        command.arg("--manifest-path").arg(&manifest).args(["check", "licenses", "bans", "sources"]);
        let status = command.status().with_context(|| program.display().to_string())?;
        ensure!(status.success(), "dependencies of {} break the rules of deny.toml", manifest.display());
    }
    Ok(())
}

/// cargo-deny, installed if this version is missing.
fn program() -> Result<PathBuf> {
    let is_here = |program: &Path| {
        let said = program.to_str().and_then(|program| toolchain::output(program, &["--version"]));
        said.is_some_and(|said| said.trim() == format!("cargo-deny {VERSION}"))
    };
    let own = PathBuf::from("cargo-deny");
    if is_here(&own) {
        return Ok(own);
    }
    let installed = |python: &Path| python.with_file_name("cargo-deny");
    let python = python::environment("deny", &["xtask/requirements.txt"], |python| is_here(&installed(python)))
        .with_context(|| {
            format!("cargo-deny {VERSION} is missing: cargo install cargo-deny --locked --version {VERSION}")
        })?;
    Ok(installed(&python))
}

/// Manifests that have a lock file beside them, below the root.
fn manifests(root: &Path) -> Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (vec![], vec![root.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?.path();
            let name = entry.file_name().unwrap_or_default().to_string_lossy();
            if name == "Cargo.lock" {
                found.push(entry.with_file_name("Cargo.toml").strip_prefix(root)?.to_owned());
            } else if name != "target" && !name.starts_with('.') && entry.is_dir() && !entry.is_symlink() {
                folders.push(entry);
            }
        }
    }
    found.sort();
    Ok(found)
}

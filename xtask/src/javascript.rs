//! What the examples and tests in JavaScript need: their packages, and the pipeline as JavaScript.

use std::{fs, path::Path, process::Command};

use anyhow::{Context, Result, ensure};

use crate::build::{PIPELINE, root};

const EXAMPLES: &str = "examples/javascript";

/// Installs the packages that the lock files name, and transpiles the pipeline, unless that is done.
pub fn ensure() -> Result<()> {
    for folder in [EXAMPLES, "tests/javascript"] {
        let folder = root().join(folder);
        // npm writes it last.
        if !is_newer(&folder.join("node_modules/.package-lock.json"), &folder.join("package-lock.json")) {
            npm(&folder, &["ci", "--no-audit", "--no-fund"])?;
        }
    }
    let (folder, component) = (root().join(EXAMPLES), root().join(format!("target/components/{PIPELINE}.wasm")));
    let transpiled = folder.join("pipeline/pipeline.js");
    if is_newer(&transpiled, &component) { Ok(()) } else { npm(&folder, &["run", "transpile"]) }
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    eprintln!("xtask: npm {} in {}", arguments.join(" "), folder.display());
    let status = Command::new("npm").arg("--silent").args(arguments).current_dir(folder).status();
    let status = status.context("npm does not run; please install Node.js 20 or newer, with npm, by hand")?;
    ensure!(
        status.success(),
        "npm {} failed in {}; it needs Node.js 20 or newer",
        arguments.join(" "),
        folder.display()
    );
    Ok(())
}

/// Whether one file is there and no older than another one.
fn is_newer(made: &Path, from: &Path) -> bool {
    let modified = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((modified(made), modified(from)), (Ok(made), Ok(from)) if made >= from)
}

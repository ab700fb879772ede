//! Tests and lints, with what they need beside the build.

use std::{path::PathBuf, process::Command};

use anyhow::{Context, Result, ensure};

use crate::{
    build::{self, cargo, root, run_cargo},
    toolchain,
};

/// All tests, in the release profile: they drive a real wasm runtime and real parsers, and share the program's build.
pub fn all(arguments: &[String]) -> Result<()> {
    build::all()?;
    let python = python()?;
    let mut command = cargo();
    command.args(["test", "--release", "--workspace", "--exclude", "xtask"]).args(arguments);
    run_cargo(command.env("ASTLAS_PYTHON", python))
}

/// The measurements of benches/.
pub fn bench(arguments: &[String]) -> Result<()> {
    build::all()?;
    build::hello()?;
    run_cargo(cargo().args(["run", "--quiet", "--release", "--package", "astlas-benches", "--"]).args(arguments))
}

pub fn lint() -> Result<()> {
    build::components()?;
    run_cargo(cargo().args(["fmt", "--all", "--check"]))?;
    run_cargo(cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// A Python with networkx, the judge of the ranks: in a virtual environment below target/.
fn python() -> Result<PathBuf> {
    let folder = root().join("target/python");
    let python = folder.join("bin/python");
    let has_networkx = || {
        python.exists()
            && Command::new(&python)
                .args(["-c", "import networkx, scipy"])
                .output()
                .is_ok_and(|done| done.status.success())
    };
    if has_networkx() {
        return Ok(python);
    }
    if toolchain::output("python3", &["-c", "import ensurepip"]).is_none() {
        toolchain::install(&["python3", "python3-venv"])?;
    }
    eprintln!("xtask: installing networkx into target/python");
    let run = |program: &std::ffi::OsStr, arguments: &[&str]| -> Result<()> {
        let status = Command::new(program).args(arguments).current_dir(root()).status().context("running python3")?;
        ensure!(
            status.success(),
            "{} {} failed; the tests need Python 3 with venv and pip",
            program.display(),
            arguments.join(" ")
        );
        Ok(())
    };
    run("python3".as_ref(), &["-m", "venv", "target/python"])?;
    run(python.as_os_str(), &["-m", "pip", "install", "--quiet", "--requirement", "tests/networkx/requirements.txt"])?;
    Ok(python)
}

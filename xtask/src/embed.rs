//! `cargo xtask embed`: `query`, its stages and capabilities that hold all in themselves as one component, for hosts that
//! have WASI and nothing else (examples/serve).

use std::{fs, path};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    build::{LOG, STAGES, core, core_modules, finished, read, root, run_cargo},
    compose, finish, toolchain,
};

/// The capabilities but for telemetry; that is the adapter's that Spin has it from, for it takes WASI alone.
const CAPABILITIES: &str = "example-serve";

/// Composes them with an index: a folder of blobs, as `astlas serve` keeps it for a tenant.
pub fn run(arguments: &[String]) -> Result<()> {
    let [index, output] = arguments else { bail!("embed takes a folder of blobs and the file to write") };
    let index = fs::canonicalize(index).with_context(|| index.clone())?;
    ensure!(index.join("indexes").is_dir(), "{}: no index is in it", index.display());
    let (tools, folder, output) = (toolchain::ensure()?, root().join("target/components"), path::absolute(output)?);
    run_cargo(core_modules(&tools, &[CAPABILITIES]).env("ASTLAS_INDEX", &index))?;
    let mut parts = finished(&folder, &[&STAGES[..], &[LOG]].concat()).context("run `cargo xtask build` first")?;
    parts.push(finish::capabilities(&core(CAPABILITIES)?)?);
    let composed = compose::compose(&read(&folder, "query")?, &parts)?;
    fs::write(&output, composed).with_context(|| output.display().to_string())
}

//! What stands before the first answer: mapping compiled components, making instances, starting the program.

use std::{fs, process::Command, time::Instant};

use anyhow::{Context, Result};
use astlas_engine::{Artifact, Artifacts, config};
use wasmtime::{Store, component::Linker};

use crate::{
    corpora::target,
    measure::{Process, Runs},
    report::{row, runs, table},
};

/// Instances made one after the other for one figure.
const INSTANCES: u32 = 200;

/// A finished component, as `cargo xtask build` left it.
pub fn artifact(name: &'static str) -> Result<Artifact> {
    artifact_in("components", name)
}

/// A finished component in a folder below target/.
pub fn artifact_in(folder: &str, name: &'static str) -> Result<Artifact> {
    let read = |ending: &str| {
        let file = target().join(format!("{folder}/{name}.{ending}"));
        // Kept to the program's end, as what is built into the program is.
        fs::read(&file).map(Vec::leak).with_context(|| format!("{}: run `cargo xtask build`", file.display()))
    };
    let digest = std::str::from_utf8(read("digest")?)?;
    Ok(Artifact { name, digest, component: read("wasm.zst")?, compiled: read("cwasm.zst")? })
}

/// The stages.
pub fn artifacts() -> Result<Artifacts> {
    Ok(Artifacts {
        parser: artifact("parser")?,
        graph: artifact("graph")?,
        ranker: artifact("ranker")?,
        repomap: artifact("repomap")?,
        symbols: artifact("symbols")?,
    })
}

pub fn bench(rounds: u32) -> Result<()> {
    table("Start-up (wall time)", &["component", "load (mapping the compiled file)", "new instance"]);
    let engine = config::engine(1).map_err(anyhow::Error::from)?;
    let folder = tempfile::tempdir()?;
    for artifact in artifacts()?.all() {
        // Leaves the compiled file behind, as a program's first run does.
        artifact.load(&engine, Some(folder.path()))?;
        let (mut load, mut instance) = (Runs::default(), Runs::default());
        for _ in 0..rounds.max(5) {
            let start = Instant::now();
            let component = artifact.load(&engine, Some(folder.path()))?;
            load.push(start.elapsed().as_secs_f64());
            let ready = Linker::<()>::new(&engine).instantiate_pre(&component).map_err(anyhow::Error::from)?;
            let start = Instant::now();
            for _ in 0..INSTANCES {
                ready.instantiate(Store::new(&engine, ())).map_err(anyhow::Error::from)?;
            }
            instance.push(start.elapsed().as_secs_f64() / f64::from(INSTANCES));
        }
        row(&[artifact.name.into(), runs(&load, 1e3, "ms"), runs(&instance, 1e6, "µs")]);
    }

    table("Start of the program", &["command", "CPU", "wall"]);
    let mut process = Process::default();
    for _ in 0..rounds.max(20) {
        process.run(Command::new(target().join("release/astlas")).arg("--version"))?;
    }
    row(&["`astlas --version`".into(), runs(&process.cpu, 1e3, "ms"), runs(&process.wall, 1e3, "ms")]);
    Ok(())
}

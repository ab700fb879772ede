//! The finished components in target/components, run as the program runs them.

use std::fs;

use astlas_engine::{Artifact, Artifacts, Runtime};
use astlas_tests::target;

/// All stages, in their sandboxes.
pub fn stages() -> Runtime {
    Runtime::new(artifacts(), None, 0).unwrap()
}

/// All of them, as they are built into the program.
pub fn artifacts() -> Artifacts {
    Artifacts {
        parser: artifact("parser"),
        graph: artifact("graph"),
        ranker: artifact("ranker"),
        repomap: artifact("repomap"),
        symbols: artifact("symbols"),
    }
}

/// One of them. What is read stays as long as the test runs, as what is built into a program does.
fn artifact(name: &'static str) -> Artifact {
    let read = |ending: &str| {
        let path = target().join("components").join(format!("{name}.{ending}"));
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}: run `cargo xtask build`", path.display()))
    };
    let digest = String::from_utf8(read("digest")).unwrap();
    Artifact {
        name,
        digest: digest.trim().to_owned().leak(),
        component: read("wasm.zst").leak(),
        compiled: read("cwasm.zst").leak(),
    }
}

//! The finished components, built into the program by `build.rs`.

use astlas_engine::{Artifact, Artifacts};

include!(concat!(env!("OUT_DIR"), "/artifacts.rs"));

/// The read side of the service, as a component.
pub fn query() -> Artifact {
    QUERY
}

/// The write side.
pub fn ingest() -> Artifact {
    INGEST
}

/// The stages this program was built with.
pub fn artifacts() -> Artifacts {
    ARTIFACTS
}

//! The finished components, built into the program by `build.rs`.

use astlas_engine::{Artifact, Artifacts};

include!(concat!(env!("OUT_DIR"), "/artifacts.rs"));

/// The stages this program was built with.
pub fn artifacts() -> Artifacts {
    ARTIFACTS
}

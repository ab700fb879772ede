//! Runs the stages: sealed components under wasmtime, compiled ahead of time, pooled, bounded, one instance per thread.

mod artifact;
mod baseline;
mod bindings;
mod bounds;
pub mod config;
mod foreign;
mod parse;
mod plausible;
mod ranker;
mod runtime;
mod stages;

pub use artifact::{Artifact, LoadError};
pub use baseline::Baseline;
pub use bounds::Watch;
pub use foreign::{LanguageComponent, LanguageError};
pub use ranker::KeptGraph;
pub use runtime::{Artifacts, Runtime};

//! The names of many files in, one [`RepositoryGraph`](astlas_model::RepositoryGraph) out; then who uses a file, and
//! what it uses, which files belong together, and which use each other in a circle.
//!
//! The graph depends on the set of files alone, never on the order in which they come, nor on whether it was built at
//! once or updated: paths and names are sorted, and every sum is taken in order of name. What each field means is said in `wit/types/repository.wit`.

mod communities;
mod cycles;
mod edges;
mod files;
mod imports;
mod marks;
mod merge;
mod names;
mod neighbours;
mod places;
mod relation;
mod update;
mod words;

#[cfg(target_family = "wasm")]
mod component;

pub use astlas_model::stages::{Communities, Cycles, FileNames, Neighbour};
pub use astlas_model::{Built, Ledger};
pub use communities::find_communities;
pub use cycles::find_cycles;
pub use neighbours::{dependencies, dependents};
pub use update::{build, update};

/// Why there is no graph, or no answer from it. None of these goes away on a retry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GraphError {
    /// The file asked for is not one of the graph's.
    #[error("the graph has no file {0}")]
    UnknownFile(u32),
    /// Two files of the same path were given.
    #[error("two files have the path {0}")]
    DuplicatePath(String),
    /// More names or references than 32-bit columns can count.
    #[error("the files hold more names or references than a graph can count")]
    TooLarge,
    /// Columns contradict each other.
    #[error("{0}")]
    Corrupt(String),
}

/// Refuses a graph whose columns contradict each other.
fn checked(graph: &astlas_model::RepositoryGraph) -> Result<(), GraphError> {
    graph.fault().map_or(Ok(()), |fault| Err(GraphError::Corrupt(fault.into())))
}

//! What an index leaves behind: the files, their tags' keys, and the graph.

use astlas_model::RepositoryGraph;
use serde::{Deserialize, Serialize};

use crate::ports::Stamp;

/// What is known of one file of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Relative to the root.
    pub path: String,
    /// How it looked when it was read.
    pub stamp: Stamp,
    /// Name of its language; empty if it has none and is left out.
    pub language: String,
    /// blake3 of its content; of a file that is too large, of its size.
    pub content: [u8; 32],
}

/// What was last seen of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When the tree was listed, in nanoseconds since 1970.
    pub listed_at: i64,
    /// All files, sorted by path.
    pub files: Vec<ManifestFile>,
}

/// A repository in one state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The graph; its files are the source files, sorted by path.
    pub graph: RepositoryGraph,
    /// For each of the graph's files, the key of its tags.
    pub tags: Vec<String>,
    /// Definitions and references over all files.
    pub definitions: u64,
    /// References over all files.
    pub references: u64,
    /// Files with at least one diagnostic.
    pub files_with_diagnostics: u64,
}

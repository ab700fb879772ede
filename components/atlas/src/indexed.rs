//! An indexed tree: what all other use cases start from.

use std::collections::BTreeMap;

use crate::snapshot::Snapshot;

/// An indexed tree.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// What the other use cases work on.
    pub snapshot: Snapshot,
    /// Hash of all that the snapshot was made from.
    pub tree: String,
    /// What it took.
    pub report: Report,
    /// The tree that the snapshot was updated from, if it was.
    pub before: Option<Before>,
}

/// The tree as it was indexed before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Before {
    /// Its hash.
    pub tree: String,
    /// For each file of now the number that the file of its path had then.
    pub place: Vec<Option<u32>>,
}

/// What an index took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Source files of the snapshot: `parsed` and `cached` together.
    pub files: usize,
    /// Files that were opened, those included that turned out not to be source.
    pub read: usize,
    /// Bytes of source that were read.
    pub bytes_read: u64,
    /// Files whose tags were made in this run. Of files with the same content each is counted.
    pub parsed: usize,
    /// Files whose tags were there before.
    pub cached: usize,
    /// Whether the graph was there before.
    pub graph_cached: bool,
    /// Whether the graph was updated from that of the tree before.
    pub graph_updated: bool,
    /// Files of each language, by name.
    pub languages: BTreeMap<String, usize>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

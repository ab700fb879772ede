//! The graphs on both sides of a change, and what is looked up in them.

use std::collections::BTreeMap;

use astlas_model::{RepositoryGraph, Strings};

use super::change::ChangedFile;
use crate::indexed::Indexed;

/// The repository after a change and, where that is known, before it.
pub struct Sides<'a> {
    pub after: &'a Indexed,
    pub before: Option<&'a Indexed>,
    /// What a path of before is called now, where that is another one.
    became: BTreeMap<&'a str, &'a str>,
    /// The other way round.
    was: BTreeMap<&'a str, &'a str>,
}

impl<'a> Sides<'a> {
    pub fn new(after: &'a Indexed, before: Option<&'a Indexed>, changed: &'a [ChangedFile]) -> Self {
        let moves = || changed.iter().filter_map(|file| Some((file.old_path.as_deref()?, file.path.as_str())));
        Self { after, before, became: moves().collect(), was: moves().map(|(old, new)| (new, old)).collect() }
    }

    /// What a path of before is called now.
    pub fn now<'b>(&'b self, path: &'b str) -> &'b str {
        self.became.get(path).copied().unwrap_or(path)
    }

    /// What a path of now was called before.
    pub fn then<'b>(&'b self, path: &'b str) -> &'b str {
        self.was.get(path).copied().unwrap_or(path)
    }
}

/// Where a string is in a sorted column.
pub fn position(strings: &Strings, wanted: &str) -> Option<usize> {
    let (mut low, mut high) = (0, strings.len());
    while low < high {
        let middle = usize::midpoint(low, high);
        match strings.get(middle)?.cmp(wanted) {
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// The places of a file's edges in the graph's columns.
pub fn edges_of(graph: &RepositoryGraph, source: u32) -> std::ops::Range<usize> {
    let start = graph.edge_source.partition_point(|&other| other < source);
    start..start + graph.edge_source[start..].partition_point(|&other| other == source)
}

/// How sure it is that a file uses another one; itself it uses for certain.
pub fn confidence(graph: &RepositoryGraph, source: u32, target: u32) -> Option<f64> {
    if source == target {
        return Some(1.0);
    }
    let row = edges_of(graph, source);
    let at = graph.edge_target[row.clone()].binary_search(&target).ok()?;
    graph.edge_confidence.get(row.start + at).copied()
}

/// Whether a file is a test by its path.
pub fn is_test(graph: &RepositoryGraph, file: u32) -> bool {
    graph.file_marks.get(file as usize).is_some_and(|marks| marks.test)
}

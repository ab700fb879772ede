//! Graphs of edges alone, for questions that do not look at names.

use std::collections::BTreeMap;

use astlas_model::{FileMarks, RepositoryGraph};

/// So many files with these edges; of equal ones the last counts.
pub fn network(files: u32, edges: &[(u32, u32, f64)]) -> RepositoryGraph {
    let edges: BTreeMap<_, _> = edges.iter().map(|&(source, target, weight)| ((source, target), weight)).collect();
    RepositoryGraph {
        files: (0..files).map(|file| format!("{file:06}")).collect(),
        file_family: vec![0; files as usize],
        families: ["python"].iter().collect(),
        file_lines: vec![1; files as usize],
        file_marks: vec![FileMarks::default(); files as usize],
        edge_confidence: vec![1.0; edges.len()],
        edge_source: edges.keys().map(|(source, _)| *source).collect(),
        edge_target: edges.keys().map(|(_, target)| *target).collect(),
        edge_weight: edges.into_values().collect(),
        ..RepositoryGraph::default()
    }
}

//! A repository's graph. Fields mean what `wit/types/repository.wit` says.

use serde::{Deserialize, Serialize};

use crate::Strings;

/// Files, names, who defines and who references which name, and one weighted edge for each pair of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/repository.wit")]
pub struct RepositoryGraph {
    pub files: Strings,
    pub names: Strings,
    pub definition_ends: Vec<u32>,
    pub definition_file: Vec<u32>,
    pub reference_ends: Vec<u32>,
    pub reference_file: Vec<u32>,
    pub reference_count: Vec<u32>,
    pub edge_source: Vec<u32>,
    pub edge_target: Vec<u32>,
    pub edge_weight: Vec<f64>,
}

impl RepositoryGraph {
    /// The files that define name `name`.
    pub fn definers(&self, name: usize) -> &[u32] {
        part(&self.definition_file, &self.definition_ends, name)
    }

    /// The files that reference name `name`, and how often each does.
    pub fn referencers(&self, name: usize) -> impl Iterator<Item = (u32, u32)> {
        let files = part(&self.reference_file, &self.reference_ends, name);
        let counts = part(&self.reference_count, &self.reference_ends, name);
        files.iter().copied().zip(counts.iter().copied())
    }

    /// What is wrong with the columns, if anything: readers rely on there being nothing.
    pub fn fault(&self) -> Option<&'static str> {
        let (files, names) = (self.files.len() as u32, self.names.len());
        let ascending = |ends: &[u32], total: usize| {
            ends.is_sorted() && ends.last().map_or(total == 0, |&last| last as usize == total)
        };
        let inside = |column: &[u32]| column.iter().all(|&file| file < files);
        let edges = self.edge_source.len();
        let checks = [
            (self.files.is_sound(), "files: ends do not fit the text"),
            (self.names.is_sound(), "names: ends do not fit the text"),
            (self.definition_ends.len() == names, "definition-ends: not one for each name"),
            (self.reference_ends.len() == names, "reference-ends: not one for each name"),
            (ascending(&self.definition_ends, self.definition_file.len()), "definition-ends: do not fit definition-file"),
            (ascending(&self.reference_ends, self.reference_file.len()), "reference-ends: do not fit reference-file"),
            (self.reference_count.len() == self.reference_file.len(), "reference-count: not one for each reference-file"),
            (inside(&self.definition_file), "definition-file: not a file"),
            (inside(&self.reference_file), "reference-file: not a file"),
            (self.edge_target.len() == edges && self.edge_weight.len() == edges, "edges: columns of different length"),
            (inside(&self.edge_source) && inside(&self.edge_target), "edges: not a file"),
            (self.edge_weight.iter().all(|weight| weight.is_finite() && *weight > 0.0), "edge-weight: not a positive number"),
        ];
        checks.into_iter().find(|(sound, _)| !sound).map(|(_, fault)| fault)
    }
}

/// Part `index` of a column that is cut at `ends`.
fn part<'a, T>(column: &'a [T], ends: &[u32], index: usize) -> &'a [T] {
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |&end| end as usize);
    let end = ends.get(index).map_or(start, |&end| end as usize);
    column.get(start..end).unwrap_or_default()
}

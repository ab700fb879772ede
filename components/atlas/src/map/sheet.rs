//! What the renderer is given: the outlines fetched so far, and which of their lines come first.

use std::collections::BTreeMap;

use astlas_model::{
    RepositoryGraph, Tags,
    stages::{Entries, FileLines},
};

use super::order::Start;
use crate::outline::{Outline, outline};

/// Outlines of some files. Only grows.
#[derive(Default)]
pub struct Sheet {
    /// Index of a file here, by its index in the graph.
    place: BTreeMap<u32, u32>,
    /// The other way round.
    pub files: Vec<u32>,
    /// Lines of each file.
    pub lines: Vec<FileLines>,
    /// What leads to them; without the lines.
    outlines: Vec<Outline>,
}

impl Sheet {
    /// Whether a file is here.
    pub fn has(&self, file: u32) -> bool {
        self.place.contains_key(&file)
    }

    /// Adds a file; without tags it can only be shown by its path.
    pub fn push(&mut self, graph: &RepositoryGraph, file: u32, tags: Option<&Tags>) {
        let path = graph.files.get(file as usize).unwrap_or_default();
        let mut outline = tags.map_or_else(|| outline(path, &Tags::default()), |tags| outline(path, tags));
        self.place.insert(file, self.files.len() as u32);
        self.files.push(file);
        self.lines.push(std::mem::take(&mut outline.lines));
        self.outlines.push(outline);
    }

    /// What to show first. The files must be here.
    pub fn entries(&self, graph: &RepositoryGraph, start: Start<'_>) -> Entries {
        let mut entries = Entries::default();
        self.push_entries(&mut entries, graph, start.context_names, &start.context_files());
        self.push_entries(&mut entries, graph, start.names, &start.files());
        entries
    }

    fn push_entries(&self, entries: &mut Entries, graph: &RepositoryGraph, names: &[(u32, u32)], files: &[u32]) {
        let mut push = |at: u32, line: u32| {
            entries.file.push(at);
            entries.line.push(line);
        };
        for &(file, name) in names {
            let Some(&at) = self.place.get(&file) else { continue };
            for &line in self.outlines[at as usize].lines_of(graph.names.get(name as usize).unwrap_or_default()) {
                push(at, line + 1);
            }
        }
        // What no rank names (headings, keys of documents) and files without definitions come last.
        for at in files.iter().filter_map(|file| self.place.get(file).copied()) {
            let outline = &self.outlines[at as usize];
            outline.unranked_lines().for_each(|line| push(at, line + 1));
            if outline.leads_nowhere() {
                push(at, 0);
            }
        }
    }
}

//! What a map shows first: definitions and files, best first.

use std::collections::BTreeSet;

use astlas_model::stages::Ranks;

use crate::{index::Indexed, rank::Context};

/// All there is to show, without the context files.
pub struct Order {
    /// Definitions: file and name, as the graph numbers them.
    names: Vec<(u32, u32)>,
    /// Files, by their own score.
    files: Vec<u32>,
}

/// The first part of it.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// Definitions: file and name, as the graph numbers them.
    pub names: &'a [(u32, u32)],
    files: &'a [u32],
}

impl Order {
    pub fn new(indexed: &Indexed, context: &Context, ranks: &Ranks) -> Self {
        let context: BTreeSet<u32> = context.files.iter().filter_map(|path| indexed.file(path)).collect();
        let names = ranks.definition_file.iter().copied().zip(ranks.definition_name.iter().copied());
        let mut files: Vec<u32> =
            (0..indexed.snapshot.graph.files.len() as u32).filter(|file| !context.contains(file)).collect();
        let score = |file: u32| ranks.files.get(file as usize).copied().unwrap_or_default();
        files.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
        Self { names: names.filter(|(file, _)| !context.contains(file)).collect(), files }
    }

    /// Up to `most` definitions and as many files.
    pub fn start(&self, most: usize) -> Start<'_> {
        Start { names: &self.names[..most.min(self.names.len())], files: &self.files[..most.min(self.files.len())] }
    }

    /// How much has to be asked for to get everything.
    pub fn len(&self) -> usize {
        self.names.len().max(self.files.len())
    }
}

impl Start<'_> {
    /// Its files, each once: in order of their best definition, then those without any by their own score.
    pub fn files(&self) -> Vec<u32> {
        let mut seen = BTreeSet::new();
        let by_name = self.names.iter().map(|(file, _)| *file);
        by_name.chain(self.files.iter().copied()).filter(|file| seen.insert(*file)).collect()
    }
}

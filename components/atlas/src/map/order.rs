//! What a map shows first: definitions and files, best first.

use std::collections::BTreeSet;

use astlas_model::stages::Ranks;

use super::MapRequest;
use crate::indexed::Indexed;

/// All there is to show. Context files come first, or are left out.
pub struct Order {
    /// Definitions: file and name, as the graph numbers them.
    names: Vec<(u32, u32)>,
    /// How many of them are of context files.
    context_names: usize,
    /// Files, by their own score.
    files: Vec<u32>,
    /// How many of them are context files.
    context_files: usize,
}

/// The first part of it.
#[derive(Clone, Copy)]
pub struct Start<'a> {
    /// Definitions of context files: file and name, as the graph numbers them.
    pub context_names: &'a [(u32, u32)],
    /// Definitions of other files.
    pub names: &'a [(u32, u32)],
    context_files: &'a [u32],
    files: &'a [u32],
}

impl Order {
    pub fn new(indexed: &Indexed, request: &MapRequest, ranks: &Ranks) -> Self {
        let context: BTreeSet<u32> = request.context.files.iter().filter_map(|path| indexed.file(path)).collect();
        let mut files: Vec<u32> = (0..indexed.snapshot.graph.files.len() as u32).collect();
        let score = |file: u32| ranks.files.get(file as usize).copied().unwrap_or_default();
        files.sort_by(|&a, &b| score(b).total_cmp(&score(a)).then(a.cmp(&b)));
        let (mut own_files, files): (Vec<u32>, Vec<u32>) = files.iter().partition(|&file| context.contains(file));
        let names = ranks.definition_file.iter().copied().zip(ranks.definition_name.iter().copied());
        let (mut own_names, names): (Vec<_>, Vec<_>) = names.partition(|(file, _)| context.contains(file));
        if !request.full {
            own_files.clear();
            own_names.clear();
        }
        let (context_names, context_files) = (own_names.len(), own_files.len());
        own_names.extend(names);
        own_files.extend(files);
        Self { names: own_names, context_names, files: own_files, context_files }
    }

    /// Up to `most` definitions and as many files.
    pub fn start(&self, most: usize) -> Start<'_> {
        let (names, files) = (&self.names[..most.min(self.names.len())], &self.files[..most.min(self.files.len())]);
        let (context_names, names) = names.split_at(self.context_names.min(names.len()));
        let (context_files, files) = files.split_at(self.context_files.min(files.len()));
        Start { context_names, names, context_files, files }
    }

    /// How much has to be asked for to get everything.
    pub fn len(&self) -> usize {
        self.names.len().max(self.files.len())
    }
}

impl Start<'_> {
    /// Its files, each once: context files, then the others.
    pub fn all_files(&self) -> Vec<u32> {
        [self.context_files(), self.files()].concat()
    }

    /// Its context files, each once: in order of their best definition, then those without any by their own score.
    pub fn context_files(&self) -> Vec<u32> {
        in_order(self.context_names, self.context_files)
    }

    /// Its other files, in the same order.
    pub fn files(&self) -> Vec<u32> {
        in_order(self.names, self.files)
    }
}

fn in_order(names: &[(u32, u32)], files: &[u32]) -> Vec<u32> {
    let mut seen = BTreeSet::new();
    let by_name = names.iter().map(|(file, _)| *file);
    by_name.chain(files.iter().copied()).filter(|file| seen.insert(*file)).collect()
}

//! Which files use each other in a circle.

use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, StageError, Stages},
};

/// Files of which each uses every other one, directly or over others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cycle {
    /// Their paths, sorted.
    pub files: Vec<String>,
    /// A shortest cycle among them: each file uses the next one, the last one uses the first.
    pub shortest: Vec<String>,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// All cycles that have no file in common, largest first.
    pub fn cycles(&self, indexed: &Indexed) -> Result<Vec<Cycle>, StageError> {
        let graph = &indexed.snapshot.graph;
        let found = self.stages.cycles(graph)?;
        let path = |&file: &u32| graph.files.get(file as usize).unwrap_or_default().to_owned();
        let paths = |files: &[u32]| files.iter().map(path).collect::<Vec<_>>();
        Ok(found.iter().map(|(files, shortest)| Cycle { files: paths(files), shortest: paths(shortest) }).collect())
    }
}

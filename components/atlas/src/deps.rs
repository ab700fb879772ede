//! What a file depends on, and what depends on it.

use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, StageError, Stages},
};

/// A file that is a dependency or a dependent.
#[derive(Clone, Debug, PartialEq)]
pub struct Dependency {
    /// Its path.
    pub file: String,
    /// Edges on the shortest way to it, from 1.
    pub depth: u32,
    /// Weight of the last edge on that way.
    pub weight: f64,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Files that `file` uses or, reversed, that use it, up to `depth` edges away (0: without bound).
    pub fn dependencies(
        &self,
        indexed: &Indexed,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Dependency>, StageError> {
        let graph = &indexed.snapshot.graph;
        let neighbours = self.stages.neighbours(graph, file, depth, reverse)?;
        let dependency = |neighbour: astlas_model::stages::Neighbour| Dependency {
            file: graph.files.get(neighbour.file as usize).unwrap_or_default().to_owned(),
            depth: neighbour.depth,
            weight: neighbour.weight,
        };
        Ok(neighbours.into_iter().map(dependency).collect())
    }
}

//! How much a file is tied to others at all: no walk, no query.

use astlas_model::RepositoryGraph;

use crate::{Scores, definitions};

/// For a file the weights of its edges, in and out; for a definition its share of that.
pub fn scores(graph: &RepositoryGraph) -> Scores {
    let mut files = vec![0.0; graph.files.len()];
    for (source, target, weight) in graph.edges() {
        files[source as usize] += weight;
        files[target as usize] += weight;
    }
    Scores { definitions: definitions::shared(graph, &files), files, ..Scores::default() }
}

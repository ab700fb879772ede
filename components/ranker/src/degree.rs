//! How much a file is tied to others at all: no walk, no query.

use astlas_model::RepositoryGraph;

/// For each file the weights of its edges, in and out.
pub fn scores(graph: &RepositoryGraph) -> Vec<f64> {
    let mut files = vec![0.0; graph.files.len()];
    for (source, target, weight) in graph.edges() {
        files[source as usize] += weight;
        files[target as usize] += weight;
    }
    files
}

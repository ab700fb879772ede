//! How much a file is tied to others at all: no walk, no query.

use astlas_model::RepositoryGraph;

use crate::Scores;

/// For a file the weights of its edges, in and out; for a definition its part of those that point to its file.
///
/// They are added up from the names, which is far quicker than from the edges: a name's definers all receive the same,
/// less what each says of itself.
pub fn scores(graph: &RepositoryGraph) -> Scores {
    let mut files = vec![0.0; graph.files.len()];
    let mut definitions = Vec::with_capacity(graph.definition_file.len());
    // What each file says of the name at hand; 0 for all between names.
    let mut said = vec![0.0; graph.files.len()];
    for name in 0..graph.names.len() {
        let definers = graph.definers(name);
        let of_one = |count: u32| f64::from(count).sqrt() / definers.len() as f64;
        let mut all = 0.0;
        for (file, count) in graph.referencers(name) {
            let others = definers.len() - usize::from(definers.binary_search(&file).is_ok());
            files[file as usize] += of_one(count) * others as f64;
            said[file as usize] = of_one(count);
            all += of_one(count);
        }
        for &file in definers {
            let received = all - said[file as usize];
            files[file as usize] += received;
            definitions.push(received);
        }
        graph.referencers(name).for_each(|(file, _)| said[file as usize] = 0.0);
    }
    Scores { files, definitions, iterations: 0, contributions: vec![] }
}

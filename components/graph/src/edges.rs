//! From names to one weighted edge for each pair of files.

use astlas_model::RepositoryGraph;

use crate::relation::ByFile;

/// Adds the edges to a graph whose names are complete; `references` are the same as the graph's, file by file.
///
/// One source file at a time, its weights are summed in a scratch column with a place for every file. What is kept is
/// the distinct pairs and nothing larger, however many files define a name.
pub fn connect(graph: &mut RepositoryGraph, references: &ByFile) {
    let mut weights = vec![0.0; graph.files.len()];
    let mut met: Vec<u32> = Vec::new();
    let (mut sources, mut targets, mut sums) = (Vec::new(), Vec::new(), Vec::new());
    for (source, row) in references.rows().enumerate() {
        for (name, count) in row {
            let definers = graph.definers(name as usize);
            let weight = f64::from(count).sqrt() / definers.len() as f64;
            for &target in definers {
                let sum = &mut weights[target as usize];
                if *sum == 0.0 {
                    met.push(target);
                }
                *sum += weight;
            }
        }
        met.sort_unstable();
        for target in met.drain(..) {
            let weight = std::mem::take(&mut weights[target as usize]);
            if target as usize != source {
                sources.push(source as u32);
                targets.push(target);
                sums.push(weight);
            }
        }
    }
    (graph.edge_source, graph.edge_target, graph.edge_weight) = (sources, targets, sums);
}

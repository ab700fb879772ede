//! Who uses whom, one edge away.

use astlas_model::RepositoryGraph;

use super::{greater, logarithms_of_greatest, roots_of_greatest};

/// Context files use it.
pub fn uses(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    beside(graph, context, |(source, target, weight)| (source, target, weight))
}

/// It uses context files.
pub fn used_by(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    beside(graph, context, |(source, target, weight)| (target, source, weight))
}

/// How many files use it.
pub fn popularity(graph: &RepositoryGraph) -> Vec<f64> {
    let mut users = vec![0u32; graph.files.len()];
    graph.edge_target.iter().for_each(|&target| users[target as usize] += 1);
    logarithms_of_greatest(users.into_iter().map(f64::from))
}

/// For each file the weight of its edge with a context file, which `turn` puts first.
fn beside(graph: &RepositoryGraph, context: &[u32], turn: impl Fn((u32, u32, f64)) -> (u32, u32, f64)) -> Vec<f64> {
    let mut place = vec![None; graph.files.len()];
    context.iter().enumerate().for_each(|(index, &file)| place[file as usize] = Some(index));
    let mut found = vec![Vec::new(); context.len()];
    for (own, other, weight) in graph.edges().map(turn) {
        if let Some(index) = place[own as usize] {
            found[index].push((other, weight));
        }
    }
    let mut greatest = vec![0.0; graph.files.len()];
    for found in found {
        let (files, weights): (Vec<u32>, Vec<f64>) = found.into_iter().unzip();
        for (file, value) in files.into_iter().zip(roots_of_greatest(weights)) {
            greater(&mut greatest[file as usize..=file as usize], &[value]);
        }
    }
    greatest
}

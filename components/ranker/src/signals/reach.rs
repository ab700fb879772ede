//! What can be reached from the context over a few edges.

use std::ops::Range;

use astlas_model::RepositoryGraph;

use super::roots_of_greatest;

/// Rounds of the walk: what is further away has nothing to do with the change. Fixed, so that no bound on the change of
/// a round has to be chosen.
const ROUNDS: u32 = 8;
/// Share of the walk that goes on in each round; the rest begins anew.
const GOES_ON: f64 = 0.85;

/// A walk over edges in either direction that restarts in the context.
pub fn reach(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    let mut out = vec![0.0; graph.files.len()];
    for (source, target, weight) in graph.edges() {
        out[source as usize] += weight;
        out[target as usize] += weight;
    }
    let per_weight: Vec<f64> = out.iter().map(|&sum| if sum > 0.0 { 1.0 / sum } else { 0.0 }).collect();
    let mut start = vec![0.0; graph.files.len()];
    context.iter().for_each(|&file| start[file as usize] = 1.0 / context.len() as f64);

    let by_source = by_source(graph);
    let (mut share, mut next) = (start.clone(), vec![0.0; start.len()]);
    for _ in 0..ROUNDS {
        let moving: Vec<f64> = share.iter().zip(&per_weight).map(|(share, per_weight)| share * per_weight).collect();
        next.fill(0.0);
        for edges in &by_source {
            let source = graph.edge_source[edges.start] as usize;
            let mut back = 0.0;
            for (&target, weight) in graph.edge_target[edges.clone()].iter().zip(&graph.edge_weight[edges.clone()]) {
                next[target as usize] += moving[source] * weight;
                back += moving[target as usize] * weight;
            }
            next[source] += back;
        }
        let stranded: f64 = share.iter().zip(&per_weight).filter(|(_, per)| **per == 0.0).map(|(share, _)| share).sum();
        let anew = 1.0 - GOES_ON + GOES_ON * stranded;
        for ((share, next), start) in share.iter_mut().zip(&next).zip(&start) {
            *share = GOES_ON * next + anew * start;
        }
    }
    context.iter().for_each(|&file| share[file as usize] = 0.0);
    roots_of_greatest(share)
}

/// Where the edges of each source are.
fn by_source(graph: &RepositoryGraph) -> Vec<Range<usize>> {
    let mut start = 0;
    let runs = graph.edge_source.chunk_by(|one, next| one == next);
    let range = |run: &[u32]| {
        start += run.len();
        start - run.len()..start
    };
    runs.map(range).collect()
}

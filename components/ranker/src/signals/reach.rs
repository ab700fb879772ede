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
            let mut back = [0.0; 4];
            let mut walk = |target: u32, weight: f64, lane: usize| {
                next[target as usize] += moving[source] * weight;
                back[lane] += moving[target as usize] * weight;
            };
            // Four at a time: one sum alone would wait for each addition.
            let (targets, last_targets) = graph.edge_target[edges.clone()].as_chunks::<4>();
            let (weights, last_weights) = graph.edge_weight[edges.clone()].as_chunks::<4>();
            for (targets, weights) in targets.iter().zip(weights) {
                for lane in 0..4 {
                    walk(targets[lane], weights[lane], lane);
                }
            }
            last_targets.iter().zip(last_weights).for_each(|(&target, &weight)| walk(target, weight, 0));
            next[source] += (back[0] + back[1]) + (back[2] + back[3]);
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

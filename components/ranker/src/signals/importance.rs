//! What the repository as a whole makes of a file.

use astlas_model::RepositoryGraph;

use super::logarithms_of_greatest;

/// Share of rank that follows a file's edges; the rest is spread over all files.
const DAMPING: f64 = 0.85;
/// Change in one round, summed over all files, at which the ranks have settled: what is left to the fixed point is below
/// 6e-11, wherever they began.
const SETTLED: f64 = 1e-11;
/// Rounds after which they have settled in any case.
const ROUNDS: u32 = 200;

/// The logarithm of PageRank. `ranks` are those of [`pagerank`].
pub fn importance(ranks: &[f64]) -> Vec<f64> {
    let files = ranks.len() as f64;
    logarithms_of_greatest(ranks.iter().map(|rank| rank * files))
}

/// PageRank over the graph's weighted edges, and the rounds it took; they sum to 1. `before` are ranks to go on from: one
/// for each file, or none. They save rounds and change nothing else.
pub fn pagerank(graph: &RepositoryGraph, before: &[f64]) -> (Vec<f64>, u32) {
    let files = graph.files.len();
    let mut out = vec![0.0; files];
    graph.edges().for_each(|(source, _, weight)| out[source as usize] += weight);
    let even = 1.0 / files.max(1) as f64;
    let known: f64 = before.iter().sum();
    let mut ranks: Vec<f64> = match before.len() == files && known > 0.0 {
        true => before.iter().map(|rank| rank / known).collect(),
        false => vec![even; files],
    };
    let (mut next, mut moving) = (vec![0.0; files], vec![0.0; files]);
    let (mut rounds, mut change) = (0, f64::INFINITY);
    while change > SETTLED && rounds < ROUNDS {
        let mut stranded = 0.0;
        for ((moving, rank), out) in moving.iter_mut().zip(&ranks).zip(&out) {
            *moving = if *out > 0.0 { rank / out } else { 0.0 };
            stranded += if *out > 0.0 { 0.0 } else { *rank };
        }
        next.fill(0.0);
        for (source, target, weight) in graph.edges() {
            next[target as usize] += moving[source as usize] * weight;
        }
        let spread = (1.0 - DAMPING + DAMPING * stranded) * even;
        change = 0.0;
        for (rank, next) in ranks.iter_mut().zip(&next) {
            let settled = DAMPING * next + spread;
            change += (settled - *rank).abs();
            *rank = settled;
        }
        rounds += 1;
    }
    (ranks, rounds)
}

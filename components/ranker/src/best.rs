//! The best definitions, in order.

use std::cmp::Ordering;

use astlas_model::RepositoryGraph;

use crate::{Ranks, Scores};

/// A definition and its score.
struct Ranked {
    score: f64,
    file: u32,
    name: u32,
}

impl Ranked {
    /// Best first; ties by file, then name. No two definitions are equal.
    fn order(&self, other: &Self) -> Ordering {
        other.score.total_cmp(&self.score).then(self.file.cmp(&other.file)).then(self.name.cmp(&other.name))
    }
}

/// The scores as the answer, with at most `limit` definitions (0: all).
pub fn ranks(graph: &RepositoryGraph, scores: Scores, limit: usize) -> Ranks {
    let mut ranked = Vec::with_capacity(scores.definitions.len());
    let mut definition_scores = scores.definitions.iter();
    for name in 0..graph.names.len() {
        let definers = graph.definers(name).iter().zip(definition_scores.by_ref());
        ranked.extend(definers.map(|(&file, &score)| Ranked { score, file, name: name as u32 }));
    }
    if (1..ranked.len()).contains(&limit) {
        // Most callers want a few of very many: only those are sorted.
        ranked.select_nth_unstable_by(limit, Ranked::order);
        ranked.truncate(limit);
    }
    ranked.sort_unstable_by(Ranked::order);
    Ranks {
        files: scores.files,
        definition_file: ranked.iter().map(|ranked| ranked.file).collect(),
        definition_name: ranked.iter().map(|ranked| ranked.name).collect(),
        definition_score: ranked.iter().map(|ranked| ranked.score).collect(),
        iterations: scores.iterations,
        contributions: scores.contributions,
        settled: scores.settled,
    }
}

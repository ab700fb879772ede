//! Which definitions of a file matter: its score, shared out by who uses each of them.

use std::collections::BTreeSet;

use astlas_model::RepositoryGraph;

use crate::RankQuery;

/// What a reference from a context file counts, against one from any other file.
const FROM_CONTEXT: f64 = 20.0;
/// What a mentioned name counts, against any other; without any reference as much as another with one.
const MENTIONED: f64 = 10.0;
/// What a definition has without any reference.
const UNUSED: f64 = 0.1;

/// As [`scores`], without anything known of a change.
pub fn shared(graph: &RepositoryGraph, files: &[f64]) -> Vec<f64> {
    scores(graph, &RankQuery::default(), &[], files)
}

/// One score for each entry of the graph's `definition_file`. Those of a file sum to its score.
///
/// A name counts √(number of references) from each file that references it, its own file apart, 20 times as much from a
/// context file; shared by the files that define it; ten times as much if it was mentioned.
pub fn scores(graph: &RepositoryGraph, query: &RankQuery, context: &[u32], files: &[f64]) -> Vec<f64> {
    let mentioned: BTreeSet<&str> = query.mentioned_names.iter().map(String::as_str).collect();
    let mut from = vec![1.0; graph.files.len()];
    context.iter().for_each(|&file| from[file as usize] = FROM_CONTEXT);
    let mut totals = vec![0.0; graph.files.len()];
    let mut scores = Vec::with_capacity(graph.definition_file.len());
    // What each file says of the name at hand; 0 for all between names.
    let mut said = vec![0.0; graph.files.len()];
    for (name, text) in graph.names.iter().enumerate() {
        let definers = graph.definers(name);
        let mut all = 0.0;
        for (file, count) in graph.referencers(name) {
            said[file as usize] = from[file as usize] * f64::from(count).sqrt();
            all += said[file as usize];
        }
        let (factor, least) = if mentioned.contains(text) { (MENTIONED, 1.0) } else { (1.0, UNUSED) };
        for &file in definers {
            let score = factor * (least + (all - said[file as usize]) / definers.len() as f64);
            totals[file as usize] += score;
            scores.push(score);
        }
        graph.referencers(name).for_each(|(file, _)| said[file as usize] = 0.0);
    }
    for (score, &file) in scores.iter_mut().zip(&graph.definition_file) {
        *score *= files[file as usize] / totals[file as usize];
    }
    scores
}

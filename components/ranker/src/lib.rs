//! A [`RepositoryGraph`] in, the weight of every file and definition out.
//!
//! A profile says how much a use of a name counts and where attention starts; the walk over files and names that turns
//! this into ranks is the same for all. Every sum is taken in the graph's order, so the same graph and query give the
//! same bits on every host. What each field means is said in `wit/ranker/ranker.wit`.

mod best;
mod betweenness;
mod classic;
mod default;
mod degree;
mod start;
mod walk;
mod weight;

#[cfg(target_family = "wasm")]
mod component;

use astlas_model::RepositoryGraph;

pub use astlas_model::stages::{Profile, RankQuery, Ranks, Strategy};

/// Why there are no ranks. None of these goes away on a retry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RankError {
    /// An index of the query is not one of the graph's files.
    #[error("the graph has no file {0}")]
    UnknownFile(u32),
    /// The graph's columns contradict each other.
    #[error("{0}")]
    Corrupt(String),
}

/// Ranks all files and definitions of a repository for one query.
pub fn rank(graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, RankError> {
    if let Some(fault) = graph.fault() {
        return Err(RankError::Corrupt(fault.into()));
    }
    let mut asked = query.context.iter().chain(&query.mentioned_files);
    if let Some(&file) = asked.find(|&&file| file as usize >= graph.files.len()) {
        return Err(RankError::UnknownFile(file));
    }
    let scores = match (query.strategy, query.profile) {
        (Strategy::Degree, _) => degree::scores(graph),
        (Strategy::Betweenness, _) => betweenness::scores(graph),
        (Strategy::Pagerank, Profile::Default) => default::scores(graph, query),
        (Strategy::Pagerank, Profile::Classic) => classic::scores(graph, query),
    };
    Ok(best::ranks(graph, scores, query.definition_limit as usize))
}

/// What a profile or strategy works out.
struct Scores {
    /// One for each of the graph's files.
    files: Vec<f64>,
    /// One for each entry of the graph's `definition_file`.
    definitions: Vec<f64>,
    iterations: u32,
}

//! A [`RepositoryGraph`] in, the weight of every file and definition out.
//!
//! The default profile adds up what many signals say of a file (`default`, `signals`, `weights`). The classic profile is
//! a walk over files and names (`classic`, `weight`, `start`, `walk`). Every sum is taken in the graph's order and every
//! logarithm by the same library, so the same graph and query give the same bits on every host. What each field means is
//! said in `wit/ranker/ranker.wit`.

mod best;
mod betweenness;
mod classic;
mod default;
mod definitions;
mod degree;
mod signals;
mod start;
mod walk;
mod weight;
mod weights;

#[cfg(target_family = "wasm")]
mod component;

use std::{borrow::Cow, cell::OnceCell};

use astlas_model::{History, RepositoryGraph, stages::Contribution};

use signals::Paths;

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
    /// There is no graph to rank.
    #[error("no graph is kept")]
    NothingKept,
}

/// Ranks all files and definitions of a repository for one query.
pub fn rank(graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, RankError> {
    Repository::new(Cow::Borrowed(graph))?.rank(query)
}

/// A graph that was checked, and what all queries need of it.
pub struct Repository<'g> {
    graph: Cow<'g, RepositoryGraph>,
    paths: OnceCell<Paths>,
}

impl<'g> Repository<'g> {
    /// Refuses a graph whose columns contradict each other.
    pub fn new(graph: Cow<'g, RepositoryGraph>) -> Result<Self, RankError> {
        match graph.fault() {
            Some(fault) => Err(RankError::Corrupt(fault.into())),
            None => Ok(Self { graph, paths: OnceCell::new() }),
        }
    }

    /// The paths, taken apart when they are first needed.
    fn paths(&self) -> &Paths {
        self.paths.get_or_init(|| Paths::new(&self.graph))
    }

    /// Ranks all files and definitions for one query.
    pub fn rank(&self, query: &RankQuery) -> Result<Ranks, RankError> {
        let graph = &*self.graph;
        check(graph, query)?;
        let scores = match (query.strategy, query.profile) {
            (Strategy::Degree, _) => measured(graph, query, degree::scores(graph)),
            (Strategy::Betweenness, _) => measured(graph, query, betweenness::scores(graph)),
            (Strategy::Pagerank, Profile::Default) => default::scores(self, query),
            (Strategy::Pagerank, Profile::Classic) => classic::scores(graph, query),
        };
        Ok(best::ranks(graph, scores, query.definition_limit as usize))
    }
}

/// Refuses a query that does not fit the graph.
fn check(graph: &RepositoryGraph, query: &RankQuery) -> Result<(), RankError> {
    if let Some(fault) = query.history.as_ref().and_then(History::fault) {
        return Err(RankError::Corrupt(fault.into()));
    }
    let mut asked = query.context.iter().chain(&query.mentioned_files).chain(&query.explain);
    if let Some(&file) = asked.find(|&&file| file as usize >= graph.files.len()) {
        return Err(RankError::UnknownFile(file));
    }
    if !query.before.is_empty() && query.before.len() != graph.files.len() {
        return Err(RankError::Corrupt("before: not one for each file".into()));
    }
    if !query.before.iter().all(|rank| (0.0..=1.0).contains(rank)) {
        return Err(RankError::Corrupt("before: not from 0 to 1".into()));
    }
    Ok(())
}

/// Scores of files; a definition has its share of its file's, by who uses it.
fn measured(graph: &RepositoryGraph, query: &RankQuery, files: Vec<f64>) -> Scores {
    let definitions = if query.files_only { vec![] } else { definitions::shared(graph, &files) };
    Scores { files, definitions, ..Scores::default() }
}

/// What a profile or strategy works out.
#[derive(Default)]
struct Scores {
    /// One for each of the graph's files.
    files: Vec<f64>,
    /// One for each entry of the graph's `definition_file`, or none if files alone are ranked.
    definitions: Vec<f64>,
    iterations: u32,
    /// What makes up the scores of the files that were to be explained.
    contributions: Vec<Contribution>,
    /// Where the walk over all files settled, if there was one.
    settled: Vec<f64>,
}

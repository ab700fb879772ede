//! The ranker: conversions between the model's nouns and those of `wit/ranker`, and graphs that it keeps.

use std::sync::{Mutex, PoisonError};

use astlas_atlas::ports::StageError;
use astlas_model::{
    History, RepositoryGraph,
    stages::{Contribution, Profile, RankQuery, Ranks, Signal, Strategy},
};

use crate::{
    bindings::ranker::{
        RankerComponent,
        exports::astlas::{ranker::ranker as wit, types::history},
    },
    runtime::{Instance, Runtime, failure},
};

/// A graph in an instance of the ranker that belongs to it alone: what every query needs of it is at hand.
pub struct KeptGraph {
    instance: Mutex<Option<Instance<RankerComponent>>>,
}

impl Runtime {
    /// Hands a graph to an instance of its own, for many queries.
    pub fn keep(&self, graph: &RepositoryGraph) -> Result<KeptGraph, StageError> {
        let mut instance = self.instantiate(&self.ranker)?;
        let kept = instance.bindings.astlas_ranker_ranker().call_keep(&mut instance.store, &graph.clone().into());
        kept.map_err(|error| failure("ranker", &error))?.map_err(rank_error)?;
        Ok(KeptGraph { instance: Mutex::new(Some(instance)) })
    }
}

impl KeptGraph {
    /// As the stage's `rank`. A call that was stopped takes the graph with it: all further ones fail.
    pub fn rank(&self, query: &RankQuery) -> Result<Ranks, StageError> {
        let mut place = self.instance.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = || StageError { stage: "ranker", message: "the graph it kept is gone".into() };
        // Only an instance that answered is put back.
        let mut instance = place.take().ok_or_else(gone)?;
        let ranks = instance.bindings.astlas_ranker_ranker().call_rank_kept(&mut instance.store, &rank_query(query));
        let ranks = ranks.map_err(|error| failure("ranker", &error))?;
        *place = Some(instance);
        ranks.map(Into::into).map_err(rank_error)
    }
}

pub fn rank_error(error: wit::RankError) -> StageError {
    StageError { stage: "ranker", message: format!("{error:?}") }
}

pub fn rank_query(query: &RankQuery) -> wit::RankQuery {
    wit::RankQuery {
        profile: match query.profile {
            Profile::Default => wit::Profile::Default,
            Profile::Classic => wit::Profile::Classic,
        },
        strategy: match query.strategy {
            Strategy::Pagerank => wit::Strategy::Pagerank,
            Strategy::Degree => wit::Strategy::Degree,
            Strategy::Betweenness => wit::Strategy::Betweenness,
        },
        context: query.context.clone(),
        mentioned_files: query.mentioned_files.clone(),
        mentioned_names: query.mentioned_names.clone(),
        definition_limit: query.definition_limit,
        files_only: query.files_only,
        history: query.history.clone().map(Into::into),
        explain: query.explain.clone(),
        before: query.before.clone(),
    }
}

impl From<History> for history::History {
    fn from(history: History) -> Self {
        Self {
            paths: history.paths.into(),
            commit_ends: history.commit_ends,
            commit_path: history.commit_path,
            commit_age: history.commit_age,
            commit_size: history.commit_size,
        }
    }
}

impl From<wit::Ranks> for Ranks {
    fn from(ranks: wit::Ranks) -> Self {
        Self {
            files: ranks.files,
            definition_file: ranks.definition_file,
            definition_name: ranks.definition_name,
            definition_score: ranks.definition_score,
            iterations: ranks.iterations,
            contributions: ranks.contributions.into_iter().map(Into::into).collect(),
            settled: ranks.settled,
        }
    }
}

impl From<wit::Contribution> for Contribution {
    fn from(contribution: wit::Contribution) -> Self {
        let wit::Contribution { file, signal, value, amount } = contribution;
        let signal = match signal {
            wit::Signal::Uses => Signal::Uses,
            wit::Signal::UsedBy => Signal::UsedBy,
            wit::Signal::Reach => Signal::Reach,
            wit::Signal::Path => Signal::Path,
            wit::Signal::Counterpart => Signal::Counterpart,
            wit::Signal::Folder => Signal::Folder,
            wit::Signal::Family => Signal::Family,
            wit::Signal::Words => Signal::Words,
            wit::Signal::ChangedTogether => Signal::ChangedTogether,
            wit::Signal::ChangeReach => Signal::ChangeReach,
            wit::Signal::Size => Signal::Size,
            wit::Signal::Popularity => Signal::Popularity,
            wit::Signal::Importance => Signal::Importance,
            wit::Signal::Mention => Signal::Mention,
            wit::Signal::Vendored => Signal::Vendored,
            wit::Signal::Generated => Signal::Generated,
            wit::Signal::Minified => Signal::Minified,
            wit::Signal::Fixture => Signal::Fixture,
            wit::Signal::Document => Signal::Document,
        };
        Self { file, signal, value, amount }
    }
}

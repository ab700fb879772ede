//! Graphs that instances of the ranker keep.

use std::sync::{Mutex, PoisonError};

use astlas_atlas::ports::StageError;
use astlas_model::{
    RepositoryGraph,
    stages::{RankQuery, Ranks},
};

use crate::{
    bindings::ranker::{RankerComponent, exports::astlas::ranker::ranker as wit},
    runtime::{Instance, Runtime, failure},
};

/// A graph in an instance of the ranker that belongs to it alone: what every query needs of it is at hand.
pub struct KeptGraph {
    instance: Mutex<Option<Instance<RankerComponent>>>,
}

impl Runtime {
    /// Hands a graph to an instance of its own, for many queries.
    pub fn keep(&self, graph: &RepositoryGraph) -> Result<KeptGraph, StageError> {
        let mut instance = self.instantiate(&self.loaded.ranker)?;
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
        let ranks = instance.bindings.astlas_ranker_ranker().call_rank_kept(&mut instance.store, &query.clone().into());
        let ranks = ranks.map_err(|error| failure("ranker", &error))?;
        *place = Some(instance);
        ranks.map(Into::into).map_err(rank_error)
    }
}

pub fn rank_error(error: wit::RankError) -> StageError {
    let message = match error {
        wit::RankError::UnknownFile(file) => format!("the graph has no file {file}"),
        wit::RankError::Corrupt(fault) => fault,
        wit::RankError::NothingKept => "no graph is kept".into(),
    };
    StageError { stage: "ranker", message }
}

//! The ranker as a component: its functions over the nouns of `wit/ranker`, and the graph that an
//! instance keeps.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use std::{borrow::Cow, cell::RefCell};

use astlas_model::{convert_columns, convert_history, convert_ranker, convert_repository};

use crate::Repository;

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/ranker"],
    world: "astlas:ranker/ranker-component",
    generate_all,
});

use exports::astlas::{
    ranker::ranker::{Guest, RankError, RankQuery, Ranks},
    types::repository::RepositoryGraph,
};

convert_columns!(exports::astlas::types::columns);
convert_repository!(exports::astlas::types::repository);
convert_history!(exports::astlas::types::history);
convert_ranker!(exports::astlas::ranker::ranker);

struct Component;

thread_local! {
    static KEPT: RefCell<Option<Repository<'static>>> = const { RefCell::new(None) };
}

impl Guest for Component {
    fn rank(graph: RepositoryGraph, query: RankQuery) -> Result<Ranks, RankError> {
        Ok(crate::rank(&graph.into(), &query.into())?.into())
    }

    fn keep(graph: RepositoryGraph) -> Result<(), RankError> {
        // What was kept goes first: there may be no room for both.
        KEPT.take();
        KEPT.set(Some(Repository::new(Cow::Owned(graph.into()))?));
        Ok(())
    }

    fn rank_kept(query: RankQuery) -> Result<Ranks, RankError> {
        KEPT.with_borrow(|kept| match kept {
            Some(repository) => Ok(repository.rank(&query.into())?.into()),
            None => Err(RankError::NothingKept),
        })
    }
}

impl From<crate::RankError> for RankError {
    fn from(error: crate::RankError) -> Self {
        match error {
            crate::RankError::UnknownFile(file) => Self::UnknownFile(file),
            crate::RankError::Corrupt(fault) => Self::Corrupt(fault),
            crate::RankError::NothingKept => Self::NothingKept,
        }
    }
}

export!(Component);

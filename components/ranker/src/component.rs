//! The ranker as a component: conversions between its nouns and those of `wit/ranker`, and the graph that an instance
//! keeps.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use std::{borrow::Cow, cell::RefCell};

use astlas_model::{self as model, stages};

use crate::Repository;

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/ranker"],
    world: "astlas:ranker/ranker-component",
    generate_all,
});

use exports::astlas::ranker::ranker::{Contribution, Guest, Profile, RankError, RankQuery, Ranks, Signal, Strategy};
use exports::astlas::types::{
    columns::Strings,
    history::History,
    repository::{FileMarks, RepositoryGraph},
};

struct Component;

impl Guest for Component {
    fn rank(graph: RepositoryGraph, query: RankQuery) -> Result<Ranks, RankError> {
        Ok(ranks_out(crate::rank(&graph_in(graph), &query_in(query))?))
    }

    fn keep(graph: RepositoryGraph) -> Result<(), RankError> {
        // What was kept goes first: there may be no room for both.
        KEPT.take();
        let repository = Repository::new(Cow::Owned(graph_in(graph)))?;
        KEPT.set(Some(repository));
        Ok(())
    }

    fn rank_kept(query: RankQuery) -> Result<Ranks, RankError> {
        KEPT.with_borrow(|kept| match kept {
            Some(repository) => Ok(ranks_out(repository.rank(&query_in(query))?)),
            None => Err(RankError::NothingKept),
        })
    }
}

thread_local! {
    static KEPT: RefCell<Option<Repository<'static>>> = const { RefCell::new(None) };
}

fn ranks_out(ranks: stages::Ranks) -> Ranks {
    Ranks {
        files: ranks.files,
        definition_file: ranks.definition_file,
        definition_name: ranks.definition_name,
        definition_score: ranks.definition_score,
        iterations: ranks.iterations,
        contributions: ranks.contributions.into_iter().map(contribution_out).collect(),
        settled: ranks.settled,
    }
}

fn query_in(query: RankQuery) -> stages::RankQuery {
    stages::RankQuery {
        profile: match query.profile {
            Profile::Default => stages::Profile::Default,
            Profile::Classic => stages::Profile::Classic,
        },
        strategy: match query.strategy {
            Strategy::Pagerank => stages::Strategy::Pagerank,
            Strategy::Degree => stages::Strategy::Degree,
            Strategy::Betweenness => stages::Strategy::Betweenness,
        },
        context: query.context,
        mentioned_files: query.mentioned_files,
        mentioned_names: query.mentioned_names,
        definition_limit: query.definition_limit,
        files_only: query.files_only,
        history: query.history.map(history_in),
        explain: query.explain,
        before: query.before,
    }
}

fn history_in(history: History) -> model::History {
    model::History {
        paths: history.paths.into(),
        commit_ends: history.commit_ends,
        commit_path: history.commit_path,
        commit_age: history.commit_age,
        commit_size: history.commit_size,
    }
}

fn contribution_out(contribution: stages::Contribution) -> Contribution {
    let stages::Contribution { file, signal, value, amount } = contribution;
    Contribution { file, signal: signal_out(signal), value, amount }
}

fn signal_out(signal: stages::Signal) -> Signal {
    match signal {
        stages::Signal::Uses => Signal::Uses,
        stages::Signal::UsedBy => Signal::UsedBy,
        stages::Signal::Reach => Signal::Reach,
        stages::Signal::Path => Signal::Path,
        stages::Signal::Counterpart => Signal::Counterpart,
        stages::Signal::Folder => Signal::Folder,
        stages::Signal::Family => Signal::Family,
        stages::Signal::Words => Signal::Words,
        stages::Signal::ChangedTogether => Signal::ChangedTogether,
        stages::Signal::ChangeReach => Signal::ChangeReach,
        stages::Signal::Size => Signal::Size,
        stages::Signal::Popularity => Signal::Popularity,
        stages::Signal::Importance => Signal::Importance,
        stages::Signal::Mention => Signal::Mention,
        stages::Signal::Vendored => Signal::Vendored,
        stages::Signal::Generated => Signal::Generated,
        stages::Signal::Minified => Signal::Minified,
        stages::Signal::Fixture => Signal::Fixture,
        stages::Signal::Document => Signal::Document,
    }
}

impl From<Strings> for model::Strings {
    fn from(column: Strings) -> Self {
        Self { text: column.text, ends: column.ends }
    }
}

model::marks_from_flags!(FileMarks);

fn graph_in(graph: RepositoryGraph) -> model::RepositoryGraph {
    model::convert_graph!(graph => model::RepositoryGraph)
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

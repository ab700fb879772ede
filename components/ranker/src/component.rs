//! The ranker as a component: conversions between its nouns and those of `wit/ranker`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{self as model, stages};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/ranker"],
    world: "astlas:ranker/ranker-component",
    generate_all,
});

use exports::astlas::ranker::ranker::{Guest, Profile, RankError, RankQuery, Ranks, Strategy};
use exports::astlas::types::{columns::Strings, repository::RepositoryGraph};

struct Component;

impl Guest for Component {
    fn rank(graph: RepositoryGraph, query: RankQuery) -> Result<Ranks, RankError> {
        let ranks = crate::rank(&graph_in(graph), &query_in(query))?;
        Ok(Ranks {
            files: ranks.files,
            definition_file: ranks.definition_file,
            definition_name: ranks.definition_name,
            definition_score: ranks.definition_score,
            iterations: ranks.iterations,
        })
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
    }
}

impl From<Strings> for model::Strings {
    fn from(column: Strings) -> Self {
        Self { text: column.text, ends: column.ends }
    }
}

fn graph_in(graph: RepositoryGraph) -> model::RepositoryGraph {
    model::convert_graph!(graph => model::RepositoryGraph)
}

impl From<crate::RankError> for RankError {
    fn from(error: crate::RankError) -> Self {
        match error {
            crate::RankError::UnknownFile(file) => Self::UnknownFile(file),
            crate::RankError::Corrupt(fault) => Self::Corrupt(fault),
        }
    }
}

export!(Component);

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

fn strings_in(column: Strings) -> model::Strings {
    model::Strings { text: column.text, ends: column.ends }
}

fn graph_in(graph: RepositoryGraph) -> model::RepositoryGraph {
    model::RepositoryGraph {
        files: strings_in(graph.files),
        names: strings_in(graph.names),
        definition_ends: graph.definition_ends,
        definition_file: graph.definition_file,
        reference_ends: graph.reference_ends,
        reference_file: graph.reference_file,
        reference_count: graph.reference_count,
        unresolved_references: graph.unresolved_references,
        edge_source: graph.edge_source,
        edge_target: graph.edge_target,
        edge_weight: graph.edge_weight,
    }
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

//! The graph as a component: its functions over the nouns of `wit/graph`.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{convert_columns, convert_graph, convert_repository};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/graph"],
    world: "astlas:graph/graph-component",
    generate_all,
});

use exports::astlas::{
    graph::graph::{Built, Communities, Cycles, FileNames, GraphError, Guest, Neighbour},
    types::{columns::Strings, repository::RepositoryGraph},
};

convert_columns!(exports::astlas::types::columns);
convert_repository!(exports::astlas::types::repository);
convert_graph!(exports::astlas::graph::graph);

struct Component;

impl Guest for Component {
    fn build(paths: Strings, files: Vec<FileNames>) -> Result<Built, GraphError> {
        Ok(crate::build(&paths.into(), &all(files))?.into())
    }

    fn update(before: Built, removed: Strings, paths: Strings, files: Vec<FileNames>) -> Result<Built, GraphError> {
        Ok(crate::update(&before.into(), &removed.into(), &paths.into(), &all(files))?.into())
    }

    fn dependencies(graph: RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
        Ok(all(crate::dependencies(&graph.into(), file, depth)?))
    }

    fn dependents(graph: RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
        Ok(all(crate::dependents(&graph.into(), file, depth)?))
    }

    fn find_communities(graph: RepositoryGraph) -> Result<Communities, GraphError> {
        Ok(crate::find_communities(&graph.into())?.into())
    }

    fn find_cycles(graph: RepositoryGraph) -> Result<Cycles, GraphError> {
        Ok(crate::find_cycles(&graph.into())?.into())
    }
}

fn all<One: Into<Other>, Other>(entries: Vec<One>) -> Vec<Other> {
    entries.into_iter().map(Into::into).collect()
}

impl From<crate::GraphError> for GraphError {
    fn from(error: crate::GraphError) -> Self {
        match error {
            crate::GraphError::UnknownFile(file) => Self::UnknownFile(file),
            crate::GraphError::DuplicatePath(path) => Self::DuplicatePath(path),
            crate::GraphError::TooLarge => Self::TooLarge,
            crate::GraphError::Corrupt(fault) => Self::Corrupt(fault),
        }
    }
}

export!(Component);

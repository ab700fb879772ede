//! The graph as a component: conversions between its nouns and those of `wit/graph`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{self as model, stages};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/graph"],
    world: "astlas:graph/graph-component",
    generate_all,
});

use exports::astlas::graph::graph::{Built, Communities, Cycles, FileNames, GraphError, Guest, Ledger, Neighbour};
use exports::astlas::types::{
    columns::Strings,
    repository::{FileMarks, RepositoryGraph},
};

struct Component;

impl Guest for Component {
    fn build(paths: Strings, files: Vec<FileNames>) -> Result<Built, GraphError> {
        Ok(built_out(crate::build(&paths.into(), &all_names(files))?))
    }

    fn update(before: Built, removed: Strings, paths: Strings, files: Vec<FileNames>) -> Result<Built, GraphError> {
        let ledger = model::convert_ledger!(before.ledger => model::Ledger);
        let before = model::Built { graph: graph_in(before.graph), ledger };
        Ok(built_out(crate::update(&before, &removed.into(), &paths.into(), &all_names(files))?))
    }

    fn dependencies(graph: RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
        Ok(neighbours(crate::dependencies(&graph_in(graph), file, depth)?))
    }

    fn dependents(graph: RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
        Ok(neighbours(crate::dependents(&graph_in(graph), file, depth)?))
    }

    fn find_communities(graph: RepositoryGraph) -> Result<Communities, GraphError> {
        let stages::Communities { community, modularity } = crate::find_communities(&graph_in(graph))?;
        Ok(Communities { community, modularity })
    }

    fn find_cycles(graph: RepositoryGraph) -> Result<Cycles, GraphError> {
        let stages::Cycles { file, file_ends, shortest, shortest_ends } = crate::find_cycles(&graph_in(graph))?;
        Ok(Cycles { file, file_ends, shortest, shortest_ends })
    }
}

impl From<Strings> for model::Strings {
    fn from(column: Strings) -> Self {
        Self { text: column.text, ends: column.ends }
    }
}

impl From<model::Strings> for Strings {
    fn from(column: model::Strings) -> Self {
        Self { text: column.text, ends: column.ends }
    }
}

model::marks_from_flags!(FileMarks);
model::marks_to_flags!(FileMarks);

fn all_names(files: Vec<FileNames>) -> Vec<stages::FileNames> {
    files.into_iter().map(file_names).collect()
}

fn file_names(file: FileNames) -> stages::FileNames {
    stages::FileNames {
        names: file.names.into(),
        definitions: file.definitions,
        references: file.references,
        exports: file.exports,
        import_path: file.import_path.into(),
        import_name: file.import_name.into(),
        family: file.family,
        lines: file.lines,
        marks: file.marks.into(),
    }
}

fn neighbours(found: Vec<stages::Neighbour>) -> Vec<Neighbour> {
    found.into_iter().map(|stages::Neighbour { file, depth, weight }| Neighbour { file, depth, weight }).collect()
}

fn graph_in(graph: RepositoryGraph) -> model::RepositoryGraph {
    model::convert_graph!(graph => model::RepositoryGraph)
}

fn built_out(built: model::Built) -> Built {
    Built {
        graph: model::convert_graph!(built.graph => RepositoryGraph),
        ledger: model::convert_ledger!(built.ledger => Ledger),
    }
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

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

use exports::astlas::graph::graph::{Communities, Cycles, FileNames, GraphError, Guest, Neighbour};
use exports::astlas::types::{
    columns::Strings,
    repository::{FileMarks, RepositoryGraph},
};

struct Component;

impl Guest for Component {
    fn build(paths: Strings, files: Vec<FileNames>) -> Result<RepositoryGraph, GraphError> {
        let files: Vec<stages::FileNames> = files.into_iter().map(file_names).collect();
        Ok(graph_out(crate::build(&strings_in(paths), &files)?))
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

fn strings_in(column: Strings) -> model::Strings {
    model::Strings { text: column.text, ends: column.ends }
}

fn strings_out(column: model::Strings) -> Strings {
    Strings { text: column.text, ends: column.ends }
}

fn file_names(file: FileNames) -> stages::FileNames {
    stages::FileNames {
        names: strings_in(file.names),
        definitions: file.definitions,
        references: file.references,
        exports: file.exports,
        import_path: strings_in(file.import_path),
        import_name: strings_in(file.import_name),
        family: file.family,
        lines: file.lines,
        marks: marks_in(file.marks),
    }
}

fn marks_in(marks: FileMarks) -> model::FileMarks {
    model::FileMarks {
        test: marks.contains(FileMarks::TEST),
        vendored: marks.contains(FileMarks::VENDORED),
        generated: marks.contains(FileMarks::GENERATED),
        minified: marks.contains(FileMarks::MINIFIED),
        fixture: marks.contains(FileMarks::FIXTURE),
        document: marks.contains(FileMarks::DOCUMENT),
    }
}

fn marks_out(marks: model::FileMarks) -> FileMarks {
    let mut out = FileMarks::empty();
    out.set(FileMarks::TEST, marks.test);
    out.set(FileMarks::VENDORED, marks.vendored);
    out.set(FileMarks::GENERATED, marks.generated);
    out.set(FileMarks::MINIFIED, marks.minified);
    out.set(FileMarks::FIXTURE, marks.fixture);
    out.set(FileMarks::DOCUMENT, marks.document);
    out
}

fn neighbours(found: Vec<stages::Neighbour>) -> Vec<Neighbour> {
    found.into_iter().map(|stages::Neighbour { file, depth, weight }| Neighbour { file, depth, weight }).collect()
}

fn graph_in(graph: RepositoryGraph) -> model::RepositoryGraph {
    model::RepositoryGraph {
        files: strings_in(graph.files),
        file_family: graph.file_family,
        families: strings_in(graph.families),
        file_lines: graph.file_lines,
        file_marks: graph.file_marks.into_iter().map(marks_in).collect(),
        names: strings_in(graph.names),
        definition_ends: graph.definition_ends,
        definition_file: graph.definition_file,
        reference_ends: graph.reference_ends,
        reference_file: graph.reference_file,
        reference_count: graph.reference_count,
        unresolved_references: graph.unresolved_references,
        words: strings_in(graph.words),
        word_ends: graph.word_ends,
        word_file: graph.word_file,
        edge_source: graph.edge_source,
        edge_target: graph.edge_target,
        edge_weight: graph.edge_weight,
        edge_confidence: graph.edge_confidence,
    }
}

fn graph_out(graph: model::RepositoryGraph) -> RepositoryGraph {
    RepositoryGraph {
        files: strings_out(graph.files),
        file_family: graph.file_family,
        families: strings_out(graph.families),
        file_lines: graph.file_lines,
        file_marks: graph.file_marks.into_iter().map(marks_out).collect(),
        names: strings_out(graph.names),
        definition_ends: graph.definition_ends,
        definition_file: graph.definition_file,
        reference_ends: graph.reference_ends,
        reference_file: graph.reference_file,
        reference_count: graph.reference_count,
        unresolved_references: graph.unresolved_references,
        words: strings_out(graph.words),
        word_ends: graph.word_ends,
        word_file: graph.word_file,
        edge_source: graph.edge_source,
        edge_target: graph.edge_target,
        edge_weight: graph.edge_weight,
        edge_confidence: graph.edge_confidence,
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

//! The columns of a graph, listed once for all who pass one over a boundary.

/// A [`RepositoryGraph`](crate::RepositoryGraph) as another type with the same columns: that of a stage's bindings, or
/// back. A column that is not listed here does not compile.
#[macro_export]
macro_rules! convert_graph {
    ($graph:expr => $type:ty) => {{
        type Converted = $type;
        let graph = $graph;
        Converted {
            files: graph.files.into(),
            file_family: graph.file_family,
            families: graph.families.into(),
            file_lines: graph.file_lines,
            file_marks: graph.file_marks.into_iter().map(Into::into).collect(),
            names: graph.names.into(),
            definition_ends: graph.definition_ends,
            definition_file: graph.definition_file,
            reference_ends: graph.reference_ends,
            reference_file: graph.reference_file,
            reference_count: graph.reference_count,
            unresolved_references: graph.unresolved_references,
            words: graph.words.into(),
            word_ends: graph.word_ends,
            word_file: graph.word_file,
            edge_source: graph.edge_source,
            edge_target: graph.edge_target,
            edge_weight: graph.edge_weight,
            edge_confidence: graph.edge_confidence,
        }
    }};
}

/// A [`Ledger`](crate::Ledger) as another type with the same columns, as [`convert_graph`] does it.
#[macro_export]
macro_rules! convert_ledger {
    ($ledger:expr => $type:ty) => {{
        type Converted = $type;
        let ledger = $ledger;
        Converted {
            names: ledger.names.into(),
            reference_ends: ledger.reference_ends,
            reference_file: ledger.reference_file,
            reference_count: ledger.reference_count,
            export_ends: ledger.export_ends,
            export_file: ledger.export_file,
            import_ends: ledger.import_ends,
            import_path: ledger.import_path.into(),
            import_name: ledger.import_name.into(),
        }
    }};
}

/// Conversion of a file's marks from the flags of a stage's bindings.
#[macro_export]
macro_rules! marks_from_flags {
    ($flags:ty) => {
        impl From<$flags> for $crate::FileMarks {
            fn from(flags: $flags) -> Self {
                Self {
                    test: flags.contains(<$flags>::TEST),
                    vendored: flags.contains(<$flags>::VENDORED),
                    generated: flags.contains(<$flags>::GENERATED),
                    minified: flags.contains(<$flags>::MINIFIED),
                    fixture: flags.contains(<$flags>::FIXTURE),
                    document: flags.contains(<$flags>::DOCUMENT),
                }
            }
        }
    };
}

/// Conversion of a file's marks to the flags of a stage's bindings.
#[macro_export]
macro_rules! marks_to_flags {
    ($flags:ty) => {
        impl From<$crate::FileMarks> for $flags {
            fn from(marks: $crate::FileMarks) -> Self {
                let of = |is: bool, flag: Self| if is { flag } else { Self::empty() };
                of(marks.test, Self::TEST)
                    | of(marks.vendored, Self::VENDORED)
                    | of(marks.generated, Self::GENERATED)
                    | of(marks.minified, Self::MINIFIED)
                    | of(marks.fixture, Self::FIXTURE)
                    | of(marks.document, Self::DOCUMENT)
            }
        }
    };
}

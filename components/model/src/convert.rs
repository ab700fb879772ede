//! Between the model's nouns and the same ones as `wit/` declares them. Whoever passes them over a boundary has types of
//! its own, generated from there: a stage for what it exports, a host for what it calls, a function for what it imports.
//! All of them convert by these macros, given the module that holds the generated types. A field or a word that is
//! missing on one side does not compile.

/// Conversions in both directions of a record. Fields convert by `into`; those of `each` are lists that convert entry by
/// entry, those of `maybe` are options. Where a name differs, the generated one comes first.
#[doc(hidden)]
#[macro_export]
macro_rules! same_fields {
    (
        $wit:ty = $model:ty { $($field:ident),* $(,)? }
        $(each { $($theirs:ident = $ours:ident),* $(,)? })?
        $(maybe { $($option:ident),* $(,)? })?
    ) => {
        #[allow(clippy::useless_conversion, reason = "most fields have the same type on both sides")]
        impl From<$wit> for $model {
            fn from(from: $wit) -> Self {
                Self {
                    $($field: from.$field.into(),)*
                    $($($ours: from.$theirs.into_iter().map(Into::into).collect(),)*)?
                    $($($option: from.$option.map(Into::into),)*)?
                }
            }
        }

        #[allow(clippy::useless_conversion, reason = "most fields have the same type on both sides")]
        impl From<$model> for $wit {
            fn from(from: $model) -> Self {
                Self {
                    $($field: from.$field.into(),)*
                    $($($theirs: from.$ours.into_iter().map(Into::into).collect(),)*)?
                    $($($option: from.$option.map(Into::into),)*)?
                }
            }
        }
    };
}

/// Conversions in both directions of an enum.
#[doc(hidden)]
#[macro_export]
macro_rules! same_words {
    ($wit:ty = $model:ty { $($word:ident),* $(,)? }) => {
        impl From<$wit> for $model {
            fn from(from: $wit) -> Self {
                match from { $(<$wit>::$word => Self::$word),* }
            }
        }

        impl From<$model> for $wit {
            fn from(from: $model) -> Self {
                match from { $(<$model>::$word => Self::$word),* }
            }
        }
    };
}

/// Types of `astlas:types/columns`.
#[macro_export]
macro_rules! convert_columns {
    ($($wit:ident)::+) => {
        $crate::same_fields!($($wit)::+::Strings = $crate::Strings { text, ends });
    };
}

/// Types of `astlas:types/tags`.
#[macro_export]
macro_rules! convert_tags {
    ($($wit:ident)::+) => {
        $crate::same_words!($($wit)::+::DefinitionType = $crate::tags::DefinitionType {
            Class, Constant, Constructor, Enumeration, Field, Function, Implementation, Interface, Macro, Method,
            Module, Object, Property, Section, Struct, Trait, Type, Union, Variable, Variant,
        });
        $crate::same_words!($($wit)::+::ReferenceType = $crate::tags::ReferenceType {
            Call, Class, Identifier, Implementation, Module, Type,
        });
        $crate::same_words!($($wit)::+::DiagnosticType = $crate::tags::DiagnosticType {
            SyntaxError, MissingToken, Binary, InvalidUtf8, TooLarge, WorkLimit, ParserFailed,
        });
        $crate::same_fields!($($wit)::+::Definitions = $crate::tags::Definitions {
            name, start_line, end_line, start_byte, end_byte, name_line, scope, signature, doc,
        } each { type_ = types });
        $crate::same_fields!($($wit)::+::References = $crate::tags::References {
            name, line, start_byte, end_byte, scope,
        } each { type_ = types });
        $crate::same_fields!($($wit)::+::Imports = $crate::tags::Imports { path, name, line });
        $crate::same_fields!($($wit)::+::Exports = $crate::tags::Exports { name, line });
        $crate::same_fields!($($wit)::+::Diagnostics = $crate::tags::Diagnostics { line, message } each { type_ = types });
        $crate::same_fields!($($wit)::+::FileTags = $crate::Tags {
            language, lines, generated, minified, names, definitions, references, imports, exports, diagnostics,
        });
    };
}

/// Types of `astlas:types/repository`.
#[macro_export]
macro_rules! convert_repository {
    ($($wit:ident)::+) => {
        impl From<$($wit)::+::FileMarks> for $crate::FileMarks {
            fn from(flags: $($wit)::+::FileMarks) -> Self {
                use $($wit)::+::FileMarks as Flags;
                Self {
                    test: flags.contains(Flags::TEST),
                    vendored: flags.contains(Flags::VENDORED),
                    generated: flags.contains(Flags::GENERATED),
                    minified: flags.contains(Flags::MINIFIED),
                    fixture: flags.contains(Flags::FIXTURE),
                    document: flags.contains(Flags::DOCUMENT),
                }
            }
        }

        impl From<$crate::FileMarks> for $($wit)::+::FileMarks {
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

        $crate::same_fields!($($wit)::+::RepositoryGraph = $crate::RepositoryGraph {
            files, file_family, families, file_lines, names, definition_ends, definition_file, reference_ends,
            reference_file, reference_count, unresolved_references, words, word_ends, word_file, edge_source,
            edge_target, edge_weight, edge_confidence,
        } each { file_marks = file_marks });
    };
}

/// Types of `astlas:types/history`.
#[macro_export]
macro_rules! convert_history {
    ($($wit:ident)::+) => {
        $crate::same_fields!($($wit)::+::History = $crate::History {
            paths, commit_ends, commit_path, commit_age, commit_size,
        });
    };
}

/// Types of `astlas:parser/parser`.
#[macro_export]
macro_rules! convert_parser {
    ($($wit:ident)::+) => {
        $crate::same_fields!($($wit)::+::Language = $crate::Language {
            name, extensions, file_names, interpreters, family, document, revision,
        });
    };
}

/// Types of `astlas:graph/graph`.
#[macro_export]
macro_rules! convert_graph {
    ($($wit:ident)::+) => {
        $crate::same_fields!($($wit)::+::FileNames = $crate::stages::FileNames {
            names, definitions, references, exports, import_path, import_name, family, lines, marks,
        });
        $crate::same_fields!($($wit)::+::Ledger = $crate::Ledger {
            names, reference_ends, reference_file, reference_count, export_ends, export_file, import_ends,
            import_path, import_name,
        });
        $crate::same_fields!($($wit)::+::Built = $crate::Built { graph, ledger });
        $crate::same_fields!($($wit)::+::Neighbour = $crate::stages::Neighbour { file, depth, weight });
        $crate::same_fields!($($wit)::+::Communities = $crate::stages::Communities { community, modularity });
        $crate::same_fields!($($wit)::+::Cycles = $crate::stages::Cycles { file, file_ends, shortest, shortest_ends });
    };
}

/// Types of `astlas:ranker/ranker`.
#[macro_export]
macro_rules! convert_ranker {
    ($($wit:ident)::+) => {
        $crate::same_words!($($wit)::+::Profile = $crate::stages::Profile { Default, Classic });
        $crate::same_words!($($wit)::+::Strategy = $crate::stages::Strategy { Pagerank, Degree, Betweenness });
        $crate::same_words!($($wit)::+::Signal = $crate::stages::Signal {
            Uses, UsedBy, Reach, Path, Counterpart, Folder, Family, Words, ChangedTogether, ChangeReach, Size,
            Popularity, Importance, Mention, Vendored, Generated, Minified, Fixture, Document,
        });
        $crate::same_fields!($($wit)::+::RankQuery = $crate::stages::RankQuery {
            profile, strategy, context, mentioned_files, mentioned_names, definition_limit, files_only, explain,
            before,
        } maybe { history });
        $crate::same_fields!($($wit)::+::Contribution = $crate::stages::Contribution { file, signal, value, amount });
        $crate::same_fields!($($wit)::+::Ranks = $crate::stages::Ranks {
            files, definition_file, definition_name, definition_score, iterations, settled,
        } each { contributions = contributions });
    };
}

/// Types of `astlas:repomap/repomap`.
#[macro_export]
macro_rules! convert_repomap {
    ($($wit:ident)::+) => {
        $crate::same_words!($($wit)::+::Tokenizer = $crate::stages::Tokenizer { O200k, Cl100k, Chars });
        $crate::same_words!($($wit)::+::MapOrder = $crate::stages::MapOrder { Relevance, Path });
        $crate::same_fields!($($wit)::+::FileLines = $crate::stages::FileLines { path, line, scope, text });
        $crate::same_fields!($($wit)::+::Entries = $crate::stages::Entries { file, line });
        $crate::same_fields!($($wit)::+::Options = $crate::stages::RenderOptions { tokenizer, budget, order });
        $crate::same_fields!($($wit)::+::ShownFile = $crate::stages::ShownFile { file, tokens, lines });
        $crate::same_fields!($($wit)::+::Rendered = $crate::stages::Rendered { text, tokens, complete }
            each { files = files });
    };
}

/// Types of `astlas:symbols/symbols`.
#[macro_export]
macro_rules! convert_symbols {
    ($($wit:ident)::+) => {
        $crate::same_words!($($wit)::+::SearchMode = $crate::stages::SearchMode { Exact, Prefix, Fuzzy });
        $crate::same_fields!($($wit)::+::Hit = $crate::stages::Hit { name, score });
    };
}

/// All of these, for those who have the whole of `astlas:...` below one module.
#[macro_export]
macro_rules! convert_all {
    ($($astlas:ident)::+) => {
        $crate::convert_columns!($($astlas)::+::types::columns);
        $crate::convert_tags!($($astlas)::+::types::tags);
        $crate::convert_repository!($($astlas)::+::types::repository);
        $crate::convert_history!($($astlas)::+::types::history);
        $crate::convert_parser!($($astlas)::+::parser::parser);
        $crate::convert_graph!($($astlas)::+::graph::graph);
        $crate::convert_ranker!($($astlas)::+::ranker::ranker);
        $crate::convert_repomap!($($astlas)::+::repomap::repomap);
        $crate::convert_symbols!($($astlas)::+::symbols::symbols);
    };
}

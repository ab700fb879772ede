//! What wasmtime generates from the contracts in `wit/`, one module for each stage. Types that stages share are
//! generated for each: a component exports the types it uses, so that it need not import them.
#![allow(missing_docs, reason = "documented in wit/")]

use wasmtime::{
    Store, StoreLimits,
    component::{Component, Linker},
};

/// A stage's exports, once it runs.
pub trait World: Sized {
    /// A fresh instance of the component.
    fn instantiate(
        store: &mut Store<StoreLimits>,
        component: &Component,
        linker: &Linker<StoreLimits>,
    ) -> wasmtime::Result<Self>;
}

macro_rules! stage {
    ($module:ident, $exports:ident, $folder:literal, $world:literal) => {
        pub mod $module {
            wasmtime::component::bindgen!({ path: ["../../wit/types", $folder], world: $world });

            impl From<astlas_model::Strings> for exports::astlas::types::columns::Strings {
                fn from(column: astlas_model::Strings) -> Self {
                    Self { text: column.text, ends: column.ends }
                }
            }

            impl From<exports::astlas::types::columns::Strings> for astlas_model::Strings {
                fn from(column: exports::astlas::types::columns::Strings) -> Self {
                    Self { text: column.text, ends: column.ends }
                }
            }
        }

        impl World for $module::$exports {
            fn instantiate(
                store: &mut Store<StoreLimits>,
                component: &Component,
                linker: &Linker<StoreLimits>,
            ) -> wasmtime::Result<Self> {
                Self::instantiate(store, component, linker)
            }
        }
    };
}

stage!(parser, ParserComponent, "../../wit/parser", "astlas:parser/parser-component");
stage!(graph, GraphComponent, "../../wit/graph", "astlas:graph/graph-component");
stage!(ranker, RankerComponent, "../../wit/ranker", "astlas:ranker/ranker-component");
stage!(repomap, RepomapComponent, "../../wit/repomap", "astlas:repomap/repomap-component");
stage!(symbols, SymbolsComponent, "../../wit/symbols", "astlas:symbols/symbols-component");

impl From<parser::exports::astlas::parser::parser::Language> for astlas_model::Language {
    fn from(language: parser::exports::astlas::parser::parser::Language) -> Self {
        Self {
            name: language.name,
            extensions: language.extensions,
            file_names: language.file_names,
            interpreters: language.interpreters,
            family: language.family,
            document: language.document,
            revision: language.revision,
        }
    }
}

/// Both stages that take or give a graph have a type of their own for it, with the same fields.
macro_rules! graph_conversions {
    ($module:ident) => {
        astlas_model::marks_to_flags!($module::exports::astlas::types::repository::FileMarks);

        impl From<astlas_model::RepositoryGraph> for $module::exports::astlas::types::repository::RepositoryGraph {
            fn from(graph: astlas_model::RepositoryGraph) -> Self {
                astlas_model::convert_graph!(
                    graph => $module::exports::astlas::types::repository::RepositoryGraph
                )
            }
        }
    };
}

graph_conversions!(graph);
graph_conversions!(ranker);

impl From<graph::exports::astlas::graph::graph::Built> for astlas_model::Built {
    fn from(built: graph::exports::astlas::graph::graph::Built) -> Self {
        Self {
            graph: astlas_model::convert_graph!(built.graph => astlas_model::RepositoryGraph),
            ledger: astlas_model::convert_ledger!(built.ledger => astlas_model::Ledger),
        }
    }
}

impl From<astlas_model::Built> for graph::exports::astlas::graph::graph::Built {
    fn from(built: astlas_model::Built) -> Self {
        Self {
            graph: built.graph.into(),
            ledger: astlas_model::convert_ledger!(built.ledger => graph::exports::astlas::graph::graph::Ledger),
        }
    }
}

impl From<astlas_model::stages::FileNames> for graph::exports::astlas::graph::graph::FileNames {
    fn from(file: astlas_model::stages::FileNames) -> Self {
        Self {
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
}

astlas_model::marks_from_flags!(graph::exports::astlas::types::repository::FileMarks);

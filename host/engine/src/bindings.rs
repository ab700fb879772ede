//! What wasmtime generates from the contracts in `wit/`, one module for each stage. Types that stages share are
//! generated for each: a component exports the types it uses, so that it need not import them.
#![allow(missing_docs, reason = "documented in wit/")]

use wasmtime::{
    Store,
    component::{Component, Linker},
};

use crate::bounds::Bounds;

/// A stage's exports, once it runs.
pub trait World: Sized {
    /// A fresh instance of the component.
    fn instantiate(store: &mut Store<Bounds>, component: &Component, linker: &Linker<Bounds>)
    -> wasmtime::Result<Self>;
}

macro_rules! stage {
    ($module:ident, $exports:ident, $folder:literal, $world:literal) => {
        pub mod $module {
            wasmtime::component::bindgen!({ path: ["../../wit/types", $folder], world: $world });

            astlas_model::convert_columns!(exports::astlas::types::columns);
        }

        impl World for $module::$exports {
            fn instantiate(
                store: &mut Store<Bounds>,
                component: &Component,
                linker: &Linker<Bounds>,
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

astlas_model::convert_tags!(parser::exports::astlas::types::tags);
astlas_model::convert_parser!(parser::exports::astlas::parser::parser);
astlas_model::convert_repository!(graph::exports::astlas::types::repository);
astlas_model::convert_graph!(graph::exports::astlas::graph::graph);
astlas_model::convert_repository!(ranker::exports::astlas::types::repository);
astlas_model::convert_history!(ranker::exports::astlas::types::history);
astlas_model::convert_ranker!(ranker::exports::astlas::ranker::ranker);
astlas_model::convert_repomap!(repomap::exports::astlas::repomap::repomap);
astlas_model::convert_symbols!(symbols::exports::astlas::symbols::symbols);

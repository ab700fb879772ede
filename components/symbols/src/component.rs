//! The search as a component: conversions between its nouns and those of `wit/symbols`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{self as model, stages};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/symbols"],
    world: "astlas:symbols/symbols-component",
    generate_all,
});

use exports::astlas::symbols::symbols::{Guest, Hit, SearchError, SearchMode};
use exports::astlas::types::columns::Strings;

struct Component;

impl Guest for Component {
    fn search(names: Strings, query: String, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, SearchError> {
        let names = model::Strings { text: names.text, ends: names.ends };
        let mode = match mode {
            SearchMode::Exact => stages::SearchMode::Exact,
            SearchMode::Prefix => stages::SearchMode::Prefix,
            SearchMode::Fuzzy => stages::SearchMode::Fuzzy,
        };
        match crate::search(&names, &query, mode, limit) {
            Ok(hits) => Ok(hits.into_iter().map(|hit| Hit { name: hit.name, score: hit.score }).collect()),
            Err(crate::SearchError::EmptyQuery) => Err(SearchError::EmptyQuery),
            Err(crate::SearchError::Corrupt(fault)) => Err(SearchError::Corrupt(fault)),
        }
    }
}

export!(Component);

//! The search as a component: conversions between its nouns and those of `wit/symbols`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/symbols"],
    world: "astlas:symbols/symbols-component",
    generate_all,
});

use exports::astlas::symbols::symbols::{Guest, Hit, Mode, SearchError};
use exports::astlas::types::columns::Strings;

struct Component;

impl Guest for Component {
    fn search(names: Strings, query: String, mode: Mode, limit: u32) -> Result<Vec<Hit>, SearchError> {
        let names = astlas_model::Strings { text: names.text, ends: names.ends };
        let mode = match mode {
            Mode::Exact => crate::Mode::Exact,
            Mode::Prefix => crate::Mode::Prefix,
            Mode::Fuzzy => crate::Mode::Fuzzy,
        };
        match crate::search(&names, &query, mode, limit) {
            Ok(hits) => Ok(hits.into_iter().map(|hit| Hit { name: hit.name, score: hit.score }).collect()),
            Err(crate::SearchError::EmptyQuery) => Err(SearchError::EmptyQuery),
            Err(crate::SearchError::Corrupt(fault)) => Err(SearchError::Corrupt(fault)),
        }
    }
}

export!(Component);

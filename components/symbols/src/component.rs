//! The search as a component: its functions over the nouns of `wit/symbols`.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{convert_columns, convert_symbols};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/symbols"],
    world: "astlas:symbols/symbols-component",
    generate_all,
});

use exports::astlas::{
    symbols::symbols::{Guest, Hit, SearchError, SearchMode},
    types::columns::Strings,
};

convert_columns!(exports::astlas::types::columns);
convert_symbols!(exports::astlas::symbols::symbols);

struct Component;

impl Guest for Component {
    fn search(names: Strings, query: String, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, SearchError> {
        match crate::search(&names.into(), &query, mode.into(), limit) {
            Ok(hits) => Ok(hits.into_iter().map(Into::into).collect()),
            Err(crate::SearchError::EmptyQuery) => Err(SearchError::EmptyQuery),
            Err(crate::SearchError::Corrupt(fault)) => Err(SearchError::Corrupt(fault)),
        }
    }
}

export!(Component);

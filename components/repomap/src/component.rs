//! The renderer as a component: its functions over the nouns of `wit/repomap`.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::{convert_columns, convert_repomap};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/repomap"],
    world: "astlas:repomap/repomap-component",
    generate_all,
});

use exports::astlas::repomap::repomap::{Entries, FileLines, Guest, Options, RenderError, Rendered, Tokenizer};

convert_columns!(exports::astlas::types::columns);
convert_repomap!(exports::astlas::repomap::repomap);

struct Component;

impl Guest for Component {
    fn render(files: Vec<FileLines>, entries: Entries, options: Options) -> Result<Rendered, RenderError> {
        let files: Vec<crate::FileLines> = files.into_iter().map(Into::into).collect();
        match crate::render(&files, &entries.into(), options.into()) {
            Ok(map) => Ok(map.into()),
            Err(crate::RenderError::Corrupt(fault)) => Err(RenderError::Corrupt(fault)),
        }
    }

    fn count(text: String, tokenizer: Tokenizer) -> u32 {
        crate::count(&text, tokenizer.into())
    }
}

export!(Component);

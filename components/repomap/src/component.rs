//! The renderer as a component: conversions between its nouns and those of `wit/repomap`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_model::Strings;

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/repomap"],
    world: "astlas:repomap/repomap-component",
    generate_all,
});

use exports::astlas::repomap::repomap::{
    Entries, FileLines, Guest, MapOrder, Options, RenderError, Rendered, ShownFile, Tokenizer,
};

struct Component;

impl Guest for Component {
    fn render(files: Vec<FileLines>, entries: Entries, options: Options) -> Result<Rendered, RenderError> {
        let files: Vec<crate::FileLines> = files.into_iter().map(file_lines).collect();
        let entries = crate::Entries { file: entries.file, line: entries.line };
        let order = match options.order {
            MapOrder::Relevance => crate::MapOrder::Relevance,
            MapOrder::Path => crate::MapOrder::Path,
        };
        let options = crate::Options { tokenizer: tokenizer(options.tokenizer), budget: options.budget, order };
        match crate::render(&files, &entries, options) {
            Ok(map) => Ok(rendered(map)),
            Err(crate::RenderError::Corrupt(fault)) => Err(RenderError::Corrupt(fault)),
        }
    }

    fn count(text: String, counter: Tokenizer) -> u32 {
        crate::count(&text, tokenizer(counter))
    }
}

fn file_lines(file: FileLines) -> crate::FileLines {
    let text = Strings { text: file.text.text, ends: file.text.ends };
    crate::FileLines { path: file.path, line: file.line, scope: file.scope, text }
}

fn tokenizer(tokenizer: Tokenizer) -> crate::Tokenizer {
    match tokenizer {
        Tokenizer::O200k => crate::Tokenizer::O200k,
        Tokenizer::Cl100k => crate::Tokenizer::Cl100k,
        Tokenizer::Chars => crate::Tokenizer::Chars,
    }
}

fn rendered(map: crate::Rendered) -> Rendered {
    let shown = |shown: crate::ShownFile| ShownFile { file: shown.file, tokens: shown.tokens, lines: shown.lines };
    Rendered {
        text: map.text,
        tokens: map.tokens,
        files: map.files.into_iter().map(shown).collect(),
        complete: map.complete,
    }
}

export!(Component);

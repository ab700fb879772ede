//! The parser as a component: its functions over the nouns of `wit/parser`.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use std::cell::RefCell;

use astlas_model::{convert_columns, convert_parser, convert_tags};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/parser"],
    world: "astlas:parser/parser-component",
    generate_all,
});

use exports::astlas::{
    parser::parser::{Guest, Language, Options, ParseError, Source},
    types::tags::FileTags,
};

convert_columns!(exports::astlas::types::columns);
convert_tags!(exports::astlas::types::tags);
convert_parser!(exports::astlas::parser::parser);

struct Component;

thread_local! {
    /// Kept from call to call: an instance serves one caller after the other, never two at once.
    static PARSER: RefCell<crate::Parser> = RefCell::new(crate::Parser::default());
}

impl Guest for Component {
    fn languages() -> Vec<Language> {
        crate::languages().into_iter().map(Into::into).collect()
    }

    fn parse(sources: Vec<Source>, options: Options) -> Vec<Result<FileTags, ParseError>> {
        let options = crate::Options { work_limit: options.work_limit };
        let parse = |parser: &mut crate::Parser, source: Source| {
            let tags = parser.parse(&source.language, &source.text, options);
            tags.map(Into::into).map_err(|_| ParseError::UnknownLanguage)
        };
        PARSER.with_borrow_mut(|parser| sources.into_iter().map(|source| parse(parser, source)).collect())
    }
}

/// Called once while the component is built: what is compiled here is part of the finished artifact.
#[unsafe(export_name = "initialize")]
extern "C" fn initialize() {
    PARSER.with_borrow_mut(crate::Parser::compile_all);
}

export!(Component);

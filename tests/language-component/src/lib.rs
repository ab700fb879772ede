//! Lists of tasks as a language of Astlas.
//!
//! ```text
//! # Release                 a section
//! Write the notes (notes)   a task, with its name in brackets
//! Tag it (tag) after notes  a task that refers to another one
//! ```
//!
//! A file of tasks defines sections and, in them, constants; what stands behind `after` is a reference.

#[cfg(feature = "bad")]
mod bad;
mod parse;

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/parser"],
    world: "astlas:parser/parser-component",
    generate_all,
});

use exports::astlas::{
    parser::parser::{Guest, Language, Options, ParseError, Source},
    types::tags::FileTags,
};

const LANGUAGE: &str = "todo";

struct Component;

impl Guest for Component {
    fn languages() -> Vec<Language> {
        let mut extensions = vec!["todo".to_owned()];
        if cfg!(feature = "bad") {
            // Those of a built-in language.
            extensions.push("md".to_owned());
        }
        vec![Language {
            name: LANGUAGE.into(),
            extensions,
            file_names: vec!["TODO".into()],
            interpreters: vec![],
            family: LANGUAGE.into(),
            document: false,
            // Astlas also keeps what it parsed under the hash of the whole component.
            revision: "1".into(),
        }]
    }

    fn parse(sources: Vec<Source>, _: Options) -> Vec<Result<FileTags, ParseError>> {
        #[cfg(feature = "bad")]
        if let Some(answers) = bad::answers(&sources) {
            return answers;
        }
        let parse = |source: Source| match source.language.as_str() {
            LANGUAGE => Ok(parse::tags(&source.text)),
            _ => Err(ParseError::UnknownLanguage),
        };
        sources.into_iter().map(parse).collect()
    }
}

export!(Component);

//! The parser as a component: conversions between its nouns and those of `wit/parser`, nothing else.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use std::cell::RefCell;

use astlas_model::{Strings, Tags, tags as model};

wit_bindgen::generate!({
    path: ["../../wit/types", "../../wit/parser"],
    world: "astlas:parser/parser-component",
    generate_all,
});

use exports::astlas::parser::parser::{Guest, Language, Options, ParseError, Source};
use exports::astlas::types::{columns, tags as wit};

struct Component;

thread_local! {
    /// Kept from call to call: an instance serves one caller after the other, never two at once.
    static PARSER: RefCell<crate::Parser> = RefCell::new(crate::Parser::default());
}

impl Guest for Component {
    fn languages() -> Vec<Language> {
        crate::languages()
            .into_iter()
            .map(|language| Language {
                name: language.name,
                extensions: language.extensions,
                file_names: language.file_names,
                interpreters: language.interpreters,
                family: language.family,
                document: language.document,
                revision: language.revision,
            })
            .collect()
    }

    fn parse(sources: Vec<Source>, options: Options) -> Vec<Result<wit::FileTags, ParseError>> {
        let options = crate::Options { work_limit: options.work_limit };
        let parse = |parser: &mut crate::Parser, source: Source| {
            let tags =
                parser.parse(&source.language, &source.text, options).map_err(|_| ParseError::UnknownLanguage)?;
            Ok(file_tags(tags))
        };
        PARSER.with_borrow_mut(|parser| sources.into_iter().map(|source| parse(parser, source)).collect())
    }
}

fn strings(column: Strings) -> columns::Strings {
    columns::Strings { text: column.text, ends: column.ends }
}

fn file_tags(tags: Tags) -> wit::FileTags {
    let (d, r) = (tags.definitions, tags.references);
    wit::FileTags {
        language: tags.language,
        lines: tags.lines,
        generated: tags.generated,
        minified: tags.minified,
        names: strings(tags.names),
        definitions: wit::Definitions {
            name: d.name,
            type_: d.types.into_iter().map(definition_type).collect(),
            start_line: d.start_line,
            end_line: d.end_line,
            start_byte: d.start_byte,
            end_byte: d.end_byte,
            name_line: d.name_line,
            scope: d.scope,
            signature: strings(d.signature),
            doc: strings(d.doc),
        },
        references: wit::References {
            name: r.name,
            type_: r.types.into_iter().map(reference_type).collect(),
            line: r.line,
            start_byte: r.start_byte,
            end_byte: r.end_byte,
            scope: r.scope,
        },
        imports: wit::Imports {
            path: strings(tags.imports.path),
            name: strings(tags.imports.name),
            line: tags.imports.line,
        },
        exports: wit::Exports { name: tags.exports.name, line: tags.exports.line },
        diagnostics: wit::Diagnostics {
            type_: tags.diagnostics.types.into_iter().map(diagnostic_type).collect(),
            line: tags.diagnostics.line,
            message: strings(tags.diagnostics.message),
        },
    }
}

/// Same words on both sides, checked by the compiler.
macro_rules! same_words {
    ($function:ident: $name:ident { $($variant:ident),+ $(,)? }) => {
        fn $function(value: model::$name) -> wit::$name {
            match value { $(model::$name::$variant => wit::$name::$variant),+ }
        }
    };
}

same_words!(definition_type: DefinitionType {
    Class, Constant, Constructor, Enumeration, Field, Function, Implementation, Interface, Macro, Method, Module, Object,
    Property, Section, Struct, Trait, Type, Union, Variable, Variant,
});
same_words!(reference_type: ReferenceType { Call, Class, Identifier, Implementation, Module, Type });
same_words!(diagnostic_type: DiagnosticType {
    SyntaxError, MissingToken, Binary, InvalidUtf8, TooLarge, WorkLimit, ParserFailed,
});

/// Called once while the component is built: what is compiled here is part of the finished artifact.
#[unsafe(export_name = "initialize")]
extern "C" fn initialize() {
    PARSER.with_borrow_mut(crate::Parser::compile_all);
}

export!(Component);

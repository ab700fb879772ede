//! Tags as the parser component gives them, turned into the model's.

use astlas_model::{Tags, tags as model};

use crate::bindings::parser::exports::astlas::types::tags as wit;

/// Same words on both sides, checked by the compiler.
macro_rules! same_words {
    ($function:ident: $name:ident { $($variant:ident),+ $(,)? }) => {
        fn $function(value: wit::$name) -> model::$name {
            match value { $(wit::$name::$variant => model::$name::$variant),+ }
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

/// The model's form of a file's tags.
pub fn tags(tags: wit::FileTags) -> Tags {
    let (d, r) = (tags.definitions, tags.references);
    Tags {
        language: tags.language,
        lines: tags.lines,
        generated: tags.generated,
        minified: tags.minified,
        names: tags.names.into(),
        definitions: model::Definitions {
            name: d.name,
            types: d.type_.into_iter().map(definition_type).collect(),
            start_line: d.start_line,
            end_line: d.end_line,
            start_byte: d.start_byte,
            end_byte: d.end_byte,
            name_line: d.name_line,
            scope: d.scope,
            signature: d.signature.into(),
            doc: d.doc.into(),
        },
        references: model::References {
            name: r.name,
            types: r.type_.into_iter().map(reference_type).collect(),
            line: r.line,
            start_byte: r.start_byte,
            end_byte: r.end_byte,
            scope: r.scope,
        },
        imports: model::Imports {
            path: tags.imports.path.into(),
            name: tags.imports.name.into(),
            line: tags.imports.line,
        },
        exports: model::Exports { name: tags.exports.name, line: tags.exports.line },
        diagnostics: model::Diagnostics {
            types: tags.diagnostics.type_.into_iter().map(diagnostic_type).collect(),
            line: tags.diagnostics.line,
            message: tags.diagnostics.message.into(),
        },
    }
}

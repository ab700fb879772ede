//! A file's tags as JSON. Lines are one-based, bytes zero-based; ends are inclusive for lines, exclusive for bytes.

use astlas_model::Tags;
use serde::Serialize;

#[derive(Serialize)]
pub struct File<'a> {
    file: &'a str,
    language: &'a str,
    lines: u32,
    tags: Vec<Tag<'a>>,
    imports: Vec<Import<'a>>,
    exports: Vec<Export<'a>>,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Tag<'a> {
    name: &'a str,
    kind: &'static str,
    r#type: &'static str,
    /// Where the name stands.
    line: u32,
    start_line: u32,
    end_line: u32,
    start_byte: u32,
    end_byte: u32,
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<&'a str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    doc: &'a str,
}

#[derive(Serialize)]
struct Import<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    name: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Export<'a> {
    name: &'a str,
    line: u32,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    r#type: &'static str,
    line: u32,
    message: &'a str,
}

/// The file `name` with its tags.
pub fn file<'a>(name: &'a str, tags: &'a Tags) -> File<'a> {
    let mut all: Vec<_> = (0..tags.definitions.name.len()).map(|index| definition(tags, index)).collect();
    all.extend((0..tags.references.name.len()).map(|index| reference(tags, index)));
    all.sort_by_key(|tag| tag.start_byte);
    let imports = tags.imports.path.iter().zip(tags.imports.name.iter()).zip(&tags.imports.line);
    let exports = tags.exports.name.iter().zip(&tags.exports.line);
    let d = &tags.diagnostics;
    let diagnostics = d.types.iter().zip(&d.line).zip(d.message.iter());
    File {
        file: name,
        language: &tags.language,
        lines: tags.lines,
        tags: all,
        imports: imports.map(|((path, name), line)| Import { path, name, line: line + 1 }).collect(),
        exports: exports.map(|(&name, line)| Export { name: tags.name(name), line: line + 1 }).collect(),
        diagnostics: diagnostics
            .map(|((kind, line), message)| Diagnostic { r#type: kind.word(), line: line + 1, message })
            .collect(),
    }
}

fn definition(tags: &Tags, index: usize) -> Tag<'_> {
    let d = &tags.definitions;
    Tag {
        name: tags.name(d.name[index]),
        kind: "def",
        r#type: d.types[index].word(),
        line: d.name_line[index] + 1,
        start_line: d.start_line[index] + 1,
        end_line: d.end_line[index] + 1,
        start_byte: d.start_byte[index],
        end_byte: d.end_byte[index],
        scope: scope(tags, d.scope[index]),
        signature: d.signature.get(index),
        doc: d.doc.get(index).unwrap_or_default(),
    }
}

fn reference(tags: &Tags, index: usize) -> Tag<'_> {
    let r = &tags.references;
    let line = r.line[index] + 1;
    Tag {
        name: tags.name(r.name[index]),
        kind: "ref",
        r#type: r.types[index].word(),
        line,
        start_line: line,
        end_line: line,
        start_byte: r.start_byte[index],
        end_byte: r.end_byte[index],
        scope: scope(tags, r.scope[index]),
        signature: None,
        doc: "",
    }
}

fn scope(tags: &Tags, scope: u32) -> Option<String> {
    scope.checked_sub(1).map(|index| tags.qualified_name(index as usize))
}

//! A file's tags in answers. Lines are one-based, bytes zero-based; ends are inclusive for lines, exclusive for bytes.

use astlas_model::Tags;
use schemars::JsonSchema;
use serde::Serialize;

/// A file's tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileTags<'a> {
    /// Name or path of the file.
    pub file: &'a str,
    /// Name of its language.
    pub language: &'a str,
    /// How many lines it has.
    pub lines: u32,
    /// Definitions and references, in order of `start_byte`.
    pub tags: Vec<Tag<'a>>,
    /// What it takes from elsewhere.
    pub imports: Vec<Import<'a>>,
    /// What it says it offers to others.
    pub exports: Vec<Export<'a>>,
    /// Why a part of it, or all of it, has no tags.
    pub diagnostics: Vec<Diagnostic<'a>>,
}

/// Whether a name is defined or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TagKind {
    /// A definition.
    Def,
    /// A reference.
    Ref,
}

/// A definition or a reference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Tag<'a> {
    /// The name.
    pub name: &'a str,
    /// Whether it is defined or used here.
    pub kind: TagKind,
    /// What is defined (`function`, `class`, ...), or how it is used (`call`, `type`, ...).
    pub r#type: &'static str,
    /// Where the name stands.
    pub line: u32,
    /// First line of the whole definition, or of the name.
    pub start_line: u32,
    /// Last line of it.
    pub end_line: u32,
    /// Where it starts, in bytes from 0.
    pub start_byte: u32,
    /// Where it ends, exclusive.
    pub end_byte: u32,
    /// The innermost definition around it, with the names of the scopes around that.
    pub scope: Option<String>,
    /// Of a definition: the source that shows it, on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature: Option<&'a str>,
    /// First line of the documentation beside it.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub doc: &'a str,
}

/// A module, or a name taken from one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Import<'a> {
    /// The module as written.
    pub path: &'a str,
    /// The name taken from it; left out when it is the module as a whole.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub name: &'a str,
    /// Where.
    pub line: u32,
}

/// A name that is offered to others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Export<'a> {
    /// The name.
    pub name: &'a str,
    /// Where.
    pub line: u32,
}

/// Why something has no tags.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Diagnostic<'a> {
    /// `syntax-error`, `too-large`, ...
    pub r#type: &'static str,
    /// Where.
    pub line: u32,
    /// In words.
    pub message: &'a str,
}

impl<'a> FileTags<'a> {
    /// The tags of the file `name`.
    pub fn new(name: &'a str, tags: &'a Tags) -> Self {
        let mut all = Tag::definitions(tags);
        all.extend((0..tags.references.name.len()).map(|index| reference(tags, index)));
        all.sort_by_key(|tag| tag.start_byte);
        let imports = tags.imports.path.iter().zip(tags.imports.name.iter()).zip(&tags.imports.line);
        let exports = tags.exports.name.iter().zip(&tags.exports.line);
        let d = &tags.diagnostics;
        let diagnostics = d.types.iter().zip(&d.line).zip(d.message.iter());
        Self {
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
}

impl<'a> Tag<'a> {
    /// The definitions of a file.
    pub fn definitions(tags: &'a Tags) -> Vec<Self> {
        (0..tags.definitions.name.len()).map(|index| definition(tags, index)).collect()
    }
}

fn definition(tags: &Tags, index: usize) -> Tag<'_> {
    let d = &tags.definitions;
    Tag {
        name: tags.name(d.name[index]),
        kind: TagKind::Def,
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
        kind: TagKind::Ref,
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

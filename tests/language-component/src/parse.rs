//! One line after the other.

use crate::exports::astlas::types::{
    columns::Strings,
    tags::{DefinitionType, Definitions, Diagnostics, Exports, FileTags, Imports, ReferenceType, References},
};

/// The tags of a list of tasks. Every list in them is as long as the others of its record, and in order of position.
pub fn tags(text: &str) -> FileTags {
    let mut tags = empty(text);
    let (mut start, mut section) = (0, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let (number, bytes) = (number as u32, line.trim_end());
        if let Some(title) = bytes.strip_prefix("# ").map(str::trim).filter(|title| !title.is_empty()) {
            close(&mut tags, section, number, start);
            define(&mut tags, DefinitionType::Section, title, number, start, bytes, 0);
            section = tags.definitions.name.len() as u32;
        } else if let Some((open, end)) = bytes.find('(').zip(bytes.find(')')).filter(|(open, end)| open + 1 < *end) {
            define(&mut tags, DefinitionType::Constant, &bytes[open + 1..end], number, start, bytes, section);
            if let Some(other) = bytes[end..].find(" after ") {
                let at = end + other + " after ".len();
                refer(&mut tags, &bytes[at..], number, start + at as u32);
            }
        }
        start += line.len() as u32;
    }
    let lines = tags.lines;
    close(&mut tags, section, lines, text.trim_end().len() as u32);
    tags
}

/// A section ends where the next one begins: before this line and byte.
fn close(tags: &mut FileTags, section: u32, line: u32, byte: u32) {
    if let Some(at) = section.checked_sub(1) {
        tags.definitions.end_line[at as usize] = line.saturating_sub(1);
        tags.definitions.end_byte[at as usize] = byte;
    }
}

fn define(tags: &mut FileTags, kind: DefinitionType, name: &str, line: u32, start: u32, text: &str, scope: u32) {
    let name = index(&mut tags.names, name);
    let definitions = &mut tags.definitions;
    definitions.name.push(name);
    definitions.type_.push(kind);
    definitions.start_line.push(line);
    definitions.end_line.push(line);
    definitions.start_byte.push(start);
    definitions.end_byte.push(start + text.len() as u32);
    definitions.name_line.push(line);
    definitions.scope.push(scope);
    push(&mut definitions.signature, &text.chars().take(200).collect::<String>());
    push(&mut definitions.doc, "");
}

fn refer(tags: &mut FileTags, name: &str, line: u32, start: u32) {
    if name.is_empty() {
        return;
    }
    let index = index(&mut tags.names, name);
    let scope = tags.definitions.name.len() as u32;
    let references = &mut tags.references;
    references.name.push(index);
    references.type_.push(ReferenceType::Identifier);
    references.line.push(line);
    references.start_byte.push(start);
    references.end_byte.push(start + name.len() as u32);
    references.scope.push(scope);
}

/// The index of a name; each is there once.
fn index(names: &mut Strings, name: &str) -> u32 {
    let mut start = 0;
    for (index, &end) in names.ends.iter().enumerate() {
        if &names.text[start..end as usize] == name {
            return index as u32;
        }
        start = end as usize;
    }
    push(names, name);
    names.ends.len() as u32 - 1
}

fn push(column: &mut Strings, text: &str) {
    column.text.push_str(text);
    column.ends.push(column.text.len() as u32);
}

fn empty(text: &str) -> FileTags {
    let strings = || Strings { text: String::new(), ends: vec![] };
    FileTags {
        language: crate::LANGUAGE.into(),
        lines: text.lines().count() as u32,
        generated: false,
        minified: false,
        names: strings(),
        definitions: Definitions {
            name: vec![],
            type_: vec![],
            start_line: vec![],
            end_line: vec![],
            start_byte: vec![],
            end_byte: vec![],
            name_line: vec![],
            scope: vec![],
            signature: strings(),
            doc: strings(),
        },
        references: References {
            name: vec![],
            type_: vec![],
            line: vec![],
            start_byte: vec![],
            end_byte: vec![],
            scope: vec![],
        },
        imports: Imports { path: strings(), name: strings(), line: vec![] },
        exports: Exports { name: vec![], line: vec![] },
        diagnostics: Diagnostics { type_: vec![], line: vec![], message: strings() },
    }
}

//! From a syntax tree to tags: runs the language's query and puts what it captured in order.

use std::{collections::HashMap, hash::BuildHasherDefault};

use astlas_model::{
    Strings, Tags,
    tags::{DefinitionType, ReferenceType},
};
use streaming_iterator::StreamingIterator;
use tree_sitter::{Node, QueryCursor, QueryCursorOptions, QueryCursorState, QueryMatch};

use crate::{captures::Capture, languages::Compiled, parse::Work};

/// Longest signature and documentation line kept, in characters: the map cuts lines shorter than this.
const LINE_WIDTH: usize = 200;

/// How much text before a definition on its first line still belongs to its signature (`export default`, `pub`), in bytes.
const PREFIX_WIDTH: usize = 80;

/// Names are short and the input is bounded, so a plain fixed-seed hash serves; a random seed would need an import.
type NameMap<'a> = HashMap<&'a str, u32, BuildHasherDefault<std::hash::DefaultHasher>>;

struct Definition<'tree> {
    kind: DefinitionType,
    node: Node<'tree>,
    name: Node<'tree>,
    doc: Option<Node<'tree>>,
    pattern: usize,
}

struct Reference {
    kind: ReferenceType,
    start: usize,
    end: usize,
    line: usize,
    pattern: usize,
}

/// Reads one file.
pub struct Extractor<'a> {
    text: &'a str,
    compiled: &'a Compiled,
}

#[derive(Default)]
struct Found<'tree> {
    definitions: Vec<Definition<'tree>>,
    references: Vec<Reference>,
    /// Path and name (if any), with their line.
    imports: Vec<(usize, Node<'tree>, Option<Node<'tree>>)>,
    exports: Vec<Node<'tree>>,
    /// First and last line of each comment, and the node.
    comments: Vec<(usize, usize, Node<'tree>)>,
}

impl<'a> Extractor<'a> {
    pub fn new(text: &'a str, compiled: &'a Compiled) -> Self {
        Self { text, compiled }
    }

    /// The tags of the whole tree; what was found before the work ran out, if it did.
    pub fn tags(&self, cursor: &mut QueryCursor, root: Node<'_>, work: &mut Work) -> Tags {
        let mut found = Found::default();
        let mut count = |_: &QueryCursorState| work.spend();
        let options = QueryCursorOptions::new().progress_callback(&mut count);
        let mut matches = cursor.matches_with_options(&self.compiled.query, root, self.text.as_bytes(), options);
        while let Some(found_match) = matches.next() {
            self.sort_match(found_match, &mut found);
        }
        self.assemble(found)
    }

    /// Puts one match of the query where it belongs.
    fn sort_match<'tree>(&self, found_match: &QueryMatch<'_, 'tree>, found: &mut Found<'tree>) {
        let (mut name, mut doc, mut path) = (None, None, None);
        let (mut definition, mut reference, mut import) = (None, None, None);
        for capture in found_match.captures() {
            let node = capture.node;
            match self.compiled.captures.get(capture.index) {
                Capture::Definition(kind) => definition = Some((kind, node)),
                Capture::Reference(kind) => reference = Some((kind, node)),
                Capture::Name => name = Some(node),
                Capture::Doc => doc = doc.or(Some(node)),
                Capture::Comment => found.comments.push((node.start_position().row, node.end_position().row, node)),
                Capture::Import => import = Some(node),
                Capture::Path => path = Some(node),
                Capture::Export => found.exports.push(node),
                Capture::Unused => {}
            }
        }
        let pattern = found_match.pattern_index;
        if let (Some(import), Some(path)) = (import, path) {
            found.imports.push((import.start_position().row, path, name));
        }
        let Some(name) = name.filter(|name| name.start_byte() < name.end_byte()) else { return };
        if let Some((kind, node)) = definition {
            found.definitions.push(Definition { kind, node, name, doc, pattern });
        }
        if let Some((kind, _)) = reference {
            let line = name.start_position().row;
            found.references.push(Reference { kind, start: name.start_byte(), end: name.end_byte(), line, pattern });
        }
    }

    fn assemble(&self, mut found: Found<'_>) -> Tags {
        // One name node is one definition and one reference: that of the query's earliest pattern.
        found.definitions.sort_by_key(|d| (d.name.start_byte(), d.pattern));
        found.definitions.dedup_by_key(|d| d.name.start_byte());
        let defined: Vec<_> = found.definitions.iter().map(|d| (d.name.start_byte(), d.kind)).collect();
        let is_defined = |start: usize| {
            // An implementation block names what it implements: that name is a use, not a definition.
            defined.binary_search_by_key(&start, |d| d.0).is_ok_and(|at| defined[at].1 != DefinitionType::Implementation)
        };
        found.references.sort_by_key(|r| (r.start, r.pattern));
        found.references.dedup_by_key(|r| r.start);
        found.references.retain(|r| !is_defined(r.start));
        found.definitions.sort_by_key(|d| (d.node.start_byte(), std::cmp::Reverse(d.node.end_byte()), d.name.start_byte()));
        found.comments.sort_by_key(|comment| comment.0);

        let mut tags = Tags { lines: self.text.lines().count() as u32, ..Tags::default() };
        let mut names = Names::default();
        let mut scopes = Scopes::default();
        let mut references = found.references.iter().peekable();
        for definition in &found.definitions {
            while let Some(reference) = references.next_if(|r| r.start < definition.node.start_byte()) {
                self.push_reference(reference, &mut tags, &mut names, &mut scopes);
            }
            self.push_definition(definition, &found.comments, &mut tags, &mut names, &mut scopes);
        }
        for reference in references {
            self.push_reference(reference, &mut tags, &mut names, &mut scopes);
        }
        self.push_imports(&mut found.imports, &mut tags);
        found.exports.sort_by_key(Node::start_byte);
        found.exports.dedup_by_key(|node| node.start_byte());
        for node in &found.exports {
            tags.exports.name.push(names.index(self.slice(*node)));
            tags.exports.line.push(node.start_position().row as u32);
        }
        tags.names = names.all;
        tags
    }

    fn push_definition<'s>(
        &'s self,
        definition: &Definition<'_>,
        comments: &[(usize, usize, Node<'_>)],
        tags: &mut Tags,
        names: &mut Names<'s>,
        scopes: &mut Scopes,
    ) {
        let (node, name) = (definition.node, definition.name);
        let scope = scopes.enter(node.start_byte(), node.end_byte());
        let columns = &mut tags.definitions;
        columns.name.push(names.index(self.slice(name)));
        columns.types.push(definition.kind);
        columns.start_line.push(node.start_position().row as u32);
        columns.end_line.push(node.end_position().row as u32);
        columns.start_byte.push(node.start_byte() as u32);
        columns.end_byte.push(node.end_byte() as u32);
        columns.name_line.push(name.start_position().row as u32);
        columns.scope.push(scope);
        columns.signature.push(&self.signature(node, name));
        let doc = definition.doc.or_else(|| comment_above(comments, node.start_position().row));
        columns.doc.push(&doc.map(|node| doc_line(self.slice(node))).unwrap_or_default());
    }

    fn push_reference<'s>(&'s self, reference: &Reference, tags: &mut Tags, names: &mut Names<'s>, scopes: &mut Scopes) {
        let columns = &mut tags.references;
        columns.name.push(names.index(self.text.get(reference.start..reference.end).unwrap_or_default()));
        columns.types.push(reference.kind);
        columns.line.push(reference.line as u32);
        columns.start_byte.push(reference.start as u32);
        columns.end_byte.push(reference.end as u32);
        columns.scope.push(scopes.around(reference.start));
    }

    fn push_imports(&self, imports: &mut Vec<(usize, Node<'_>, Option<Node<'_>>)>, tags: &mut Tags) {
        imports.sort_by_key(|(line, path, name)| (*line, path.start_byte(), name.map(|name| name.start_byte())));
        // A statement that matched both with and without a name is listed with its names only.
        let named: Vec<_> = imports.iter().filter(|(.., name)| name.is_some()).map(|(_, path, _)| path.start_byte()).collect();
        imports.retain(|(_, path, name)| name.is_some() || named.binary_search(&path.start_byte()).is_err());
        imports.dedup_by_key(|(_, path, name)| (path.start_byte(), name.map(|name| name.start_byte())));
        for (line, path, name) in imports {
            let quotes: &[char] = &['"', '\'', '`', '<', '>'];
            tags.imports.path.push(self.slice(*path).trim_matches(quotes));
            tags.imports.name.push(name.map(|name| self.slice(name)).unwrap_or_default());
            tags.imports.line.push(*line as u32);
        }
    }

    /// The line with the name, from its indentation to the definition's body or the line's end.
    fn signature(&self, node: Node<'_>, name: Node<'_>) -> String {
        let at = name.start_byte();
        let line_start = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let line_end = self.text.get(at..).and_then(|after| after.find('\n')).map_or(self.text.len(), |newline| at + newline);
        // On a line with much else before it (minified code), the definition starts where it starts.
        let start = if node.start_byte() > line_start + PREFIX_WIDTH { node.start_byte() } else { line_start };
        let body = node.child_by_field_name("body").map_or(usize::MAX, |body| body.start_byte());
        let end = if body > name.end_byte() { line_end.min(body) } else { line_end };
        let text = self.text.get(start..end).unwrap_or_default().trim_end();
        let text = text.strip_suffix('{').map_or(text, str::trim_end);
        text.chars().take(LINE_WIDTH).map(|letter| if letter == '\r' { ' ' } else { letter }).collect()
    }

    fn slice(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }
}

/// Distinct names in order of first appearance.
#[derive(Default)]
struct Names<'a> {
    all: Strings,
    index: NameMap<'a>,
}

impl<'a> Names<'a> {
    fn index(&mut self, name: &'a str) -> u32 {
        *self.index.entry(name).or_insert_with(|| {
            self.all.push(name);
            self.all.len() as u32 - 1
        })
    }
}

/// The definitions around the current position: index plus one, and end byte.
#[derive(Default)]
struct Scopes {
    open: Vec<(u32, usize)>,
    count: u32,
}

impl Scopes {
    /// Opens the next definition; returns the one around it.
    fn enter(&mut self, start: usize, end: usize) -> u32 {
        let around = self.around(start);
        self.count += 1;
        self.open.push((self.count, end));
        around
    }

    /// The innermost definition that has not ended before `start`, as index plus one.
    fn around(&mut self, start: usize) -> u32 {
        while self.open.pop_if(|(_, end)| *end <= start).is_some() {}
        self.open.last().map_or(0, |(index, _)| *index)
    }
}

/// The first of the comments that end, line by line, right above `line`.
fn comment_above<'tree>(comments: &[(usize, usize, Node<'tree>)], line: usize) -> Option<Node<'tree>> {
    let (mut line, mut first) = (line, None);
    let mut at = comments.partition_point(|comment| comment.0 < line);
    while let Some(&(start, end, node)) = at.checked_sub(1).and_then(|before| comments.get(before)) {
        // Some grammars count the line break to the comment.
        let end = if node.end_position().column == 0 && end > start { end - 1 } else { end };
        if end + 1 != line {
            break;
        }
        (line, first, at) = (start, Some(node), at - 1);
    }
    first
}

/// The first line of a comment or docstring that says something, without the marks around it.
fn doc_line(text: &str) -> String {
    let marks: &[char] = &['/', '*', '#', '-', '!', ';', '%', '"', '\'', '{', '|', '(', ' ', '\t'];
    let ends: &[char] = &['/', '*', '"', '\'', ' ', '\t', '\r', '}', ')', '-'];
    text.lines()
        .map(|line| line.trim().trim_start_matches("r\"\"\"").trim_start_matches(marks))
        .map(|line| if line.ends_with("*/") || line.ends_with("\"\"\"") || line.ends_with("-}") { line.trim_end_matches(ends) } else { line })
        .find(|line| line.chars().any(char::is_alphanumeric))
        .map(|line| line.trim_end().chars().take(LINE_WIDTH).collect())
        .unwrap_or_default()
}


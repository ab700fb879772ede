//! From a syntax tree to tags: runs the language's query and puts what it captured in order.

use std::{collections::HashMap, hash::BuildHasherDefault, ops::Range};

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

/// Longest name kept, in bytes. Where a grammar nests names in names (`a::b::c`), their sum must not grow with the square.
const NAME_BYTES: usize = 500;

/// How much of a comment is searched for its first line of text, in bytes: one comment may document many definitions.
const DOC_BYTES: usize = 4_000;

/// Most children of an error node through which the query is run. Tree-sitter keeps them in one flat list and, at each,
/// looks through those that follow.
const ERROR_CHILDREN: u32 = 1_000;

/// End of a byte range without end.
const TO_THE_END: usize = u32::MAX as usize;

/// Import paths and names kept for each byte of source: a path is listed again for every name taken from it.
const IMPORT_GROWTH: usize = 16;

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
    pub fn tags(&self, cursor: &mut QueryCursor, root: Node<'_>, work: &Work) -> Tags {
        let mut found = Found::default();
        let mut roots = vec![root];
        while let Some(root) = roots.pop() {
            let mut from = 0;
            for error in crowded_errors(root) {
                if from < error.start_byte() {
                    self.run(cursor, root, from..error.start_byte(), work, &mut found);
                }
                from = error.end_byte();
                // It has too many children to be part of a match itself; each of them is a tree of its own.
                for child in error.named_children(&mut error.walk()) {
                    if child.has_error() {
                        roots.push(child);
                    } else {
                        self.run(cursor, child, 0..TO_THE_END, work, &mut found);
                    }
                }
            }
            if from == 0 || from < root.end_byte() {
                self.run(cursor, root, from..TO_THE_END, work, &mut found);
            }
        }
        self.assemble(found)
    }

    /// Runs the query on the part of a tree that touches a range.
    fn run<'tree>(
        &self,
        cursor: &mut QueryCursor,
        root: Node<'tree>,
        range: Range<usize>,
        work: &Work,
        found: &mut Found<'tree>,
    ) {
        if work.spend().is_break() {
            return;
        }
        let mut count = |_: &QueryCursorState| work.spend();
        let options = QueryCursorOptions::new().progress_callback(&mut count);
        cursor.set_byte_range(range);
        let mut matches = cursor.matches_with_options(&self.compiled.query, root, self.text.as_bytes(), options);
        while let Some(found_match) = matches.next() {
            self.sort_match(found_match, found);
        }
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
                Capture::Comment if self.has_its_lines_to_itself(node) => {
                    found.comments.push((node.start_position().row, node.end_position().row, node));
                }
                Capture::Comment => {}
                Capture::Import => import = Some(node),
                Capture::Path => path = Some(node),
                Capture::Export if node.byte_range().len() <= NAME_BYTES => found.exports.push(node),
                Capture::Export => {}
                Capture::Unused => {}
            }
        }
        let pattern = found_match.pattern_index;
        if let (Some(import), Some(path)) = (import, path) {
            found.imports.push((import.start_position().row, path, name));
        }
        let Some(name) = name.filter(|name| (1..=NAME_BYTES).contains(&name.byte_range().len())) else { return };
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
            defined
                .binary_search_by_key(&start, |d| d.0)
                .is_ok_and(|at| defined[at].1 != DefinitionType::Implementation)
        };
        found.references.sort_by_key(|r| (r.start, r.pattern));
        found.references.dedup_by_key(|r| r.start);
        found.references.retain(|r| !is_defined(r.start));
        found
            .definitions
            .sort_by_key(|d| (d.node.start_byte(), std::cmp::Reverse(d.node.end_byte()), d.name.start_byte()));
        found.comments.sort_by_key(|(_, _, node)| node.start_byte());
        found.comments.dedup_by_key(|(_, _, node)| node.start_byte());

        let mut tags = Tags { lines: self.text.lines().count() as u32, ..Tags::default() };
        let mut names = Names::default();
        let mut scopes = Scopes::default();
        let mut comments = Comments { all: found.comments, above: None };
        let mut references = found.references.iter().peekable();
        for definition in &found.definitions {
            while let Some(reference) = references.next_if(|r| r.start < definition.node.start_byte()) {
                self.push_reference(reference, &mut tags, &mut names, &mut scopes);
            }
            self.push_definition(definition, &mut comments, &mut tags, &mut names, &mut scopes);
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
        comments: &mut Comments<'_>,
        tags: &mut Tags,
        names: &mut Names<'s>,
        scopes: &mut Scopes,
    ) {
        let (node, name) = (definition.node, definition.name);
        let scope = scopes.enter(node, definition.kind);
        let columns = &mut tags.definitions;
        columns.name.push(names.index(self.slice(name)));
        columns.types.push(definition.kind);
        columns.start_line.push(node.start_position().row as u32);
        columns.end_line.push(node.end_position().row as u32);
        columns.start_byte.push(node.start_byte() as u32);
        columns.end_byte.push(node.end_byte() as u32);
        columns.name_line.push(name.start_position().row as u32);
        columns.scope.push(scope);
        columns.signature.push(&self.signature(node, name, scopes.body));
        match definition.doc {
            Some(node) => columns.doc.push(&doc_line(self.slice(node))),
            None => {
                columns.doc.push(comments.above(node.start_position().row, |comment| doc_line(self.slice(comment))))
            }
        }
    }

    fn push_reference<'s>(
        &'s self,
        reference: &Reference,
        tags: &mut Tags,
        names: &mut Names<'s>,
        scopes: &mut Scopes,
    ) {
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
        let named: Vec<_> =
            imports.iter().filter(|(.., name)| name.is_some()).map(|(_, path, _)| path.start_byte()).collect();
        imports.retain(|(_, path, name)| name.is_some() || named.binary_search(&path.start_byte()).is_err());
        imports.dedup_by_key(|(_, path, name)| (path.start_byte(), name.map(|name| name.start_byte())));
        let most = IMPORT_GROWTH * self.text.len();
        for (line, path, name) in imports {
            if tags.imports.path.text.len() + tags.imports.name.text.len() > most {
                break;
            }
            let quotes: &[char] = &['"', '\'', '`', '<', '>'];
            tags.imports.path.push(self.slice(*path).trim_matches(quotes));
            tags.imports.name.push(name.map(|name| self.slice(name)).unwrap_or_default());
            tags.imports.line.push(*line as u32);
        }
    }

    /// The line with the name, from its indentation to the definition's body or the line's end. Looks no further than
    /// what is kept: a line of megabytes may hold as many definitions.
    fn signature(&self, node: Node<'_>, name: Node<'_>, body: Option<usize>) -> String {
        let line_start = name.start_byte().saturating_sub(name.start_position().column);
        // On a line with much else on it (minified code), the definition is shown from where it starts to where it ends.
        let crowded = node.start_byte() > line_start + PREFIX_WIDTH;
        let start = if crowded { node.start_byte() } else { line_start };
        let kept = self.text.floor_char_boundary(start + LINE_WIDTH * char::MAX.len_utf8());
        let rest = self.text.get(name.start_byte()..kept).unwrap_or_default();
        let mut end = rest.find('\n').map_or(kept, |newline| name.start_byte() + newline);
        if let Some(body) = body.filter(|body| *body > name.end_byte()) {
            end = end.min(body);
        }
        if crowded {
            end = end.min(node.end_byte());
        }
        let text = self.text.get(start..end).unwrap_or_default().trim_end();
        let text = text.strip_suffix('{').map_or(text, str::trim_end);
        text.chars().take(LINE_WIDTH).map(|letter| if letter == '\r' { ' ' } else { letter }).collect()
    }

    /// Whether nothing but space stands beside a comment. One behind code speaks of that code, not of the next line.
    fn has_its_lines_to_itself(&self, comment: Node<'_>) -> bool {
        let spaces: &[char] = &[' ', '\t', '\r', '\u{c}', '\u{feff}'];
        let before = self.text.get(..comment.start_byte()).unwrap_or_default().trim_end_matches(spaces);
        let after = self.text.get(comment.end_byte()..).unwrap_or_default().trim_start_matches(spaces);
        (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n') || comment.end_position().column == 0)
    }

    fn slice(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }
}

/// The outermost errors of a tree that have too many children, in order.
fn crowded_errors(root: Node<'_>) -> Vec<Node<'_>> {
    let (mut errors, mut cursor) = (vec![], root.walk());
    loop {
        let node = cursor.node();
        let crowded = node.is_error() && node.child_count() > ERROR_CHILDREN;
        if crowded {
            errors.push(node);
        }
        if node.has_error() && !crowded && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return errors;
            }
        }
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
    /// Node of the definition entered last, and the scope around it.
    last: Option<(usize, u32)>,
    /// Where its body starts, if it has one.
    body: Option<usize>,
}

impl Scopes {
    /// Opens the next definition; returns the one around it.
    fn enter(&mut self, node: Node<'_>, kind: DefinitionType) -> u32 {
        self.count += 1;
        // Several names of one declaration (`int a, b;`) stand side by side, not one in the other.
        if let Some((_, around)) = self.last.filter(|(id, _)| *id == node.id()) {
            return around;
        }
        let around = self.around(node.start_byte());
        self.open.push((self.count, node.end_byte()));
        // An implementation block and what it names may share a node (`resource "aws_vpc" "main"`): one is in the other.
        self.last = (kind != DefinitionType::Implementation).then(|| (node.id(), around));
        self.body = node.child_by_field_name("body").map(|body| body.start_byte());
        around
    }

    /// The innermost definition that has not ended before `start`, as index plus one.
    fn around(&mut self, start: usize) -> u32 {
        while self.open.pop_if(|(_, end)| *end <= start).is_some() {}
        self.open.last().map_or(0, |(index, _)| *index)
    }
}

/// The comments that have their lines to themselves, by line.
struct Comments<'tree> {
    /// First and last line of each, and the node.
    all: Vec<(usize, usize, Node<'tree>)>,
    /// Line that was asked for last, and the documentation above it: a line may hold very many definitions.
    above: Option<(usize, String)>,
}

impl<'tree> Comments<'tree> {
    /// What the comments right above `line` say, in the words of `read`; empty if there are none.
    fn above(&mut self, line: usize, read: impl Fn(Node<'tree>) -> String) -> &str {
        if self.above.as_ref().is_none_or(|(known, _)| *known != line) {
            self.above = Some((line, self.first_above(line).map(read).unwrap_or_default()));
        }
        self.above.as_ref().map_or("", |(_, doc)| doc)
    }

    /// The first of the comments that end, line by line, right above `line`.
    fn first_above(&self, line: usize) -> Option<Node<'tree>> {
        let (mut line, mut first) = (line, None);
        let mut at = self.all.partition_point(|comment| comment.0 < line);
        while let Some(&(start, end, node)) = at.checked_sub(1).and_then(|before| self.all.get(before)) {
            // Some grammars count the line break to the comment.
            let end = if node.end_position().column == 0 && end > start { end - 1 } else { end };
            if end + 1 != line {
                break;
            }
            (line, first, at) = (start, Some(node), at - 1);
        }
        first
    }
}

/// The first line of a comment or docstring that says something, without the marks around it.
fn doc_line(text: &str) -> String {
    let marks: &[char] = &['/', '*', '#', '-', '!', ';', '%', '"', '\'', '{', '|', '(', ' ', '\t'];
    let ends: &[char] = &['/', '*', '"', '\'', ' ', '\t', '\r', '}', ')', '-'];
    text[..text.floor_char_boundary(DOC_BYTES)]
        .lines()
        .map(|line| line.trim().trim_start_matches("r\"\"\"").trim_start_matches(marks))
        .map(|line| {
            if line.ends_with("*/") || line.ends_with("\"\"\"") || line.ends_with("-}") || line.ends_with("*)") {
                line.trim_end_matches(ends)
            } else {
                line
            }
        })
        .find(|line| line.chars().any(char::is_alphanumeric))
        .map(|line| line.trim_end().chars().take(LINE_WIDTH).collect())
        .unwrap_or_default()
}

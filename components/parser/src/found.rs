//! Runs a language's query over a syntax tree and sorts what it captured.

use std::ops::Range;

use astlas_model::tags::{DefinitionType, ReferenceType};
use streaming_iterator::StreamingIterator;
use tree_sitter::{Node, QueryCursor, QueryCursorOptions, QueryCursorState, QueryMatch};

use crate::{captures::Capture, comments::Comments, imports::Imports, languages::Compiled, work::Work};

/// Longest name kept, in bytes. Where a grammar nests names in names (`a::b::c`), their sum must not grow with the
/// square.
const NAME_BYTES: usize = 500;

/// Most children of an error node through which the query is run. Tree-sitter keeps them in one flat list and, at each,
/// looks through those that follow.
const ERROR_CHILDREN: u32 = 1_000;

/// End of a byte range without end.
const TO_THE_END: usize = u32::MAX as usize;

/// What the query captured, in the order of its matches.
#[derive(Default)]
pub struct Found<'tree> {
    pub definitions: Vec<Definition<'tree>>,
    pub references: Vec<Reference>,
    pub imports: Imports,
    pub exports: Vec<Node<'tree>>,
    pub comments: Comments<'tree>,
    pub locals: Vec<Range<usize>>,
    pub injections: Vec<Injection>,
}

/// Code in another language.
pub struct Injection {
    /// Position of that language in the table.
    pub language: usize,
    pub range: tree_sitter::Range,
    pub pattern: usize,
}

pub struct Definition<'tree> {
    pub kind: DefinitionType,
    pub node: Node<'tree>,
    pub name: Node<'tree>,
    pub doc: Option<Node<'tree>>,
    /// Position of the pattern in the query.
    pub pattern: usize,
}

pub struct Reference {
    pub kind: ReferenceType,
    pub start: usize,
    pub end: usize,
    pub line: usize,
    pub pattern: usize,
}

/// Finds what the query captures in one text's tree.
pub struct Finder<'a> {
    pub text: &'a str,
    pub compiled: &'a Compiled,
    pub work: &'a Work,
}

impl Finder<'_> {
    /// Adds what is in the whole tree; what was found before the work ran out, if it did.
    pub fn find<'tree>(&self, cursor: &mut QueryCursor, root: Node<'tree>, found: &mut Found<'tree>) {
        let mut roots = vec![root];
        while let Some(root) = roots.pop() {
            let mut from = 0;
            for error in crowded_errors(root) {
                if from < error.start_byte() {
                    self.run(cursor, root, from..error.start_byte(), found);
                }
                from = error.end_byte();
                // It has too many children to be part of a match itself; each of them is a tree of its own.
                for child in error.named_children(&mut error.walk()) {
                    if child.has_error() {
                        roots.push(child);
                    } else {
                        self.run(cursor, child, 0..TO_THE_END, found);
                    }
                }
            }
            if from == 0 || from < root.end_byte() {
                self.run(cursor, root, from..TO_THE_END, found);
            }
        }
    }

    /// Runs the query on the part of a tree that touches a range.
    fn run<'tree>(&self, cursor: &mut QueryCursor, root: Node<'tree>, range: Range<usize>, found: &mut Found<'tree>) {
        if self.work.spend().is_break() {
            return;
        }
        let mut count = |_: &QueryCursorState| self.work.spend();
        let options = QueryCursorOptions::new().progress_callback(&mut count);
        cursor.set_byte_range(range);
        let mut matches = cursor.matches_with_options(&self.compiled.query, root, self.text.as_bytes(), options);
        while let Some(found_match) = matches.next() {
            self.sort_match(found_match, found);
        }
    }

    /// Puts one match of the query where it belongs.
    fn sort_match<'tree>(&self, found_match: &QueryMatch<'_, 'tree>, found: &mut Found<'tree>) {
        let (mut name, mut doc, mut path) = (None, None, None::<Range<usize>>);
        let (mut definition, mut reference, mut import) = (None, None, None);
        for capture in found_match.captures() {
            let node = capture.node;
            match self.compiled.captures.get(capture.index) {
                Capture::Definition(kind) => definition = Some((kind, node)),
                Capture::Reference(kind) => reference = Some((kind, node)),
                Capture::Name => name = Some(node),
                Capture::Doc => doc = doc.or(Some(node)),
                Capture::Comment => found.comments.push(node, self.text),
                Capture::Between => found.comments.push_between(node, self.text),
                Capture::Local => found.locals.push(node.byte_range()),
                Capture::Import => import = Some(node),
                // Of a path in several parts the query captures the first and the last one.
                Capture::Path => path = Some(path.map_or(node.start_byte(), |path| path.start)..node.end_byte()),
                Capture::Export if node.byte_range().len() <= NAME_BYTES => found.exports.push(node),
                Capture::Export => {}
                Capture::Injection(language) => {
                    let pattern = found_match.pattern_index;
                    found.injections.push(Injection { language, range: node.range(), pattern });
                }
                Capture::Unused => {}
            }
        }
        let pattern = found_match.pattern_index;
        if let Some(import) = import {
            found.imports.push(import, path, name);
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

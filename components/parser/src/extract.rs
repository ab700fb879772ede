//! From what a query found in a syntax tree to tags, in order.

use std::{cmp::Reverse, ops::Range};

use astlas_model::{Tags, tags::DefinitionType};
use tree_sitter::Node;

use crate::{
    comments::{Comments, doc_line},
    found::{Definition, Found, Reference},
    names::{Names, plain},
    scopes::Scopes,
    signature::signature,
};

/// The tags of a file with this text.
pub fn tags(text: &str, found: Found<'_>) -> Tags {
    let Found { mut definitions, mut references, imports, mut exports, mut comments, locals, .. } = found;
    drop_locals(&mut definitions, locals);
    // One name node is one definition and one reference: that of the query's earliest pattern.
    definitions.sort_by_key(|d| (d.name.start_byte(), d.pattern));
    definitions.dedup_by_key(|d| d.name.start_byte());
    let defined: Vec<_> = definitions.iter().map(|d| (d.name.start_byte(), d.kind)).collect();
    let is_defined = |start: usize| {
        // An implementation block names what it implements: that name is a use, not a definition.
        defined.binary_search_by_key(&start, |d| d.0).is_ok_and(|at| defined[at].1 != DefinitionType::Implementation)
    };
    references.sort_by_key(|r| (r.start, r.pattern));
    references.dedup_by_key(|r| r.start);
    references.retain(|r| !is_defined(r.start));
    definitions.sort_by_key(|d| (d.node.start_byte(), Reverse(d.node.end_byte()), d.name.start_byte()));

    let mut assembly = Assembly { text, tags: Tags::default(), names: Names::default(), scopes: Scopes::default() };
    comments.sort();
    let mut references = references.iter().peekable();
    for definition in &definitions {
        while let Some(reference) = references.next_if(|r| r.start < definition.node.start_byte()) {
            assembly.push_reference(reference);
        }
        assembly.push_definition(definition, &mut comments);
    }
    for reference in references {
        assembly.push_reference(reference);
    }
    exports.sort_by_key(Node::start_byte);
    exports.dedup_by_key(|node| node.start_byte());
    for node in exports {
        assembly.push_export(node);
    }
    let Assembly { tags, names, .. } = assembly;
    Tags { lines: text.lines().count() as u32, names: names.all, imports: imports.columns(text), ..tags }
}

/// Takes out what is defined for a part of the code only.
fn drop_locals(definitions: &mut Vec<Definition<'_>>, mut locals: Vec<Range<usize>>) {
    locals.sort_by_key(|local| (local.start, Reverse(local.end)));
    // Of those that stand in each other the outermost is enough.
    locals.dedup_by(|inner, outer| inner.end <= outer.end);
    let is_local = |node: Node<'_>| {
        let before = locals.partition_point(|local| local.start <= node.start_byte());
        before.checked_sub(1).is_some_and(|at| node.end_byte() <= locals[at].end)
    };
    use DefinitionType::{Constant, Function, Variable};
    definitions.retain(|d| !matches!(d.kind, Constant | Function | Variable) || !is_local(d.node));
}

/// Tags in the making.
struct Assembly<'a> {
    text: &'a str,
    tags: Tags,
    names: Names<'a>,
    scopes: Scopes,
}

impl<'a> Assembly<'a> {
    fn push_definition(&mut self, definition: &Definition<'_>, comments: &mut Comments<'_>) {
        let (node, name) = (definition.node, definition.name);
        let scope = self.scopes.enter(node, definition.kind);
        let (end, end_line) = end(self.text, node);
        let columns = &mut self.tags.definitions;
        columns.name.push(self.names.index(plain(slice(self.text, name)).0));
        columns.types.push(definition.kind);
        columns.start_line.push(node.start_position().row as u32);
        columns.end_line.push(end_line as u32);
        columns.start_byte.push(node.start_byte() as u32);
        columns.end_byte.push(end as u32);
        columns.name_line.push(name.start_position().row as u32);
        columns.scope.push(scope);
        columns.signature.push(&signature(self.text, node, name, self.scopes.body));
        let read = |comment: Node<'_>| doc_line(slice(self.text, comment));
        match definition.doc {
            Some(doc) => columns.doc.push(&read(doc)),
            None => columns.doc.push(comments.above(node.start_position().row, read)),
        }
    }

    fn push_reference(&mut self, reference: &Reference) {
        let columns = &mut self.tags.references;
        let (name, marks) = plain(self.text.get(reference.start..reference.end).unwrap_or_default());
        columns.name.push(self.names.index(name));
        columns.types.push(reference.kind);
        columns.line.push(reference.line as u32);
        columns.start_byte.push((reference.start + marks) as u32);
        columns.end_byte.push((reference.start + marks + name.len()) as u32);
        columns.scope.push(self.scopes.around(reference.start));
    }

    fn push_export(&mut self, node: Node<'_>) {
        self.tags.exports.name.push(self.names.index(slice(self.text, node)));
        self.tags.exports.line.push(node.start_position().row as u32);
    }
}

/// Byte and line where a node ends. Some grammars count line breaks to it that follow its last line.
fn end(text: &str, node: Node<'_>) -> (usize, usize) {
    // Blank lines are looked through only so far: nodes in nodes may all end with the same ones.
    const BREAKS: usize = 100;
    let (mut end, mut line) = (node.end_byte(), node.end_position().row);
    for _ in 0..BREAKS {
        let code = text.get(node.start_byte()..end).unwrap_or_default();
        let Some(code) = code.strip_suffix('\n') else { break };
        (end, line) = (node.start_byte() + code.strip_suffix('\r').unwrap_or(code).len(), line - 1);
    }
    (end, line)
}

fn slice<'a>(text: &'a str, node: Node<'_>) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

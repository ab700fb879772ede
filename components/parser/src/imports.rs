//! What a file takes from elsewhere.

use std::{cmp::Reverse, ops::Range};

use astlas_model::tags;
use tree_sitter::Node;

/// Import paths and names kept for each byte of source: a path is listed again for every name taken from it.
const IMPORT_GROWTH: usize = 16;

/// The imports of a file as the query found them, in any order.
#[derive(Default)]
pub struct Imports {
    with_path: Vec<Import>,
    /// Names that were matched apart from the path of the statement they stand in.
    names: Vec<Range<usize>>,
}

#[derive(Clone)]
struct Import {
    /// Span and first line of the statement.
    statement: Range<usize>,
    line: usize,
    path: Range<usize>,
    name: Option<Range<usize>>,
}

impl Imports {
    /// Adds what one match of the query says of a statement.
    pub fn push(&mut self, statement: Node<'_>, path: Option<Range<usize>>, name: Option<Node<'_>>) {
        let name = name.map(|name| name.byte_range());
        match path {
            Some(path) => {
                let line = statement.start_position().row;
                self.with_path.push(Import { statement: statement.byte_range(), line, path, name });
            }
            None => self.names.extend(name),
        }
    }

    /// The imports as columns.
    pub fn columns(mut self, text: &str) -> tags::Imports {
        self.bring_names_to_paths();
        let mut imports = self.with_path;
        let start = |name: &Option<Range<usize>>| name.as_ref().map(|name| name.start);
        imports.sort_by_key(|import| (import.path.start, start(&import.name), import.line));
        imports.dedup_by_key(|import| (import.path.start, start(&import.name)));
        // A path that matched both with and without a name is listed with its names only.
        let named: Vec<_> =
            imports.iter().filter(|import| import.name.is_some()).map(|import| import.path.start).collect();
        imports.retain(|import| import.name.is_some() || named.binary_search(&import.path.start).is_err());
        imports.sort_by_key(|import| import.line);
        let (mut columns, most) = (tags::Imports::default(), IMPORT_GROWTH * text.len());
        let slice = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
        for import in imports {
            if columns.path.text.len() + columns.name.text.len() > most {
                break;
            }
            let quotes: &[char] = &['"', '\'', '`', '<', '>'];
            columns.path.push(slice(&import.path).trim_matches(quotes));
            columns.name.push(import.name.as_ref().map(slice).unwrap_or_default());
            columns.line.push(import.line as u32);
        }
        columns
    }

    /// Gives each name that was matched by itself the path of the innermost statement around it. A name in none, such
    /// as that of a plain `export { a }`, is no import.
    fn bring_names_to_paths(&mut self) {
        self.names.sort_by_key(|name| name.start);
        self.with_path.sort_by_key(|import| (import.statement.start, Reverse(import.statement.end), import.path.start));
        let (mut named, mut open, mut next) = (vec![], vec![], self.with_path.iter().peekable());
        for name in self.names.drain(..) {
            while let Some(import) = next.next_if(|import| import.statement.start <= name.start) {
                open.push(import);
            }
            while open.pop_if(|import| import.statement.end <= name.start).is_some() {}
            if let Some(&import) = open.last() {
                named.push(Import { name: Some(name), ..import.clone() });
            }
        }
        self.with_path.extend(named);
    }
}

//! Which definitions stand around a position.

use astlas_model::tags::DefinitionType;
use tree_sitter::Node;

use crate::signature::body;

/// The definitions around the current position, which only moves forward.
#[derive(Default)]
pub struct Scopes {
    /// Index plus one of each, and the byte where it ends.
    open: Vec<(u32, usize)>,
    count: u32,
    /// Node of the definition entered last, and the scope around it.
    last: Option<(usize, u32)>,
    /// Where its body starts, if it has one.
    pub body: Option<usize>,
}

impl Scopes {
    /// Opens the next definition; returns the one around it.
    pub fn enter(&mut self, node: Node<'_>, kind: DefinitionType) -> u32 {
        self.count += 1;
        // Several names of one declaration (`int a, b;`) stand side by side, not one in the other.
        if let Some((_, around)) = self.last.filter(|(id, _)| *id == node.id()) {
            return around;
        }
        let around = self.around(node.start_byte());
        self.open.push((self.count, node.end_byte()));
        // What names the type it belongs to (`func (s *Server) Close()`) is one node and two definitions: it is in that
        // type's implementation.
        self.last = (kind != DefinitionType::Implementation).then(|| (node.id(), around));
        self.body = body(node);
        around
    }

    /// The innermost definition that has not ended before `start`, as index plus one.
    pub fn around(&mut self, start: usize) -> u32 {
        while self.open.pop_if(|(_, end)| *end <= start).is_some() {}
        self.open.last().map_or(0, |(index, _)| *index)
    }
}

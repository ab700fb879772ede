//! The line of source that shows a definition.

use tree_sitter::Node;

/// Longest signature and documentation line kept, in characters: the map cuts lines shorter than this.
pub const LINE_WIDTH: usize = 200;

/// How much text before a definition on its first line still belongs to its signature (`export default`, `pub`), in
/// bytes.
const PREFIX_WIDTH: usize = 80;

/// How far below a definition's node its body may be: `const f = (x) => {}` is a declaration of a name whose value has
/// the body; a decorated function is inside what the decorators make.
const BODY_DEPTH: usize = 3;

/// What a definition says of itself, on one line: from the indentation of the line with its name to its body, lines
/// joined, or to the end of that line if there is no body. Looks no further than what is kept: a line of megabytes may
/// hold as many definitions.
pub fn signature(text: &str, node: Node<'_>, name: Node<'_>, body: Option<usize>) -> String {
    let line_start = name.start_byte().saturating_sub(name.start_position().column);
    // On a line with much else on it (minified code), the definition is shown from where it starts to where it ends.
    let crowded = node.start_byte() > line_start + PREFIX_WIDTH;
    let start = if crowded { node.start_byte() } else { line_start };
    let kept = text.floor_char_boundary(start + LINE_WIDTH * char::MAX.len_utf8());
    let rest = text.get(name.start_byte()..kept).unwrap_or_default();
    let line_end = || rest.find('\n').map_or(kept, |newline| name.start_byte() + newline);
    let mut end = body.filter(|body| *body > name.end_byte()).map_or_else(line_end, |body| body.min(kept));
    if crowded {
        end = end.min(node.end_byte());
    }
    let text = text.get(start..end).unwrap_or_default().trim_end();
    let text = text.strip_suffix('{').map_or(text, str::trim_end);
    joined(text).chars().take(LINE_WIDTH).map(|letter| if letter == '\r' { ' ' } else { letter }).collect()
}

/// Where the body of a definition starts, if it has one.
pub fn body(node: Node<'_>) -> Option<usize> {
    let mut level = vec![node];
    for _ in 0..=BODY_DEPTH {
        if let Some(body) = level.iter().find_map(|node| node.child_by_field_name("body")) {
            return Some(body.start_byte());
        }
        // Only through what the definition is made of, never into a list of other things.
        let parts = ["definition", "declaration", "declarator", "value", "right"];
        let below = level.iter().flat_map(|node| parts.iter().filter_map(|part| node.child_by_field_name(part)));
        level = below.chain(level.iter().filter_map(without_field)).collect();
    }
    None
}

/// What a template or an attribute stands before comes last, in some grammars without a field's name.
fn without_field<'tree>(node: &Node<'tree>) -> Option<Node<'tree>> {
    let last = u32::try_from(node.named_child_count()).ok()?.checked_sub(1)?;
    let last = node.named_child(last)?;
    ["_definition", "_declaration", "_literal"].iter().any(|end| last.kind().ends_with(end)).then_some(last)
}

/// The lines of a text as one; the first keeps its indentation.
fn joined(text: &str) -> String {
    let mut lines = text.lines();
    let mut joined = lines.next().unwrap_or_default().trim_end().to_owned();
    for line in lines.map(str::trim).filter(|line| !line.is_empty()) {
        if !joined.ends_with(['(', '[', '<']) && !line.starts_with([')', ']', '>', ',', ';']) {
            joined.push(' ');
        }
        joined.push_str(line);
    }
    joined
}

//! The line of source that shows a definition.

use tree_sitter::Node;

/// Longest signature and documentation line kept, in characters: the map cuts lines shorter than this.
pub const LINE_WIDTH: usize = 200;

/// How much text before a definition on its first line still belongs to its signature (`export default`, `pub`), in
/// bytes.
const PREFIX_WIDTH: usize = 80;

/// The line with the name, from its indentation to the definition's body or the line's end. Looks no further than
/// what is kept: a line of megabytes may hold as many definitions.
pub fn signature(text: &str, node: Node<'_>, name: Node<'_>, body: Option<usize>) -> String {
    let line_start = name.start_byte().saturating_sub(name.start_position().column);
    // On a line with much else on it (minified code), the definition is shown from where it starts to where it ends.
    let crowded = node.start_byte() > line_start + PREFIX_WIDTH;
    let start = if crowded { node.start_byte() } else { line_start };
    let kept = text.floor_char_boundary(start + LINE_WIDTH * char::MAX.len_utf8());
    let rest = text.get(name.start_byte()..kept).unwrap_or_default();
    let mut end = rest.find('\n').map_or(kept, |newline| name.start_byte() + newline);
    if let Some(body) = body.filter(|body| *body > name.end_byte()) {
        end = end.min(body);
    }
    if crowded {
        end = end.min(node.end_byte());
    }
    let text = text.get(start..end).unwrap_or_default().trim_end();
    let text = text.strip_suffix('{').map_or(text, str::trim_end);
    text.chars().take(LINE_WIDTH).map(|letter| if letter == '\r' { ' ' } else { letter }).collect()
}

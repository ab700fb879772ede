//! Whether tags can be those of a text: for answers of components that are not ours.

use astlas_atlas::ports::Source;
use astlas_model::{Strings, Tags};

/// Longest name and line kept, in bytes and characters; as in the parser.
const NAME_BYTES: usize = 500;
const LINE_WIDTH: usize = 200;

/// What contradicts itself or the text, if anything does.
pub fn contradiction(tags: &Tags, source: &Source) -> Option<&'static str> {
    let Tags { definitions: d, references: r, imports: i, exports: e, diagnostics: g, .. } = tags;
    let (bytes, lines) = (source.text.len() as u32, source.text.lines().count() as u32);
    let on_a_line = |column: &[u32]| column.iter().all(|&line| line < lines.max(1));
    let sorted_on_a_line = |column: &[u32]| column.is_sorted() && on_a_line(column);
    let spans = |start: &[u32], end: &[u32]| {
        start.is_sorted() && start.iter().zip(end).all(|(start, end)| start <= end && *end <= bytes)
    };
    let shown = |column: &Strings| {
        column.iter().all(|line| line.chars().count() <= LINE_WIDTH && !line.contains(['\n', '\r', '\u{1b}']))
    };
    if !tags.is_sound() {
        return Some("columns of different lengths, or an index without its entry");
    }
    let checks = [
        ("another language", tags.language == source.language),
        ("another number of lines", tags.lines == lines),
        ("an empty or very long name", tags.names.iter().all(|name| (1..=NAME_BYTES).contains(&name.len()))),
        (
            "a span outside the text or out of order",
            spans(&d.start_byte, &d.end_byte) && spans(&r.start_byte, &r.end_byte),
        ),
        ("a line outside the text", on_a_line(&d.start_line) && on_a_line(&d.end_line) && on_a_line(&r.line)),
        (
            "a name outside its definition",
            (0..d.name.len()).all(|at| (d.start_line[at]..=d.end_line[at]).contains(&d.name_line[at])),
        ),
        ("a signature or documentation of more than one line or 200 characters", shown(&d.signature) && shown(&d.doc)),
        ("lines out of order", sorted_on_a_line(&i.line) && sorted_on_a_line(&e.line) && sorted_on_a_line(&g.line)),
    ];
    checks.into_iter().find(|(_, holds)| !holds).map(|(what, _)| what)
}

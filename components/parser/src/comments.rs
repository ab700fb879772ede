//! What the comments and docstrings beside a definition say.

use tree_sitter::Node;

use crate::signature::LINE_WIDTH;

/// How much of a comment is searched for its first line of text, in bytes: one comment may document many definitions.
const DOC_BYTES: usize = 4_000;

/// The comments that may document what follows them, by line.
#[derive(Default)]
pub struct Comments<'tree> {
    all: Vec<Comment<'tree>>,
    /// Line that was asked for last, and the documentation above it: a line may hold very many definitions.
    above: Option<(usize, String)>,
}

struct Comment<'tree> {
    start_line: usize,
    end_line: usize,
    node: Node<'tree>,
    /// Whether it says something, and does not merely stand between what does and the definition.
    speaks: bool,
}

impl<'tree> Comments<'tree> {
    /// Adds a comment, if it can speak of what follows: one behind code speaks of that code. A string may do as well;
    /// what it stands in has lines of its own.
    pub fn push(&mut self, node: Node<'tree>, text: &str) {
        // The line that names a script's interpreter speaks to the system.
        if node.start_byte() == 0 && text.starts_with("#!") {
            return;
        }
        if !node.kind().contains("comment") || (begins_its_line(node, text) && ends_its_line(node, text)) {
            self.add(node, true);
        }
    }

    /// Adds what may stand between a comment and a definition, unless the definition begins on the same line.
    pub fn push_between(&mut self, node: Node<'tree>, text: &str) {
        if ends_its_line(node, text) {
            self.add(node, false);
        }
    }

    fn add(&mut self, node: Node<'tree>, speaks: bool) {
        let (start_line, end) = (node.start_position().row, node.end_position());
        // Some grammars count the line break to the comment.
        let end_line = if end.column == 0 && end.row > start_line { end.row - 1 } else { end.row };
        self.all.push(Comment { start_line, end_line, node, speaks });
    }

    /// Puts them in order, which is to be done before any is asked for.
    pub fn sort(&mut self) {
        self.all.sort_by_key(|comment| comment.node.start_byte());
        self.all.dedup_by_key(|comment| comment.node.start_byte());
    }

    /// What the comments right above `line` say, in the words of `read`; empty if there are none.
    pub fn above(&mut self, line: usize, read: impl Fn(Node<'tree>) -> String) -> &str {
        if self.above.as_ref().is_none_or(|(known, _)| *known != line) {
            self.above = Some((line, self.first_above(line).map(read).unwrap_or_default()));
        }
        self.above.as_ref().map_or("", |(_, doc)| doc)
    }

    /// The first of the comments that end, line by line, right above `line`.
    fn first_above(&self, line: usize) -> Option<Node<'tree>> {
        let (mut line, mut first) = (line, None);
        let mut at = self.all.partition_point(|comment| comment.start_line < line);
        while let Some(comment) = at.checked_sub(1).and_then(|before| self.all.get(before)) {
            if comment.end_line + 1 != line {
                break;
            }
            (line, at) = (comment.start_line, at - 1);
            if comment.speaks {
                first = Some(comment.node);
            }
        }
        first
    }
}

const SPACES: &[char] = &[' ', '\t', '\r', '\u{c}', '\u{feff}'];

fn begins_its_line(node: Node<'_>, text: &str) -> bool {
    let before = text.get(..node.start_byte()).unwrap_or_default().trim_end_matches(SPACES);
    before.is_empty() || before.ends_with('\n')
}

fn ends_its_line(node: Node<'_>, text: &str) -> bool {
    let after = text.get(node.end_byte()..).unwrap_or_default().trim_start_matches(SPACES);
    after.is_empty() || after.starts_with('\n') || node.end_position().column == 0
}

/// The first line of a comment or docstring that says something, without the marks around it.
pub fn doc_line(text: &str) -> String {
    let marks: &[char] = &['/', '*', '#', '-', '!', ';', '%', '"', '\'', '{', '|', '(', '>', ' ', '\t'];
    let ends: &[char] = &['/', '*', '"', '\'', ' ', '\t', '\r', '}', ')', '-'];
    let text = &text[..text.floor_char_boundary(DOC_BYTES)];
    // Pascal's comments stand in plain braces.
    let text = text.strip_prefix('{').and_then(|text| text.trim_end().strip_suffix(" }")).unwrap_or(text);
    // The closing quotes of a docstring are none of its words, even where they stand on the same line.
    let quotes = ["\"\"\"", "'''", "\"", "'"].into_iter().find(|quotes| text.starts_with(quotes)).unwrap_or_default();
    let text = text.trim_end().strip_suffix(quotes).unwrap_or(text);
    text.lines()
        .map(|line| line.trim().trim_start_matches("r\"\"\"").trim_start_matches(marks))
        .map(|line| {
            if ["*/", "\"\"\"", "-}", "*)"].iter().any(|end| line.ends_with(end)) {
                line.trim_end_matches(ends)
            } else {
                line
            }
        })
        // What C# writes around it.
        .map(|line| line.trim_start_matches("<summary>").trim_end_matches("</summary>"))
        // What PowerShell writes above it.
        .filter(|line| !line.eq_ignore_ascii_case(".synopsis"))
        .find(|line| line.chars().any(char::is_alphanumeric))
        .map(|line| line.trim_end().chars().take(LINE_WIDTH).collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::doc_line;

    #[test]
    fn marks_and_quotes_are_taken_off() {
        for text in [
            "/// What it is.",
            "/** What it is. */",
            "\"\"\"What it is.\"\"\"",
            "'''\n  What it is.\n'''",
            "\"What it is.\"",
            "r\"\"\"What it is.\n\nMore.\"\"\"",
            "{- | What it is. -}",
            "{ What it is. }",
            "!> What it is.",
            "<#\n.SYNOPSIS\nWhat it is.\n#>",
            "-- | What it is.",
            "(** What it is. *)",
            "/// <summary>What it is.</summary>",
            "/**\n * What it is.\n */",
        ] {
            assert_eq!(doc_line(text), "What it is.", "{text}");
        }
        assert_eq!(doc_line("'Says \"hello\"'"), "Says \"hello\"");
        assert_eq!(doc_line("// ----"), "");
    }
}

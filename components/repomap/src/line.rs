//! What a line of the map looks like.
//!
//! Whatever the sources hold, each of these writes exactly one line, which a reader can tell from the other sorts by
//! its first character: only code starts with a space. Each starts a piece of its own for the tokenizers, too (it
//! starts with neither line break nor `/`, and is not all white space), which is why the counts of lines add up.

/// Stands for lines left out, and for the end of a line cut short. With its line break it is one token in both o200k
/// and cl100k, as are `...` and `--`; `⋮` takes three. Of those it is the shortest in characters, and at
/// column 0 it is no code.
pub const MARK: &str = "…";

/// Most characters of a line of code, not counting the space before it.
pub const WIDTH: usize = 100;

/// Stands for a line that has nothing on it.
const NOTHING: char = '␤';

/// Appends a line of code: a space, then the line, cut at [`WIDTH`]. White space at its end is dropped.
pub fn write_code(out: &mut String, code: &str) {
    out.push(' ');
    let code = code.trim_end();
    if code.is_empty() {
        out.push(NOTHING);
    }
    // Bytes are no fewer than characters, so most lines need no counting.
    let cut =
        if code.len() <= WIDTH { None } else { code.char_indices().nth(WIDTH).and(code.char_indices().nth(WIDTH - 1)) };
    let kept = cut.map_or(code, |(end, _)| &code[..end]);
    out.extend(kept.chars().map(|letter| if letter == '\t' { letter } else { visible(letter) }));
    if cut.is_some() {
        out.push_str(MARK);
    }
    out.push('\n');
}

/// Appends the line of a file that is shown by its path alone.
pub fn write_path(out: &mut String, path: &str) {
    // Repository paths start with none of these; one that does must not pass for code, or run into the line before.
    if path.is_empty() || path == MARK || path.starts_with('/') || path.starts_with(char::is_whitespace) {
        out.push_str("./");
    }
    out.extend(path.chars().map(visible));
    out.push('\n');
}

/// Appends the line above a file's code.
pub fn write_heading(out: &mut String, path: &str) {
    write_path(out, path);
    out.pop();
    out.push_str(":\n");
}

/// Appends the line that stands for lines left out.
pub fn write_mark(out: &mut String) {
    out.push_str(MARK);
    out.push('\n');
}

/// The character itself, or one that can be seen in place of one that breaks lines, turns the direction of what
/// follows, or shows nothing to a person while a machine reads it as text.
fn visible(letter: char) -> char {
    match letter {
        '\0'..='\x1f' => char::from_u32('␀' as u32 + letter as u32).unwrap_or(char::REPLACEMENT_CHARACTER),
        '\x7f' => '␡',
        // The upper control characters; the Arabic letter mark, the other directional marks, embeddings and isolates;
        // the line and paragraph separators; the tag characters.
        '\u{80}'..='\u{9f}'
        | '\u{61c}'
        | '\u{200e}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{e0000}'..='\u{e007f}' => char::REPLACEMENT_CHARACTER,
        _ => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(write: fn(&mut String, &str), text: &str) -> String {
        let mut out = String::new();
        write(&mut out, text);
        out
    }

    #[test]
    fn code_keeps_its_indentation() {
        assert_eq!(written(write_code, "def f():"), " def f():\n");
        assert_eq!(written(write_code, "\tint f() "), " \tint f()\n");
        assert_eq!(written(write_code, "    x\r"), "     x\n");
    }

    #[test]
    fn long_code_is_cut_at_a_character() {
        for letter in ["x", "å", "中", "🦀"] {
            let fits = letter.repeat(WIDTH);
            assert_eq!(written(write_code, &fits), format!(" {fits}\n"));
            assert_eq!(written(write_code, &letter.repeat(WIDTH + 1)), format!(" {}…\n", letter.repeat(WIDTH - 1)));
        }
    }

    #[test]
    fn nothing_breaks_a_line_or_hides() {
        assert_eq!(written(write_code, ""), " ␤\n");
        assert_eq!(written(write_code, " \t\u{3000}"), " ␤\n");
        assert_eq!(written(write_code, "a\nb\rc\0d\x1b[1m\x7f\u{85}\u{2028}e"), " a␊b␍c␀d␛[1m␡\u{fffd}\u{fffd}e\n");
        assert_eq!(written(write_code, "x\u{202e}y\u{2066}\u{200f}\u{61c}z"), " x\u{fffd}y\u{fffd}\u{fffd}\u{fffd}z\n");
        assert_eq!(written(write_code, "a\u{e0041}"), " a\u{fffd}\n");
        assert_eq!(written(write_path, "a\nb\tc:\u{202e}"), "a␊b␉c:\u{fffd}\n");
    }

    #[test]
    fn a_path_cannot_pass_for_code() {
        assert_eq!(written(write_path, "src/a.py"), "src/a.py\n");
        assert_eq!(written(write_heading, "src/a.py"), "src/a.py:\n");
        assert_eq!(written(write_heading, " def f()"), "./ def f():\n");
        assert_eq!(written(write_heading, "/etc"), ".//etc:\n");
        assert_eq!(written(write_path, ""), "./\n");
        assert_eq!(written(write_path, "…"), "./…\n");
    }
}

//! What was found, as lines of text or Markdown. Positions are one-based here, because people read them.

use std::fmt::Write;

use super::{
    Bundle, ChangedFile, ChangedSymbol, MissingFile, Relation, Status, SymbolStatus, TouchingTest, sections::Style,
};
use crate::cycles::Cycle;

/// One finding.
pub struct Note {
    /// The line above it that it shares with others, where it has one.
    pub group: Option<String>,
    /// The finding on a line. What matters comes first, because a line may be cut at its end.
    pub text: String,
}

/// Most characters of code inside a line of Markdown: less than would be cut, and with it the end of the code.
const CODE_WIDTH: usize = 60;

impl Style {
    fn path(self, path: &str) -> String {
        match self {
            Self::Text => path.to_owned(),
            Self::Markdown => span(path, usize::MAX),
        }
    }

    fn code(self, code: &str) -> String {
        match self {
            Self::Text => code.to_owned(),
            Self::Markdown => span(code, CODE_WIDTH),
        }
    }

    fn group(self, line: String) -> String {
        match self {
            Self::Text => line,
            Self::Markdown => format!("- {line}"),
        }
    }

    fn item(self, line: String) -> String {
        match self {
            Self::Text => format!("  {line}"),
            Self::Markdown => format!("  - {line}"),
        }
    }

    fn note(self, line: String) -> Note {
        Note { group: None, text: self.group(line) }
    }

    fn note_in(self, group: String, line: String) -> Note {
        Note { group: Some(self.group(group)), text: self.item(line) }
    }
}

/// Code in Markdown: between more backticks than there are in it.
fn span(code: &str, most: usize) -> String {
    let cut = code.char_indices().nth(most).map(|(end, _)| format!("{}…", &code[..end]));
    let code = cut.as_deref().unwrap_or(code);
    let longest = code.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let (fence, pad) = ("`".repeat(longest + 1), if longest > 0 { " " } else { "" });
    format!("{fence}{pad}{code}{pad}{fence}")
}

/// Changed symbols below their files.
pub fn symbols(found: &Bundle, statuses: &[ChangedFile], style: Style) -> Vec<Note> {
    let note = |symbol: &ChangedSymbol| {
        let file = statuses.binary_search_by(|file| file.path.as_str().cmp(&symbol.file)).ok().map(|at| &statuses[at]);
        let group = file.map_or_else(|| style.path(&symbol.file), |file| file_line(file, style));
        let mut line = match symbol.status {
            SymbolStatus::Removed => "removed ".to_owned(),
            SymbolStatus::Given => format!("{} ", symbol.line + 1),
            status => format!("{} {} ", symbol.line + 1, status.word()),
        };
        // The signature has the name, but not the scopes around it.
        if symbol.name.contains('.') {
            line += &format!("{}: ", symbol.name);
        }
        line += &style.code(&symbol.signature);
        if let Some(old) = &symbol.old_signature {
            line += &format!(", was {}", style.code(old));
        }
        style.note_in(group, line)
    };
    found.symbols.iter().map(note).collect()
}

/// Changed files that have nothing but themselves to show.
pub fn file(file: &ChangedFile, style: Style) -> Note {
    style.note(file_line(file, style))
}

fn file_line(file: &ChangedFile, style: Style) -> String {
    let path = style.path(&file.path);
    match (&file.old_path, file.status) {
        (Some(old), _) => format!("{path} (renamed from {})", style.path(old)),
        (None, Status::Given) => path,
        (None, status) => format!("{path} ({})", status.word()),
    }
}

/// Someone who uses a changed symbol.
pub fn caller(caller: &Relation, style: Style) -> Note {
    let Relation { line, symbol, confidence, .. } = caller;
    let name = caller.name.as_deref().map_or_else(String::new, |name| format!("{name} "));
    style.note_in(style.path(&caller.file), format!("{} {name}uses {symbol} ({confidence:.2})", line + 1))
}

/// What a changed symbol uses.
pub fn callee(callee: &Relation, style: Style) -> Note {
    let Relation { line, symbol, confidence, signature, .. } = callee;
    let line = format!("{} for {symbol} ({confidence:.2}): {}", line + 1, style.code(signature));
    style.note_in(style.path(&callee.file), line)
}

/// A test.
pub fn test(test: &TouchingTest, style: Style) -> Note {
    let mut line = style.path(&test.file);
    if let Some(first) = test.line {
        let _ = write!(line, ":{}", first + 1);
    }
    let _ = write!(line, " ({:.2}", test.confidence);
    line += if test.is_changed { ", changed)" } else { ")" };
    if !test.symbols.is_empty() {
        let _ = write!(line, " uses {}", test.symbols.join(", "));
    }
    style.note(line)
}

/// A file that should perhaps have changed.
pub fn missing(missing: &MissingFile, style: Style) -> Note {
    let MissingFile { file, value, together, commits } = missing;
    style.note(format!("{} ({value:.2}): {together} of its {commits} changes", style.path(file)))
}

/// A new cycle.
pub fn cycle(cycle: &Cycle, style: Style) -> Note {
    let way: Vec<String> = cycle.shortest.iter().chain(cycle.shortest.first()).map(|file| style.path(file)).collect();
    let files = cycle.files.len();
    style.note(format!("{files} files: {}", way.join(" → ")))
}

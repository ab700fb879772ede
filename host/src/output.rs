//! What commands print: tables for people, JSON for programs.

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};
use anyhow::Context;
use unicode_width::UnicodeWidthStr;

/// The word `error:`.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();
/// The word `warning:`.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// The head of a table.
const HEAD: Style = Style::new().bold();

/// Writes to standard output; colours are taken off where they are not wanted.
pub fn print(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.context("standard output cannot take it all: make room there, or send it elsewhere")
}

/// A value as JSON with a line break.
pub fn json(value: &impl serde::Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

/// Writes a value as JSON.
pub fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    print(&json(value)?)
}

/// Whether an error is only that the reader of our output went away (`astlas rank | head`).
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Whether a person is looking at stderr.
pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// A table as text: columns two spaces apart, numbers (columns named in `right`) set right.
pub fn table(head: &[&str], right: &[usize], rows: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = head.iter().map(|word| word.width()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: &[String]| {
        let mut line = String::new();
        for (column, (cell, width)) in cells.iter().zip(&widths).enumerate() {
            let gap = " ".repeat(width - cell.width());
            let cell = if right.contains(&column) { gap + cell } else { cell.clone() + &gap };
            line += &cell;
            line += "  ";
        }
        line.trim_end().to_owned() + "\n"
    };
    let head: Vec<String> = head.iter().map(ToString::to_string).collect();
    let head = line(&head);
    let mut text = format!("{}{}{}\n", HEAD.render(), head.trim_end(), HEAD.render_reset());
    for row in rows {
        text += &line(row);
    }
    text
}

/// Text from a source file, fit for one line of a terminal: control characters replaced.
pub fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
}

//! Definitions that were found by name.

use astlas_atlas::symbols;
use schemars::JsonSchema;
use serde::Serialize;

/// A definition.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Symbol {
    /// Its name, with the names of the scopes around it: `Flask.run`.
    pub name: String,
    /// What it is: `function`, `class`, ...
    pub r#type: &'static str,
    /// Path of its file.
    pub file: String,
    /// Line of the name, one-based.
    pub line: u32,
    /// The source that shows it, on one line.
    pub signature: String,
    /// The better the higher; comparable within one answer alone.
    pub score: u32,
    /// The lines around it, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<SourceLine>,
}

/// A line of source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SourceLine {
    /// One-based.
    pub line: usize,
    /// Without its end.
    pub text: String,
}

impl SourceLine {
    /// The lines of a text around a one-based one, and that one.
    pub fn around(lines: &[&str], line: usize, before_and_after: usize) -> Vec<Self> {
        let line = line.saturating_sub(1);
        let first = line.saturating_sub(before_and_after).min(lines.len());
        let end = line.saturating_add(before_and_after).saturating_add(1).min(lines.len());
        let shown = lines[first..end.max(first)].iter().zip(first + 1..);
        shown.map(|(text, line)| Self { line, text: (*text).to_owned() }).collect()
    }
}

impl From<symbols::Symbol> for Symbol {
    fn from(symbol: symbols::Symbol) -> Self {
        Self {
            name: symbol.name,
            r#type: symbol.r#type.word(),
            file: symbol.file,
            line: symbol.line + 1,
            signature: symbol.signature,
            score: symbol.score,
            lines: vec![],
        }
    }
}

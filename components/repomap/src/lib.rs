//! Ranked definition lines in, text that fits a token budget out.
//!
//! Lines go in with the lines of the scopes around them, and in order of rank; out comes a text that shows as many as
//! the budget allows:
//!
//! ```text
//! src/app.py:
//! …
//!  class App(Scaffold):
//! …
//!      def run(self, host=None, port=None):
//! …
//!
//! src/cli.py
//! ```
//!
//! The text is counted exactly, never over the budget, and the same on every host. The types mirror `wit/repomap`; what
//! a field means is documented there, once.

mod check;
mod fill;
mod line;
mod meter;
mod section;
mod tokens;
mod write;

#[cfg(target_family = "wasm")]
mod component;

use astlas_model::Strings;

pub use tokens::{Tokenizer, count};

/// The lines of one file that may be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "documented in wit/repomap/repomap.wit")]
pub struct FileLines {
    pub path: String,
    pub line: Vec<u32>,
    pub scope: Vec<u32>,
    pub text: Strings,
}

/// What to show first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "documented in wit/repomap/repomap.wit")]
pub struct Entries {
    pub file: Vec<u32>,
    pub line: Vec<u32>,
}

/// By what the text is counted, and how long it may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "documented in wit/repomap/repomap.wit")]
pub struct Options {
    pub tokenizer: Tokenizer,
    pub budget: u32,
}

/// A file that is on the map.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "documented in wit/repomap/repomap.wit")]
pub struct ShownFile {
    pub file: u32,
    pub tokens: u32,
    pub lines: Vec<u32>,
}

/// The map.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "documented in wit/repomap/repomap.wit")]
pub struct Rendered {
    pub text: String,
    pub tokens: u32,
    pub files: Vec<ShownFile>,
    pub complete: bool,
}

/// Why there is no map. A retry does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RenderError {
    /// The columns contradict each other.
    #[error("{0}")]
    Corrupt(String),
}

/// Shows as many entries as fit, in order; one too long for what is left is passed over for the next that fits.
pub fn render(files: &[FileLines], entries: &Entries, options: Options) -> Result<Rendered, RenderError> {
    check::sound(files, entries).map_err(RenderError::Corrupt)?;
    Ok(write::text(files, fill::fill(files, entries, options)))
}

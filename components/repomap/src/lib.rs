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

pub use astlas_model::stages::{
    Entries, FileLines, MapOrder, RenderOptions as Options, Rendered, ShownFile, Tokenizer,
};

pub use tokens::count;

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

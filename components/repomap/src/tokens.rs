//! How many tokens a text takes.

mod layout;
mod merge;
mod split;
mod table;

use astlas_model::stages::Tokenizer;
use merge::Merger;
use split::{Rules, pieces};

/// Characters that [`Tokenizer::Chars`] takes for one token.
const CHARS_PER_TOKEN: u64 = 4;

/// Tokens of a text.
pub fn count(text: &str, tokenizer: Tokenizer) -> u32 {
    let units = Counter::new(tokenizer).units(text);
    u32::try_from(tokens(units, tokenizer)).unwrap_or(u32::MAX)
}

/// Units in one token. Tokens are counted in units, which add up from line to line: quarters of a token where four
/// characters make one, else tokens.
pub(crate) fn units_per_token(tokenizer: Tokenizer) -> u64 {
    match tokenizer {
        Tokenizer::O200k | Tokenizer::Cl100k => 1,
        Tokenizer::Chars => CHARS_PER_TOKEN,
    }
}

/// Tokens that many units take.
pub(crate) fn tokens(units: u64, tokenizer: Tokenizer) -> u64 {
    units.div_ceil(units_per_token(tokenizer))
}

/// Counts one text after the other.
pub(crate) struct Counter {
    pub tokenizer: Tokenizer,
    merger: Merger,
}

impl Counter {
    pub fn new(tokenizer: Tokenizer) -> Self {
        Self { tokenizer, merger: Merger::default() }
    }

    /// Units of a text; see [`units_per_token`].
    pub fn units(&mut self, text: &str) -> u64 {
        let (rules, table) = match self.tokenizer {
            Tokenizer::O200k => (Rules::O200k, table::o200k()),
            Tokenizer::Cl100k => (Rules::Cl100k, table::cl100k()),
            Tokenizer::Chars => return text.chars().count() as u64,
        };
        pieces(text, rules).map(|piece| self.merger.count(piece.as_bytes(), table)).sum()
    }
}

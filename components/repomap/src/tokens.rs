//! How many tokens a text takes.

mod layout;
mod merge;
mod split;
mod table;

use merge::Merger;
use split::{Rules, pieces};

/// What tokens are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tokenizer {
    /// OpenAI's o200k_base.
    O200k,
    /// OpenAI's cl100k_base.
    Cl100k,
    /// An estimate: one token for every four characters begun.
    Chars,
}

/// Characters that [`Tokenizer::Chars`] takes for one token.
const CHARS_PER_TOKEN: u64 = 4;

/// Tokens of a text.
pub fn count(text: &str, tokenizer: Tokenizer) -> u32 {
    let units = Counter::new(tokenizer).units(text);
    u32::try_from(tokenizer.tokens(units)).unwrap_or(u32::MAX)
}

impl Tokenizer {
    /// Units in one token. Tokens are counted in units, which add up from line to line: quarters of a token where four
    /// characters make one, else tokens.
    pub(crate) fn units_per_token(self) -> u64 {
        match self {
            Self::O200k | Self::Cl100k => 1,
            Self::Chars => CHARS_PER_TOKEN,
        }
    }

    /// Tokens that many units take.
    pub(crate) fn tokens(self, units: u64) -> u64 {
        units.div_ceil(self.units_per_token())
    }
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

    /// Units of a text; see [`Tokenizer::units_per_token`].
    pub fn units(&mut self, text: &str) -> u64 {
        let (rules, table) = match self.tokenizer {
            Tokenizer::O200k => (Rules::O200k, table::o200k()),
            Tokenizer::Cl100k => (Rules::Cl100k, table::cl100k()),
            Tokenizer::Chars => return text.chars().count() as u64,
        };
        pieces(text, rules).map(|piece| self.merger.count(piece.as_bytes(), table)).sum()
    }
}

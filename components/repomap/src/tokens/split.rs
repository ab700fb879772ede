//! Splits a text into the pieces that are tokenized each for itself, as the patterns of the two vocabularies say.
//!
//! The patterns, tried in this order at the start of each piece (`'s` stands for a contraction in any case: 's 't 're
//! 've 'm 'll 'd; a negative look-ahead lets go of the last space before a word):
//!
//! ```text
//! o200k   [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+('s)?
//!         [^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*('s)?
//!         \p{N}{1,3}      ?[^\s\p{L}\p{N}]+[\r\n/]*     \s*[\r\n]+     \s+(?!\S)     \s+
//! cl100k  's     [^\r\n\p{L}\p{N}]?\p{L}+
//!         \p{N}{1,3}      ?[^\s\p{L}\p{N}]+[\r\n]*      \s*[\r\n]+     \s+(?!\S)     \s+
//! ```
//!
//! No pattern looks back, and none goes on after a line break unless a `/`, another line break, or white space that
//! reaches to one follows. So a line that starts with none of these always starts a piece, and the counts of such lines
//! add up: `fill` is built on this.

use super::layout::{
    BLOCK,
    class::{BREAK, LOWER, MARK, NUMBER, OTHER, SPACE, UNCASED, UPPER},
};

static BLOCKS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/blocks.bin"));
static CLASSES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/classes.bin"));

const LETTER: u8 = UPPER | LOWER | UNCASED;
/// What may stand once before a word: `[^\r\n\p{L}\p{N}]`.
const BEFORE_WORD: u8 = MARK | SPACE | OTHER;
const WORD_START: u8 = UPPER | UNCASED | MARK;
const WORD_END: u8 = LOWER | UNCASED | MARK;
const PUNCTUATION: u8 = MARK | OTHER;
const WHITE: u8 = SPACE | BREAK;

/// Most digits in a piece.
const DIGITS: usize = 3;

/// Whose patterns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    O200k,
    Cl100k,
}

/// The pieces of `text`, which together are all of it.
pub fn pieces(text: &str, rules: Rules) -> impl Iterator<Item = &str> {
    let cursor = Cursor { text };
    let mut start = 0;
    std::iter::from_fn(move || {
        (start < text.len()).then(|| {
            let end = cursor.piece(start, rules);
            let piece = &text[start..end];
            start = end;
            piece
        })
    })
}

/// Positions are byte offsets, always between two characters.
struct Cursor<'a> {
    text: &'a str,
}

impl Cursor<'_> {
    /// Where the piece that starts at `start` ends.
    fn piece(&self, start: usize, rules: Rules) -> usize {
        let word = match rules {
            Rules::O200k => self.cased_word(start),
            Rules::Cl100k => self.contraction(start).or_else(|| self.word(start)),
        };
        word.or_else(|| self.number(start))
            .or_else(|| self.punctuation(start, rules))
            .unwrap_or_else(|| self.white(start))
    }

    /// Class of the character at `at`, 0 at the end, and where the next one starts.
    fn class(&self, at: usize) -> (u8, usize) {
        match self.text.as_bytes().get(at) {
            None => (0, at),
            Some(&byte) if byte.is_ascii() => (CLASSES[usize::from(BLOCKS[0]) * BLOCK + usize::from(byte)], at + 1),
            Some(_) => self.text[at..].chars().next().map_or((0, at), |letter| {
                let (block, column) = (letter as usize / BLOCK, letter as usize % BLOCK);
                (CLASSES[usize::from(BLOCKS[block]) * BLOCK + column], at + letter.len_utf8())
            }),
        }
    }

    /// Where the characters of these classes that follow `at` end.
    fn run(&self, mut at: usize, set: u8) -> usize {
        loop {
            let (class, next) = self.class(at);
            if class & set == 0 {
                return at;
            }
            at = next;
        }
    }

    /// The places where a word may start: after one character that is neither letter, digit nor line break, or at once.
    fn word_starts(&self, start: usize) -> impl Iterator<Item = usize> + Clone + use<> {
        let (class, next) = self.class(start);
        (class & BEFORE_WORD != 0).then_some(next).into_iter().chain([start])
    }

    /// cl100k: letters.
    fn word(&self, start: usize) -> Option<usize> {
        self.word_starts(start).find_map(|from| Some(self.run(from, LETTER)).filter(|&end| end > from))
    }

    /// o200k: a word ends where a capital follows a small letter, and takes a contraction with it.
    fn cased_word(&self, start: usize) -> Option<usize> {
        let starts = self.word_starts(start);
        let mut capitals = starts.clone();
        let end = starts.clone().find_map(|from| self.small_word(from)).or_else(|| {
            capitals.find_map(|from| {
                Some(self.run(from, WORD_START)).filter(|&end| end > from).map(|end| self.run(end, WORD_END))
            })
        })?;
        Some(self.contraction(end).unwrap_or(end))
    }

    /// Any number of `WORD_START`, then at least one `WORD_END`. Letters without case are both: the first part lets
    /// go of them where the second would find nothing.
    fn small_word(&self, from: usize) -> Option<usize> {
        let (mut at, mut last_shared) = (from, None);
        loop {
            let (class, next) = self.class(at);
            if class & WORD_START == 0 {
                break;
            }
            if class & WORD_END != 0 {
                last_shared = Some(next);
            }
            at = next;
        }
        Some(self.run(at, WORD_END)).filter(|&end| end > at).or(last_shared)
    }

    /// Where the contraction at `at` ends, if there is one. Without regard to case, which makes `ſ` an s.
    fn contraction(&self, at: usize) -> Option<usize> {
        let rest = self.text[at..].strip_prefix('\'')?;
        let mut letters = rest.chars().map(|letter| letter.to_ascii_lowercase());
        let length = match (letters.next()?, letters.next()) {
            (letter @ ('s' | 't' | 'm' | 'd' | 'ſ'), _) => letter.len_utf8(),
            ('r' | 'v', Some('e')) | ('l', Some('l')) => 2,
            _ => return None,
        };
        Some(at + 1 + length)
    }

    fn number(&self, start: usize) -> Option<usize> {
        let mut end = start;
        for _ in 0..DIGITS {
            let (class, next) = self.class(end);
            if class & NUMBER == 0 {
                break;
            }
            end = next;
        }
        (end > start).then_some(end)
    }

    /// Punctuation with a space before it and the line breaks behind it; in o200k also with the slashes among these.
    fn punctuation(&self, start: usize, rules: Rules) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let from = if bytes.get(start) == Some(&b' ') { start + 1 } else { start };
        let mut end = Some(self.run(from, PUNCTUATION)).filter(|&end| end > from)?;
        while let Some(byte) = bytes.get(end)
            && (matches!(byte, b'\r' | b'\n') || *byte == b'/' && rules == Rules::O200k)
        {
            end += 1;
        }
        Some(end)
    }

    /// White space: up to the last line break in it; else all of it at the end of the text; else all but the last
    /// character, which goes with what follows, unless it is the only one.
    fn white(&self, start: usize) -> usize {
        let (mut at, mut last, mut after_break) = (start, start, None);
        loop {
            let (class, next) = self.class(at);
            if class & WHITE == 0 {
                break;
            }
            if class == BREAK {
                after_break = Some(next);
            }
            (last, at) = (at, next);
        }
        match after_break {
            Some(end) => end,
            None if at < self.text.len() && last > start => last,
            None => at,
        }
    }
}

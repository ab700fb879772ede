//! Names that contain the query's letters in order.

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{AtomKind, CaseMatching, Normalization, Pattern},
};

use crate::query::{Query, last_parts};

/// Most characters of a query that can still match. No name is as long, and the matcher adds up scores in 16 bits.
const LONGEST: usize = 1000;

/// Scores one name after the other.
pub struct Fuzzy {
    matcher: Matcher,
    patterns: Vec<Wanted>,
    letters: Vec<char>,
}

struct Wanted {
    pattern: Pattern,
    /// Length of the query in bytes.
    length: usize,
    parts: usize,
}

impl Fuzzy {
    /// A query with a capital minds case, one without does not; words apart are looked for each for itself.
    pub fn new(query: &Query) -> Self {
        let readings = query.readings.iter().filter(|reading| reading.text.chars().count() <= LONGEST);
        let wanted = readings.map(|reading| Wanted {
            pattern: Pattern::new(&reading.text, CaseMatching::Smart, Normalization::Smart, AtomKind::Fuzzy),
            length: reading.text.len(),
            parts: reading.parts,
        });
        Self { patterns: wanted.collect(), matcher: Matcher::new(Config::DEFAULT), letters: vec![] }
    }

    /// The better of the whole name's score and that of its last parts, which would count for less only because
    /// something stands before them. Twice the matcher's score, and one more where the query leaves nothing over.
    pub fn score(&mut self, name: &str) -> Option<u32> {
        let Self { matcher, patterns, letters } = self;
        let mut score = |text: &str, wanted: &Wanted| {
            let score = wanted.pattern.score(Utf32Str::new(text, letters), matcher)?;
            Some(score * 2 + u32::from(text.len() == wanted.length))
        };
        let best = |wanted: &Wanted| {
            let whole = score(name, wanted)?;
            let last = last_parts(name, wanted.parts);
            Some(if last.len() < name.len() { whole.max(score(last, wanted).unwrap_or(0)) } else { whole })
        };
        patterns.iter().filter_map(best).max()
    }
}

//! Names that are the query, or begin with it.

use crate::query::{Query, Reading, last_parts};

/// 2 for the whole name, 1 for as many of its last parts as the query has.
pub fn exact(name: &str, query: &Query) -> Option<u32> {
    let score = |reading: &Reading| {
        let before = name.strip_suffix(reading.text.as_str())?;
        match before.as_bytes().last() {
            None => Some(2),
            Some(b'.') => Some(1),
            Some(_) => None,
        }
    };
    query.readings.iter().filter_map(score).max()
}

/// 4 or 3 where the whole name begins with the query, 2 or 1 where its last parts do; the better one letter for letter,
/// the other without regard to case.
pub fn prefix(name: &str, query: &Query) -> Option<u32> {
    let score = |reading: &Reading| {
        let whole = begins(name, reading).map(|same_case| 3 + u32::from(same_case));
        whole.or_else(|| begins(last_parts(name, reading.parts), reading).map(|same_case| 1 + u32::from(same_case)))
    };
    query.readings.iter().filter_map(score).max()
}

/// Whether a name begins with the query, and if so whether in the same case.
fn begins(name: &str, reading: &Reading) -> Option<bool> {
    if name.starts_with(reading.text.as_str()) {
        return Some(true);
    }
    // Most names and queries are plain ASCII, where letters are bytes.
    let head = &name.as_bytes()[..name.len().min(reading.lower.len())];
    if head.is_ascii() && reading.lower.is_ascii() {
        return head.eq_ignore_ascii_case(reading.lower.as_bytes()).then_some(false);
    }
    let mut letters = name.chars().flat_map(char::to_lowercase);
    reading.lower.chars().all(|letter| letters.next() == Some(letter)).then_some(false)
}

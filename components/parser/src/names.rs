//! Names without their marks, each once.

use std::{collections::HashMap, hash::BuildHasherDefault};

use astlas_model::Strings;

/// Names are short and the input is bounded, so a plain fixed-seed hash serves; a random seed would need an import.
type NameMap<'a> = HashMap<&'a str, u32, BuildHasherDefault<std::hash::DefaultHasher>>;

/// Distinct names in order of first appearance.
#[derive(Default)]
pub struct Names<'a> {
    pub all: Strings,
    index: NameMap<'a>,
}

impl<'a> Names<'a> {
    pub fn index(&mut self, name: &'a str) -> u32 {
        *self.index.entry(name).or_insert_with(|| {
            self.all.push(name);
            self.all.len() as u32 - 1
        })
    }
}

/// A name that is written as a symbol (`:name`) or a key (`name: `) without its colon, and the bytes taken off before
/// it: what a symbol names is defined and used without it.
pub fn plain(text: &str) -> (&str, usize) {
    let is_word = |text: &str| text.starts_with(|letter: char| letter.is_alphabetic() || letter == '_');
    match text.strip_prefix(':').filter(|rest| is_word(rest)) {
        Some(rest) => (rest, 1),
        None => (text.trim_end().strip_suffix(':').filter(|rest| is_word(rest)).unwrap_or(text), 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_symbols_and_keys_lose_a_colon() {
        for (text, name) in [(":lines", ("lines", 1)), ("open:", ("open", 0)), ("note: ", ("note", 0))] {
            assert_eq!(plain(text), name);
        }
        for text in ["name", ":", "::", ":+", ":+:", "a::b", "~Shape", ""] {
            assert_eq!(plain(text), (text, 0));
        }
    }
}

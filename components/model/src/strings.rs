//! Many strings as one: a joined text and the byte at which each string ends.

use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A column of strings. String `i` is `text[ends[i - 1]..ends[i]]`, from 0 for the first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strings {
    /// All strings, joined.
    pub text: String,
    /// Where each one ends, in bytes of `text`; ascending.
    pub ends: Vec<u32>,
}

impl Strings {
    /// Number of strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no string.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// String `index`, or `None` past the end or where `ends` does not fit `text`.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = match index {
            0 => 0,
            _ => *self.ends.get(index - 1)? as usize,
        };
        self.text.get(start..end)
    }

    /// Appends a string.
    pub fn push(&mut self, string: &str) {
        self.text.push_str(string);
        self.ends.push(self.text.len() as u32);
    }

    /// Appends some strings of another column.
    pub fn extend_from(&mut self, other: &Self, strings: Range<usize>) {
        for index in strings {
            self.push(other.get(index).unwrap_or_default());
        }
    }

    /// How many strings there are before the first that does not keep to `holds`, if those that do come first.
    pub fn partition_point(&self, holds: impl Fn(&str) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            match self.get(middle).is_some_and(&holds) {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    /// All strings in order; one that does not fit `text` is empty (see [`Strings::is_sound`]).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }

    /// Whether every string lies within `text`, on character boundaries, and together they are all of it.
    pub fn is_sound(&self) -> bool {
        let mut start = 0;
        for &end in &self.ends {
            if end < start || !self.text.is_char_boundary(end as usize) {
                return false;
            }
            start = end;
        }
        start as usize == self.text.len()
    }
}

impl<S: AsRef<str>> FromIterator<S> for Strings {
    fn from_iter<I: IntoIterator<Item = S>>(strings: I) -> Self {
        let mut column = Self::default();
        for string in strings {
            column.push(string.as_ref());
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_come_back_as_they_went_in() {
        let words = ["", "one", "två", ""];
        let column: Strings = words.iter().collect();
        assert_eq!(column.iter().collect::<Vec<_>>(), words);
        assert!(column.is_sound());
        assert_eq!(column.get(4), None);
    }

    #[test]
    fn ends_that_do_not_fit_are_noticed() {
        for (text, ends) in [("abc", vec![2]), ("abc", vec![2, 1, 3]), ("å", vec![1, 2]), ("a", vec![9])] {
            let column = Strings { text: text.into(), ends };
            assert!(!column.is_sound(), "{column:?}");
        }
    }
}

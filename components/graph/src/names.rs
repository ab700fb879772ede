//! The defined names of a repository, each as a number.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

use astlas_model::Strings;

use crate::FileNames;

/// Hashing that starts from the same state on every host: no randomness is asked for, so none has to be imported.
pub type FixedHasher = BuildHasherDefault<DefaultHasher>;

/// Every name that some file defines, sorted bytewise; its place there is its number.
pub struct Names<'a> {
    sorted: Vec<&'a str>,
    number: HashMap<&'a str, u32, FixedHasher>,
}

impl<'a> Names<'a> {
    /// The names the files define.
    pub fn defined(files: &[&'a FileNames]) -> Self {
        let mut number = HashMap::with_hasher(FixedHasher::default());
        let mut sorted = Vec::new();
        for file in files {
            for name in file.definitions.iter().filter_map(|&name| file.names.get(name as usize)) {
                number.entry(name).or_insert_with(|| {
                    sorted.push(name);
                    0
                });
            }
        }
        // Sorting the distinct names is cheap; sorting all of them in order to find the distinct ones is not.
        sorted.sort_unstable();
        for (place, name) in sorted.iter().enumerate() {
            number.insert(name, place as u32);
        }
        Self { sorted, number }
    }

    /// The number of a name, if some file defines it.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.number.get(name).copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// All of them, in order.
    pub fn to_strings(&self) -> Strings {
        self.sorted.iter().collect()
    }
}

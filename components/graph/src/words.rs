//! Which words stand in the names of which files.

use std::collections::HashMap;

use astlas_model::{Strings, words::words};

use crate::{FileNames, names::FixedHasher};

/// Words, sorted bytewise, and for each the files whose names contain it, ascending.
pub struct WordFiles {
    pub words: Strings,
    pub ends: Vec<u32>,
    pub file: Vec<u32>,
}

/// The words of these files, in order of file. What a file names counts, whether it defines it or not.
pub fn word_files(files: &[&FileNames]) -> WordFiles {
    let mut known = Known::default();
    let mut rows: Vec<Vec<u32>> = Vec::with_capacity(files.len());
    for file in files {
        let mut row: Vec<u32> = file.names.iter().flat_map(|name| known.words_of(name).to_vec()).collect();
        row.sort_unstable();
        row.dedup();
        rows.push(row);
    }
    let mut order: Vec<(&str, u32)> = known.number.iter().map(|(word, &number)| (word.as_str(), number)).collect();
    order.sort_unstable();
    let mut of_word = vec![Vec::new(); order.len()];
    for (file, row) in rows.into_iter().enumerate() {
        row.into_iter().for_each(|word| of_word[word as usize].push(file as u32));
    }
    let (mut ends, mut column) = (Vec::with_capacity(order.len()), Vec::new());
    for &(_, word) in &order {
        column.append(&mut of_word[word as usize]);
        ends.push(column.len() as u32);
    }
    WordFiles { words: order.iter().map(|(word, _)| word).collect(), ends, file: column }
}

/// Words numbered as they are met, and those of each name: names repeat from file to file.
#[derive(Default)]
struct Known<'a> {
    number: HashMap<String, u32, FixedHasher>,
    of_name: HashMap<&'a str, Vec<u32>, FixedHasher>,
}

impl<'a> Known<'a> {
    fn words_of(&mut self, name: &'a str) -> &[u32] {
        let number = &mut self.number;
        self.of_name.entry(name).or_insert_with(|| {
            let numbered = |word| {
                let next = number.len() as u32;
                *number.entry(word).or_insert(next)
            };
            words(name).into_iter().map(numbered).collect()
        })
    }
}

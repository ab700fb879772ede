//! Which words stand in the names of which files.

use std::collections::HashMap;

use astlas_model::{RepositoryGraph, Strings, words::words};

use crate::{FileNames, names::FixedHasher};

/// Words, sorted bytewise, and for each the files whose names contain it, ascending.
#[derive(Default)]
pub struct WordFiles {
    pub words: Strings,
    pub ends: Vec<u32>,
    pub file: Vec<u32>,
}

/// The words of these files, which come in order of their numbers. What a file names counts, whether it defines it or
/// not.
pub fn word_files(files: &[(u32, &FileNames)]) -> WordFiles {
    let mut known = Known::default();
    let mut rows: Vec<Vec<u32>> = Vec::with_capacity(files.len());
    for (_, file) in files {
        let mut row: Vec<u32> = file.names.iter().flat_map(|name| known.words_of(name).to_vec()).collect();
        row.sort_unstable();
        row.dedup();
        rows.push(row);
    }
    let mut order: Vec<(&str, u32)> = known.number.iter().map(|(word, &number)| (word.as_str(), number)).collect();
    order.sort_unstable();
    let mut of_word = vec![Vec::new(); order.len()];
    for ((file, _), row) in files.iter().zip(rows) {
        row.into_iter().for_each(|word| of_word[word as usize].push(*file));
    }
    let (mut ends, mut column) = (Vec::with_capacity(order.len()), Vec::new());
    for &(_, word) in &order {
        column.append(&mut of_word[word as usize]);
        ends.push(column.len() as u32);
    }
    WordFiles { words: order.iter().map(|(word, _)| word).collect(), ends, file: column }
}

/// The words of a graph whose files have other numbers now, or none, and those of files that came.
pub fn merged(graph: &RepositoryGraph, kept: &[Option<u32>], fresh: &WordFiles) -> WordFiles {
    let mut merged = WordFiles::default();
    merged.words.text.reserve(graph.words.text.len());
    merged.file.reserve(graph.word_file.len() + fresh.file.len());
    let (mut old, mut new) = (0, 0);
    loop {
        let words = [graph.words.get(old), fresh.words.get(new)];
        let Some(word) = words.iter().flatten().min() else { break };
        let start = merged.file.len();
        if words[0] == Some(word) {
            merged.file.extend(graph.containers(old).iter().filter_map(|&file| kept[file as usize]));
            old += 1;
        }
        if words[1] == Some(word) {
            let first = new.checked_sub(1).map_or(0, |before| fresh.ends[before] as usize);
            merged.file.extend(&fresh.file[first..fresh.ends[new] as usize]);
            merged.file[start..].sort_unstable();
            new += 1;
        }
        if merged.file.len() > start {
            merged.words.push(word);
            merged.ends.push(merged.file.len() as u32);
        }
    }
    merged
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

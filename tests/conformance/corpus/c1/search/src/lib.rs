//! Finds books by words of their titles.

mod words;

use words::split_words;

/// A title and its place in the list.
pub struct Entry {
    pub title: String,
    pub place: usize,
}

pub trait Finder {
    fn find(&self, question: &str) -> Vec<usize>;
}

#[derive(Default)]
pub struct TitleIndex {
    entries: Vec<Entry>,
}

impl TitleIndex {
    pub fn insert(&mut self, title: &str) {
        let place = self.entries.len();
        self.entries.push(Entry { title: title.to_owned(), place });
    }
}

impl Finder for TitleIndex {
    fn find(&self, question: &str) -> Vec<usize> {
        let wanted = split_words(question);
        let fits = |entry: &&Entry| split_words(&entry.title).iter().any(|word| wanted.contains(word));
        self.entries.iter().filter(fits).map(|entry| entry.place).collect()
    }
}

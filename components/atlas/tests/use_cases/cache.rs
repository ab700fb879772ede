//! A cache that loses and refuses what a test tells it to.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use astlas_atlas::ports::Cache;
use astlas_model::{Tags, stored};

#[derive(Default)]
pub struct Shaky {
    values: RefCell<BTreeMap<String, Vec<u8>>>,
    refuses: Cell<bool>,
    asked: RefCell<Vec<String>>,
}

impl Shaky {
    /// Loses all values of these kinds.
    pub fn lose(&self, kinds: &[&str]) {
        self.values.borrow_mut().retain(|key, _| !kinds.contains(&kind(key)));
    }

    /// Alters all values of these kinds, as a bad disk does.
    pub fn spoil(&self, kinds: &[&str]) {
        for (_, value) in self.values.borrow_mut().iter_mut().filter(|(key, _)| kinds.contains(&kind(key))) {
            value.truncate(value.len() / 2);
        }
    }

    /// Keeps nothing from now on.
    pub fn refuse(&self) {
        self.refuses.set(true);
    }

    /// The keys of a kind that were asked for since this was last asked.
    pub fn asked(&self, of: &str) -> Vec<String> {
        self.asked.take().into_iter().filter(|key| kind(key) == of).collect()
    }

    /// Puts the value of one key in the place of another one's.
    pub fn swap(&self, key: &str, other: &str) {
        let value = self.values.borrow()[other].clone();
        self.values.borrow_mut().insert(key.into(), value);
    }

    pub fn keys(&self, of: &str) -> Vec<String> {
        self.values.borrow().keys().filter(|key| kind(key) == of).cloned().collect()
    }

    /// All tags that are kept.
    pub fn tags(&self) -> Vec<Tags> {
        let tags = |key: &String| stored::decode(&self.values.borrow()[key]).unwrap();
        self.keys("ast").iter().map(tags).collect()
    }
}

fn kind(key: &str) -> &str {
    key.split(':').next().unwrap()
}

impl Cache for Shaky {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        self.asked.borrow_mut().extend_from_slice(keys);
        let values = self.values.borrow();
        keys.iter().map(|key| values.get(key).cloned()).collect()
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        if !self.refuses.get() {
            self.values.borrow_mut().extend(entries);
        }
    }
}

//! A cache that forgets everything at the end: for `--no-cache`, and for tests.

use std::{cell::RefCell, collections::BTreeMap};

use crate::ports::Cache;

/// Keeps values in memory, without bound: it lives as long as one command.
#[derive(Default)]
pub struct MemoryCache(RefCell<BTreeMap<String, Vec<u8>>>);

impl Cache for MemoryCache {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        let entries = self.0.borrow();
        keys.iter().map(|key| entries.get(key).cloned()).collect()
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        self.0.borrow_mut().extend(entries);
    }
}

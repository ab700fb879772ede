//! A cache that forgets everything at the end, and files that were never on a disk.

use std::{cell::RefCell, collections::BTreeMap};

use crate::ports::{Cache, Files, ReadError, Stamp, TreeFile};

/// Keeps values in memory, without bound: it lives as long as one command.
#[derive(Default)]
pub struct MemoryCache(RefCell<BTreeMap<String, Vec<u8>>>);

impl MemoryCache {
    /// Forgets these keys.
    pub fn remove(&self, keys: &[String]) {
        self.retain(|key| !keys.iter().any(|other| other == key));
    }

    /// All that is kept, in order of key.
    pub fn entries(&self) -> Vec<(String, Vec<u8>)> {
        self.0.borrow().iter().map(|(key, value)| (key.clone(), value.clone())).collect()
    }

    /// Forgets all but these keys.
    pub fn retain(&self, keep: impl Fn(&str) -> bool) {
        self.0.borrow_mut().retain(|key, _| keep(key));
    }
}

impl Cache for MemoryCache {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        let entries = self.0.borrow();
        keys.iter().map(|key| entries.get(key).cloned()).collect()
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        self.0.borrow_mut().extend(entries);
    }
}

/// A tree in memory. Stamps are made from contents: what looks alike is alike.
#[derive(Default)]
pub struct MemoryFiles {
    entries: Vec<TreeFile>,
    contents: BTreeMap<String, Vec<u8>>,
}

impl MemoryFiles {
    /// The files of these paths.
    pub fn new(contents: BTreeMap<String, Vec<u8>>) -> Self {
        let entry = |(path, content): (&String, &Vec<u8>)| TreeFile {
            path: path.clone(),
            stamp: Stamp::of(content.len() as u64, "content", content),
        };
        Self { entries: contents.iter().map(entry).collect(), contents }
    }

    /// All of a file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.contents.get(path).map(Vec::as_slice)
    }
}

impl Files for MemoryFiles {
    fn listed_at(&self) -> i64 {
        i64::MAX
    }

    fn entries(&self) -> &[TreeFile] {
        &self.entries
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let content = self.contents.get(path).ok_or_else(|| ReadError("not in the tree".into()))?;
        Ok(content[..content.len().min(usize::try_from(limit).unwrap_or(usize::MAX))].to_vec())
    }
}

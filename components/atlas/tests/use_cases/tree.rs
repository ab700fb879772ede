//! A tree in memory, of which a test decides what it holds, how that looks, and what cannot be read.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use astlas_atlas::ports::{Files, ReadError, Stamp, TreeFile};

pub const SECOND: i64 = 1_000_000_000;

/// When a tree is listed, unless a test says otherwise.
pub const NOON: i64 = 2_000_000_000 * SECOND;

pub struct Tree {
    pub listed_at: i64,
    files: Vec<TreeFile>,
    contents: BTreeMap<String, Vec<u8>>,
    unreadable: BTreeSet<String>,
    reads: RefCell<Vec<String>>,
}

impl Tree {
    /// A tree of files that were last changed long ago.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let mut tree = Self {
            listed_at: NOON,
            files: vec![],
            contents: BTreeMap::new(),
            unreadable: BTreeSet::new(),
            reads: RefCell::new(vec![]),
        };
        for (path, text) in files {
            tree.write(path, text.as_bytes(), NOON - 1000 * SECOND);
        }
        tree
    }

    /// Writes a file at a time, as any program would.
    pub fn write(&mut self, path: &str, bytes: &[u8], at: i64) {
        let stamp = Stamp { size: bytes.len() as u64, modified: at, changed: at };
        self.files.retain(|file| file.path != path);
        self.files.push(TreeFile { path: path.into(), stamp });
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.contents.insert(path.into(), bytes.into());
    }

    pub fn remove(&mut self, path: &str) {
        self.files.retain(|file| file.path != path);
        self.contents.remove(path);
    }

    /// Writes a file after the tree was listed: it looks as before, and is another.
    pub fn write_unseen(&mut self, path: &str, text: &str) {
        assert!(self.contents.insert(path.into(), text.into()).is_some());
    }

    pub fn stamp(&mut self, path: &str) -> &mut Stamp {
        &mut self.files.iter_mut().find(|file| file.path == path).unwrap().stamp
    }

    pub fn lock(&mut self, path: &str) {
        self.unreadable.insert(path.into());
    }

    pub fn unlock(&mut self, path: &str) {
        self.unreadable.remove(path);
    }

    /// The files that were read since this was last asked, each once.
    pub fn reads(&self) -> Vec<String> {
        let reads: BTreeSet<String> = self.reads.take().into_iter().collect();
        reads.into_iter().collect()
    }
}

impl Files for Tree {
    fn listed_at(&self) -> i64 {
        self.listed_at
    }

    fn entries(&self) -> &[TreeFile] {
        &self.files
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.reads.borrow_mut().push(path.into());
        if self.unreadable.contains(path) {
            return Err(ReadError("permission denied".into()));
        }
        let bytes = self.contents.get(path).ok_or_else(|| ReadError("gone".into()))?;
        Ok(bytes[..bytes.len().min(limit as usize)].to_vec())
    }
}

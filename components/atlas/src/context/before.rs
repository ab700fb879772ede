//! The tree before a change: the one after it, with some contents put back.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{ChangedFile, Status};
use crate::ports::{Files, ReadError, Stamp, TreeFile};

/// What changed files held before.
pub trait Before {
    /// Bytes of a file; `None` if it is not to be looked at.
    fn size(&self, path: &str) -> Option<u64>;

    /// All of a file.
    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError>;
}

impl Before for BTreeMap<String, Vec<u8>> {
    fn size(&self, path: &str) -> Option<u64> {
        self.get(path).map(|bytes| bytes.len() as u64)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        self.get(path).cloned().ok_or_else(|| ReadError("not known".into()))
    }
}

/// The tree before a change.
pub struct Old<'a, F> {
    after: &'a F,
    before: &'a dyn Before,
    entries: Vec<TreeFile>,
    /// Paths whose content is that of before.
    put_back: BTreeSet<&'a str>,
}

impl<'a, F: Files> Old<'a, F> {
    /// The tree `after`, less what `changed` did.
    pub fn new(after: &'a F, changed: &'a [ChangedFile], before: &'a dyn Before) -> Self {
        let mut entries: BTreeMap<&str, Stamp> =
            after.entries().iter().map(|file| (file.path.as_str(), file.stamp)).collect();
        for file in changed.iter().filter(|file| matches!(file.status, Status::Added | Status::Renamed)) {
            entries.remove(file.path.as_str());
        }
        let mut put_back = BTreeSet::new();
        for path in changed.iter().filter_map(ChangedFile::before) {
            entries.remove(path);
            if let Some(size) = before.size(path) {
                // A stamp of a time to come is never taken for that of a known content.
                entries.insert(path, Stamp { size, modified: i64::MAX, changed: 0 });
                put_back.insert(path);
            }
        }
        let entries = entries.into_iter().map(|(path, stamp)| TreeFile { path: path.to_owned(), stamp }).collect();
        Self { after, before, entries, put_back }
    }
}

impl<F: Files> Files for Old<'_, F> {
    fn listed_at(&self) -> i64 {
        self.after.listed_at()
    }

    fn entries(&self) -> &[TreeFile] {
        &self.entries
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        if !self.put_back.contains(path) {
            return self.after.read(path, limit).await;
        }
        let mut bytes = self.before.read(path)?;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(bytes)
    }
}

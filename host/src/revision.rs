//! A revision of a git repository as a tree of files, read from its objects; and what changed files held in one.

use std::collections::BTreeMap;

use anyhow::Result;
use astlas_atlas::{
    context::Before,
    ports::{Files, ReadError, Stamp, TreeFile},
};
use astlas_history::{Blob, FileChange, ObjectId, Repo};

use crate::hidden::Hidden;

/// The tree of a commit below the folder. The checkout is not touched, nor does it matter.
pub struct RevisionTree<'a> {
    repository: &'a Repo,
    entries: Vec<TreeFile>,
    /// By path.
    contents: BTreeMap<String, ObjectId>,
}

impl<'a> RevisionTree<'a> {
    /// The files of a commit, less those that a listing of the folder would leave out.
    pub fn new(repository: &'a Repo, commit: ObjectId) -> Result<Self> {
        let mut blobs = repository.files(commit)?;
        let contents: BTreeMap<String, ObjectId> = blobs.iter().map(|blob| (blob.path.clone(), blob.id)).collect();
        let hidden = Hidden::new(|path| text(repository, *contents.get(path)?));
        blobs.retain(|blob| !hidden.hides(&blob.path));
        drop(hidden);
        let entries = blobs.iter().map(|blob| TreeFile { path: blob.path.clone(), stamp: stamp(blob) }).collect();
        Ok(Self { repository, entries, contents })
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Option<String> {
        text(self.repository, *self.contents.get(path)?)
    }
}

fn text(repository: &Repo, content: ObjectId) -> Option<String> {
    Some(String::from_utf8_lossy(&repository.content(content).ok()?).into_owned())
}

/// A stamp that names the content: no two contents look alike, and no time has to pass until that is sure.
fn stamp(blob: &Blob) -> Stamp {
    let part = |from: usize| {
        let bytes = blob.id.as_bytes().iter().skip(from).take(8).copied();
        // Below zero, which is before any listing.
        bytes.fold(0u64, |number, byte| number << 8 | u64::from(byte)) as i64 | i64::MIN
    };
    Stamp { size: blob.size, modified: part(0), changed: part(8) }
}

impl Files for RevisionTree<'_> {
    fn listed_at(&self) -> i64 {
        i64::MAX
    }

    fn entries(&self) -> &[TreeFile] {
        &self.entries
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        let content = self.contents.get(path).ok_or_else(|| ReadError("not in the revision".into()))?;
        let mut bytes = self.repository.content(*content).map_err(|error| ReadError(error.to_string()))?;
        bytes.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(bytes)
    }
}

/// What changed files held in the revision before.
pub struct Blobs<'a> {
    repository: &'a Repo,
    contents: BTreeMap<String, ObjectId>,
}

impl<'a> Blobs<'a> {
    /// Of these changes, less the files that a listing would leave out.
    pub fn new(repository: &'a Repo, changes: &[FileChange], hidden: &Hidden<'_>) -> Self {
        let before = |change: &FileChange| {
            let path = change.old_path.as_ref().unwrap_or(&change.path);
            (!hidden.hides(path)).then_some((path.clone(), change.before?))
        };
        Self { repository, contents: changes.iter().filter_map(before).collect() }
    }
}

impl Before for Blobs<'_> {
    fn size(&self, path: &str) -> Option<u64> {
        self.repository.size(*self.contents.get(path)?)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, ReadError> {
        let content = self.contents.get(path).ok_or_else(|| ReadError("not in the revision".into()))?;
        self.repository.content(*content).map_err(|error| ReadError(error.to_string()))
    }
}

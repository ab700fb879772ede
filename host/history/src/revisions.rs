//! What revisions of a repository hold, and what differs between them or from the working folder.

use std::collections::BTreeMap;

use gix::{ObjectId, bstr::BStr};

use crate::{
    HistoryError, Repo,
    changes::{Differences, TreeChanges, moved},
    renames::{Content, alike},
};

/// Contents read to find out what was renamed, at most: with more the change is one of everything.
pub const MOST_COMPARED: usize = 2_000;

/// A change as named by the user, resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Revisions {
    /// The commit before the change.
    pub before: ObjectId,
    /// The commit after it; `None` for the working folder.
    pub after: Option<ObjectId>,
}

/// Why a revision is not known.
#[derive(Debug, thiserror::Error)]
pub enum RevisionError {
    /// No commit goes by that name, or several do.
    #[error("{0}: no such revision; give REV, REV..REV or REV...REV of commits that `git log` shows, or a patch file")]
    Unknown(String),
    /// Two commits without a common ancestor.
    #[error("{0} and {1} have no common ancestor; give them with two dots")]
    Unrelated(String, String),
    /// The repository cannot be read.
    #[error("the git repository cannot be read: {0}")]
    Unreadable(String),
}

/// A file of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Path below the folder asked for.
    pub path: String,
    /// Names its content.
    pub id: ObjectId,
    /// In bytes.
    pub size: u64,
}

/// A file that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileChange {
    /// Its path after; of a deleted file the one before.
    pub path: String,
    /// Its path before, where that was another one.
    pub old_path: Option<String>,
    /// Its content before, unless it was added.
    pub before: Option<ObjectId>,
    /// Whether it is there after.
    pub is_there: bool,
}

/// A file of the working folder.
pub struct Now {
    /// Its path.
    pub path: String,
    /// In bytes.
    pub size: u64,
}

impl Repo {
    /// Resolves `REV..REV`, `REV...REV` or `REV`; an empty side of dots is the newest commit.
    pub fn revisions(&self, text: &str) -> Result<Revisions, RevisionError> {
        let (before, after, from_common) = match (text.split_once("..."), text.split_once("..")) {
            (Some((before, after)), _) => (before, Some(after), true),
            (None, Some((before, after))) => (before, Some(after), false),
            (None, None) => (text, None, false),
        };
        let before_commit = self.commit(before)?;
        let Some(after) = after else { return Ok(Revisions { before: before_commit, after: None }) };
        let after_commit = self.commit(after)?;
        let before = match from_common {
            false => before_commit,
            true => {
                let found = self.git.merge_base(before_commit, after_commit);
                let unreadable = |error: gix::Error| RevisionError::Unreadable(error.to_string());
                let base = found.map_err(unreadable)?.map(gix::Id::detach);
                base.ok_or_else(|| RevisionError::Unrelated(before.into(), after.into()))?
            }
        };
        Ok(Revisions { before, after: Some(after_commit) })
    }

    fn commit(&self, name: &str) -> Result<ObjectId, RevisionError> {
        let name = if name.is_empty() { "HEAD" } else { name };
        let commit = || {
            let id = self.git.rev_parse_single(BStr::new(name)).ok()?;
            Some(id.object().ok()?.peel_to_commit().ok()?.id)
        };
        commit().ok_or_else(|| RevisionError::Unknown(name.into()))
    }

    /// The files of a commit below the folder, sorted by path.
    pub fn files(&self, commit: ObjectId) -> Result<Vec<Blob>, HistoryError> {
        let trees = TreeChanges::new(&self.git, usize::MAX);
        let all = trees.differences(None, commit).ok_or_else(|| unreadable("a commit has no tree"))?.added;
        let below = all.into_iter().filter_map(|(path, id)| Some((path.strip_prefix(&self.prefix)?.to_owned(), id)));
        let blob = |(path, id)| {
            let header = self.git.find_header(id).map_err(|error| unreadable(&error.to_string()))?;
            Ok(Blob { path, id, size: header.size() })
        };
        let mut files = below.map(blob).collect::<Result<Vec<Blob>, HistoryError>>()?;
        files.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(files)
    }

    /// Where the folder is below the repository's root: empty, or with a `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Bytes of a content; `None` if it is not there.
    pub fn size(&self, id: ObjectId) -> Option<u64> {
        self.git.find_header(id).ok().map(|header| header.size())
    }

    /// A content.
    pub fn content(&self, id: ObjectId) -> Result<Vec<u8>, HistoryError> {
        let blob = self.git.find_blob(id).map_err(|error| unreadable(&error.to_string()))?;
        Ok(blob.detach().data)
    }

    /// The files below the folder in which two commits differ, sorted by path.
    pub fn between(&self, before: ObjectId, after: ObjectId) -> Result<Vec<FileChange>, HistoryError> {
        let trees = TreeChanges::new(&self.git, usize::MAX);
        let found = trees.differences(Some(before), after).ok_or_else(|| unreadable("a commit has no tree"))?;
        let below = |path: String| path.strip_prefix(&self.prefix).map(ToOwned::to_owned);
        let pair = |(path, id)| Some((below(path)?, id));
        let found = Differences {
            added: found.added.into_iter().filter_map(pair).collect(),
            removed: found.removed.into_iter().filter_map(pair).collect(),
            modified: found
                .modified
                .into_iter()
                .filter_map(|(path, old, new)| Some((below(path)?, old, new)))
                .collect(),
        };
        let new: BTreeMap<String, ObjectId> = found.added.iter().cloned().collect();
        Ok(self.file_changes(found, |path| self.content(*new.get(path)?).ok()))
    }

    /// The files in which the working folder differs from a commit, sorted by path. `is_there` tells of a file that is
    /// not among `now` whether it is only left out there.
    pub fn working(
        &self,
        before: ObjectId,
        now: &[Now],
        read: impl Fn(&str) -> Option<Vec<u8>>,
        is_there: impl Fn(&str) -> bool,
    ) -> Result<Vec<FileChange>, HistoryError> {
        let mut old: BTreeMap<String, Blob> =
            self.files(before)?.into_iter().map(|blob| (blob.path.clone(), blob)).collect();
        let mut found = Differences { added: vec![], removed: vec![], modified: vec![] };
        for file in now {
            let bytes = || read(&file.path).unwrap_or_default();
            match old.remove(&file.path) {
                Some(blob) => {
                    if let Some(id) = self.differs(&blob, file.size, bytes) {
                        found.modified.push((file.path.clone(), blob.id, id));
                    }
                }
                None => found.added.push((file.path.clone(), self.id(&bytes()))),
            }
        }
        found.removed = old.into_values().filter(|blob| !is_there(&blob.path)).map(|b| (b.path, b.id)).collect();
        Ok(self.file_changes(found, read))
    }

    /// The name of a file's content, if it is not that of a blob. Line ends do not count, because git may change them
    /// on the way.
    fn differs(&self, blob: &Blob, size: u64, bytes: impl Fn() -> Vec<u8>) -> Option<ObjectId> {
        // Without a change of line ends another size is another content, and that of git is the smaller one.
        if size < blob.size {
            return Some(self.git.object_hash().null());
        }
        let bytes = bytes();
        let id = self.id(&bytes);
        if id == blob.id {
            return None;
        }
        let has_returns = bytes.windows(2).any(|pair| pair == b"\r\n");
        let plain: Vec<u8> = match has_returns {
            true => String::from_utf8_lossy(&bytes).replace("\r\n", "\n").into_bytes(),
            false => return Some(id),
        };
        (self.id(&plain) != blob.id).then_some(id)
    }

    fn id(&self, bytes: &[u8]) -> ObjectId {
        let hash = gix::objs::compute_hash(self.git.object_hash(), gix::objs::Kind::Blob, bytes);
        hash.unwrap_or_else(|_| self.git.object_hash().null())
    }

    /// With renames found out: `read` gives the contents of added files.
    fn file_changes(&self, found: Differences, read: impl Fn(&str) -> Option<Vec<u8>>) -> Vec<FileChange> {
        let contents: BTreeMap<String, ObjectId> = found.removed.iter().cloned().collect();
        let (mut renamed, mut left) = moved(&found.added, found.removed);
        left.sort();
        let mut added: Vec<String> = found.added.into_iter().map(|(path, _)| path).collect();
        let moved_to: std::collections::BTreeSet<String> = renamed.iter().map(|(_, new)| new.clone()).collect();
        added.retain(|path| !moved_to.contains(path));
        if !left.is_empty() && !added.is_empty() && left.len() + added.len() <= MOST_COMPARED {
            let old: Vec<Content> =
                left.iter().map(|(path, id)| (path.clone(), self.content(*id).unwrap_or_default())).collect();
            let new: Vec<Content> = added.iter().map(|path| (path.clone(), read(path).unwrap_or_default())).collect();
            renamed
                .extend(alike(&old, &new).into_iter().map(|(one, other)| (old[one].0.clone(), new[other].0.clone())));
        }
        let became: BTreeMap<&str, &str> = renamed.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect();
        let was: BTreeMap<&str, &str> = became.iter().map(|(old, new)| (*new, *old)).collect();
        let modified = found.modified.into_iter().map(|(path, before, _)| FileChange {
            path,
            before: Some(before),
            is_there: true,
            ..FileChange::default()
        });
        let gone = left.iter().filter(|(path, _)| !became.contains_key(path.as_str()));
        let gone = gone.map(|(path, id)| FileChange { path: path.clone(), before: Some(*id), ..FileChange::default() });
        let new = added.iter().filter(|path| !was.contains_key(path.as_str()));
        let new = new.map(|path| FileChange { path: path.clone(), is_there: true, ..FileChange::default() });
        let moves = renamed.iter().map(|(old, new)| FileChange {
            path: new.clone(),
            old_path: Some(old.clone()),
            before: contents.get(old).copied(),
            is_there: true,
        });
        let mut changes: Vec<FileChange> = modified.chain(gone).chain(new).chain(moves).collect();
        // A path that one file left and another one took stands once, as the one that is there.
        changes.sort_by(|one, other| one.path.cmp(&other.path).then(other.is_there.cmp(&one.is_there)));
        changes.dedup_by(|later, first| later.path == first.path);
        changes
    }
}

fn unreadable(what: &str) -> HistoryError {
    HistoryError::Unreadable(what.to_owned())
}

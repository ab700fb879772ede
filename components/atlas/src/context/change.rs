//! What a change is.

use super::before::Before;
use crate::index::Listing;

/// What happened to a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// It was not there before.
    Added,
    /// It is gone.
    Deleted,
    /// It holds something else.
    Modified,
    /// It has another path, and may hold something else.
    Renamed,
    /// It was named as changed; what it held before is not known.
    #[default]
    Given,
}

impl Status {
    /// The word used in texts and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Deleted => "deleted",
            Self::Modified => "modified",
            Self::Renamed => "renamed",
            Self::Given => "given",
        }
    }
}

/// A file of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedFile {
    /// Its path after the change; of a deleted file the one before.
    pub path: String,
    /// Its path before, where that was another one.
    pub old_path: Option<String>,
    /// What happened to it.
    pub status: Status,
}

impl ChangedFile {
    /// Its path before the change, if it was there.
    pub fn before(&self) -> Option<&str> {
        match self.status {
            Status::Added => None,
            _ => Some(self.old_path.as_deref().unwrap_or(&self.path)),
        }
    }

    /// Its path after the change, if it is there.
    pub fn after(&self) -> Option<&str> {
        (self.status != Status::Deleted).then_some(&self.path)
    }
}

/// A change between two trees.
#[derive(Clone)]
pub struct Change<'a> {
    /// Its files, sorted by path, each once.
    pub files: &'a [ChangedFile],
    /// What the files held before; `None` if nobody knows, and then everything in them counts as changed.
    pub before: Option<&'a dyn Before>,
    /// The listing that the tree after the change was indexed by.
    pub listing: Listing,
}

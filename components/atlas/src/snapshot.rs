//! What an index leaves behind: what was seen of the tree, and the repository in that state.

use astlas_model::{Ledger, RepositoryGraph, Tags};
use serde::{Deserialize, Serialize};

use crate::{
    keys,
    ports::{Stamp, TreeFile},
};

/// A file changed this shortly before the tree was listed may have changed again since without looking different: file
/// systems keep time in steps of some milliseconds. In nanoseconds.
const STAMP_STEP: i64 = 20_000_000;

/// What was last seen of one file of a tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Relative to the root.
    pub path: String,
    /// How it looked when it was read.
    pub stamp: Stamp,
    /// Name of its language; empty if it has none and is left out.
    pub language: String,
    /// blake3 of its content; of a file that is too large, of its size.
    pub content: [u8; 32],
}

/// What was last seen of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// When the tree was listed, in nanoseconds since 1970.
    pub listed_at: i64,
    /// All files, sorted by path.
    pub files: Vec<ManifestFile>,
}

impl Manifest {
    /// What was seen of a file, if it still looks the same and cannot have changed behind that look.
    pub fn unchanged(&self, file: &TreeFile) -> Option<&ManifestFile> {
        let at = self.files.binary_search_by(|before| before.path.as_str().cmp(&file.path)).ok()?;
        let before = &self.files[at];
        (before.stamp == file.stamp && self.is_settled(&file.stamp)).then_some(before)
    }

    /// Whether a file with this stamp was last changed well before the listing.
    fn is_settled(&self, stamp: &Stamp) -> bool {
        let last_change = match stamp {
            // Nobody can set `changed`, but anyone can set `modified`: one in the future says nothing beside it.
            Stamp { modified, changed: 1.., .. } if *modified > self.listed_at => stamp.changed,
            _ => stamp.modified.max(stamp.changed),
        };
        last_change.saturating_add(STAMP_STEP) < self.listed_at
    }

    /// The files that have a language.
    pub fn sources(&self) -> impl Iterator<Item = &ManifestFile> {
        self.files.iter().filter(|file| !file.language.is_empty())
    }

    /// Hash of all that a snapshot of these files depends on, `revision` being that of the stages.
    pub fn tree(&self, revision: &str) -> String {
        let mut hasher = blake3::Hasher::new();
        hasher.update(revision.as_bytes());
        for file in self.sources() {
            for part in [file.path.as_bytes(), file.language.as_bytes(), &file.content] {
                hasher.update(&(part.len() as u64).to_le_bytes());
                hasher.update(part);
            }
        }
        keys::hex(&hasher.finalize().as_bytes()[..16])
    }
}

/// A repository in one state.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The graph; its files are the source files, sorted by path.
    pub graph: RepositoryGraph,
    /// For each of the graph's files, the key of its tags.
    pub tags: Vec<String>,
    /// Definitions over all files.
    pub definitions: u64,
    /// References over all files.
    pub references: u64,
    /// Files with at least one diagnostic.
    pub files_with_diagnostics: u64,
}

/// What a snapshot can be updated from, beside itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Remainder {
    /// What the graph leaves out.
    pub ledger: Ledger,
    /// For each of the graph's files what it counts for.
    pub counts: Vec<FileCounts>,
}

/// What one file counts for in the sums of a snapshot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCounts {
    /// Its definitions.
    pub definitions: u32,
    /// Its references.
    pub references: u32,
    /// Whether it has a diagnostic.
    pub has_diagnostics: bool,
}

impl FileCounts {
    /// Those of a file with these tags.
    pub fn of(tags: &Tags) -> Self {
        Self {
            definitions: tags.definitions.name.len() as u32,
            references: tags.references.name.len() as u32,
            has_diagnostics: !tags.diagnostics.line.is_empty(),
        }
    }
}

impl Remainder {
    /// Whether both speak of equally many files. What else does not fit, the graph stage finds.
    pub fn fits(&self, snapshot: &Snapshot) -> bool {
        let files = snapshot.graph.files.len();
        self.counts.len() == files && snapshot.tags.len() == files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_settled_once_it_was_listed_well_after_its_last_change() {
        const LISTED: i64 = 1_000_000_000_000;
        let settled = |modified, changed| {
            let file = TreeFile { path: "a".into(), stamp: Stamp { size: 1, modified, changed } };
            let before =
                ManifestFile { path: "a".into(), stamp: file.stamp, language: String::new(), content: [0; 32] };
            Manifest { listed_at: LISTED, files: vec![before] }.unchanged(&file).is_some()
        };
        assert!(settled(LISTED - STAMP_STEP - 1, 0) && !settled(LISTED - STAMP_STEP, 0) && !settled(LISTED + 1, 0));
        assert!(!settled(0, LISTED), "its name or its rights changed just now, and maybe its content");
        assert!(settled(i64::MAX, 7) && !settled(i64::MAX, LISTED), "modified was set to a day to come");
        assert!(!settled(LISTED, 7), "a file system whose `changed` is that of the file's making");
        assert!(!settled(i64::MAX, 0) && !settled(i64::MAX, i64::MAX));
    }
}

//! Which files changed together. Fields mean what `wit/types/history.wit` says.

use serde::{Deserialize, Serialize};

use crate::{
    Strings,
    graph::{first_fault, fits, part, parts_ascend},
};

/// The newest commits of a repository and the files they changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/history.wit")]
pub struct History {
    pub paths: Strings,
    pub commit_ends: Vec<u32>,
    pub commit_path: Vec<u32>,
    pub commit_age: Vec<u32>,
    pub commit_size: Vec<u32>,
}

impl History {
    /// Largest commit that says anything, in files: larger ones move or rename, or touch everything for one reason.
    pub const LARGEST: u32 = 30;

    /// Number of commits.
    pub fn len(&self) -> usize {
        self.commit_ends.len()
    }

    /// Whether there is no commit.
    pub fn is_empty(&self) -> bool {
        self.commit_ends.is_empty()
    }

    /// The paths that commit `commit` changed.
    pub fn changed(&self, commit: usize) -> &[u32] {
        part(&self.commit_path, &self.commit_ends, commit)
    }

    /// What is wrong with the columns, if anything.
    pub fn fault(&self) -> Option<&'static str> {
        let (ends, column) = (&self.commit_ends, &self.commit_path);
        let known = |path: &u32| (*path as usize) < self.paths.len();
        let ascending = || self.paths.iter().is_sorted_by(|one, next| one < next);
        let large_enough =
            || (0..self.len()).all(|commit| self.changed(commit).len() <= self.commit_size[commit] as usize);
        // Each check may rely on those before it.
        first_fault(&[
            (self.paths.is_sound(), "history: paths: ends do not fit the text"),
            (ascending(), "history: paths: not in ascending order"),
            (fits(ends, column.len()), "history: commit-ends: do not fit commit-path"),
            (column.iter().all(known), "history: commit-path: not a path"),
            (parts_ascend(column, ends), "history: commit-path: not in ascending order"),
            (self.commit_age.len() == self.len(), "history: commit-age: not one for each commit"),
            (self.commit_age.is_sorted(), "history: commit-age: descends"),
            (self.commit_size.len() == self.len(), "history: commit-size: not one for each commit"),
        ])
        .or_else(|| (!large_enough()).then_some("history: commit-size: less than it changed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The newest commit changed both files, the third newest one of them and one that is gone.
    fn sound() -> History {
        History {
            paths: ["a.py", "b.py"].iter().collect(),
            commit_ends: vec![2, 3],
            commit_path: vec![0, 1, 1],
            commit_age: vec![0, 2],
            commit_size: vec![2, 2],
        }
    }

    #[test]
    fn every_contradiction_is_noticed() {
        assert_eq!((sound().fault(), History::default().fault()), (None, None));
        assert_eq!((sound().changed(0), sound().changed(1), sound().changed(2)), (&[0, 1][..], &[1][..], &[][..]));
        type Spoil = fn(&mut History);
        let faults: &[(&str, Spoil)] = &[
            ("paths: ends", |history| history.paths.ends[1] = 3),
            ("paths: not in", |history| history.paths = ["b", "a"].iter().collect()),
            ("commit-ends: do not fit", |history| history.commit_ends[1] = 2),
            ("commit-path: not a path", |history| history.commit_path[2] = 2),
            ("commit-path: not in", |history| history.commit_path.swap(0, 1)),
            ("commit-age: not one", |history| history.commit_age.truncate(1)),
            ("commit-age: descends", |history| history.commit_age.swap(0, 1)),
            ("commit-size: not one", |history| history.commit_size.push(1)),
            ("commit-size: less", |history| history.commit_size[0] = 1),
        ];
        for (expected, spoil) in faults {
            let mut history = sound();
            spoil(&mut history);
            let fault = history.fault().unwrap_or("nothing");
            assert!(fault.starts_with(&format!("history: {expected}")), "expected {expected:?}, found {fault:?}");
        }
    }
}

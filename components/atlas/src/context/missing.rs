//! Files that usually change along with those of a change, and do not this time.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{History, stages::Signal};

use super::change::Change;
use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, StageError, Stages},
    rank::Context,
};

/// Fewest common commits: one may be chance.
const FEWEST: u32 = 2;

/// Least value of the signal `changed-together` that is worth a warning: about a sixth of all changes are common ones.
const USUAL: f64 = 0.6;

/// Files that are asked for the signal, most common commits first.
const MOST_FILES: usize = 200;

/// A file that usually changes along.
#[derive(Clone, Debug, PartialEq)]
pub struct MissingFile {
    /// Its path.
    pub file: String,
    /// Value of the signal `changed-together`, 0 to 1.
    pub value: f64,
    /// Commits that changed it together with a file of the change.
    pub together: u32,
    /// Commits that changed it.
    pub commits: u32,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    pub(super) async fn missing(
        &self,
        indexed: &Indexed,
        context: &Context,
        change: &Change<'_>,
    ) -> Result<Vec<MissingFile>, StageError> {
        let Some(history) = &context.history else { return Ok(vec![]) };
        let paths = change.files.iter().flat_map(|file| [Some(file.path.as_str()), file.old_path.as_deref()]);
        let changed: BTreeSet<&str> = paths.flatten().collect();
        let mut candidates: Vec<(&str, u32, u32)> = counts(history, &changed)
            .into_iter()
            .filter(|(path, (together, _))| *together >= FEWEST && indexed.file(path).is_some())
            .map(|(path, (together, commits))| (path, together, commits))
            .collect();
        candidates.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        candidates.truncate(MOST_FILES);
        if candidates.is_empty() {
            return Ok(vec![]);
        }
        let explain = candidates.iter().map(|(path, ..)| (*path).to_owned()).collect();
        let explained = self.explained(indexed, &Context { explain, ..context.clone() }).await?;
        let mut missing = vec![];
        for one in explained {
            let signal = one.contributions.iter().find(|other| other.signal == Signal::ChangedTogether);
            let value = signal.map_or(0.0, |signal| signal.value);
            if let Some(&(_, together, commits)) = candidates.iter().find(|(path, ..)| *path == one.file)
                && value >= USUAL
            {
                missing.push(MissingFile { file: one.file, value, together, commits });
            }
        }
        missing.sort_by(|one, other| other.value.total_cmp(&one.value).then_with(|| one.file.cmp(&other.file)));
        Ok(missing)
    }
}

/// For each file outside the change: commits that changed it together with one of the change, and all of its commits.
fn counts<'a>(history: &'a History, changed: &BTreeSet<&str>) -> BTreeMap<&'a str, (u32, u32)> {
    let mut counts: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for commit in (0..history.len()).filter(|&commit| history.commit_size[commit] <= History::LARGEST) {
        let path = |&at: &u32| history.paths.get(at as usize).unwrap_or_default();
        let (own, others): (Vec<&str>, Vec<&str>) =
            history.changed(commit).iter().map(path).partition(|path| changed.contains(path));
        for other in others {
            let count = counts.entry(other).or_default();
            count.0 += u32::from(!own.is_empty());
            count.1 += 1;
        }
    }
    counts
}

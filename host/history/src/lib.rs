//! A git repository in, which of its files changed together out; and what its revisions hold.
//!
//! For the history only commits and trees are read, never the content of a file. What is read is bounded in commits, in changed files and
//! in time. A history that is cut short, shallow or damaged says what it still knows.

mod changes;
mod names;
mod renames;
mod revisions;

use std::{
    path::Path,
    time::{Duration, Instant},
};

use astlas_model::{History, Strings};
use changes::{Changes, TreeChanges};
pub use gix::ObjectId;
use gix::{Repository, revision::walk::Sorting, traverse::commit::simple::CommitTimeOrder};
use names::Names;
pub use revisions::{Blob, FileChange, MOST_COMPARED, Now, RevisionError, Revisions};

/// What is read of a history.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Most commits, merges apart.
    pub commits: usize,
    /// Changed files of a commit above which it is passed over: it moved or made everything.
    pub files: usize,
    /// Time after which no further commit is read.
    pub time: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        // With a half-life of 1,500 commits older ones weigh less than a tenth. Ten seconds are many times what 5,000
        // commits of a large repository take.
        Self { commits: 5_000, files: 10_000, time: Duration::from_secs(10) }
    }
}

/// Why there is no history.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The folder is in no git repository, or in one without a commit.
    #[error("no git history")]
    None,
    /// It is in one that cannot be read.
    #[error("the git history cannot be read: {0}")]
    Unreadable(String),
}

/// A repository with at least one commit.
pub struct Repo {
    git: Repository,
    head: ObjectId,
    /// The folder asked for, relative to the repository's root: empty, or with a `/` at its end.
    prefix: String,
}

/// What was read.
#[derive(Clone, Debug, Default)]
pub struct Read {
    /// What changed together.
    pub history: History,
    /// Whether time ran out before the bounds on commits were reached: another run may read more.
    pub is_cut: bool,
}

impl Repo {
    /// The repository that a folder belongs to.
    pub fn open(folder: &Path) -> Result<Self, HistoryError> {
        let (path, _) = gix::discover::upwards(folder).map_err(|_| HistoryError::None)?;
        let (git_folder, _) = path.into_repository_and_work_tree_directories();
        // Nothing of the user's or the machine's settings: the same repository has the same history everywhere.
        let mut git = gix::open_opts(git_folder, gix::open::Options::isolated())
            .map_err(|error| HistoryError::Unreadable(error.to_string()))?;
        // Trees of neighbouring commits share most of their subtrees.
        git.object_cache_size_if_unset(64 * 1024 * 1024);
        let head = git.head_id().map_err(|_| HistoryError::None)?.detach();
        let prefix = git.workdir().and_then(|root| prefix(root, folder)).unwrap_or_default();
        Ok(Self { git, head, prefix })
    }

    /// The newest commit.
    pub fn head(&self) -> ObjectId {
        self.head
    }

    /// Names a newest commit and the folder: what the history up to it depends on.
    pub fn key(&self, newest: ObjectId) -> String {
        format!("{newest}:{}", self.prefix)
    }

    /// Reads the history up to a commit.
    pub fn read(&self, newest: ObjectId, bounds: Bounds) -> Result<Read, HistoryError> {
        let started = Instant::now();
        let trees = TreeChanges::new(&self.git, bounds.files);
        let now = trees.all(newest).ok_or_else(|| HistoryError::Unreadable("the newest commit has no tree".into()))?;
        let mut names = Names::new(now, &self.prefix);
        let walk = self.git.rev_walk([newest]).sorting(Sorting::ByCommitTime(CommitTimeOrder::NewestFirst));
        let walk = walk.all().map_err(|error| HistoryError::Unreadable(error.to_string()))?;
        let (mut commits, mut is_cut, mut age) = (Vec::new(), false, 0);
        // A commit that is not there ends a damaged history; what was read before it stands.
        for commit in walk.map_while(Result::ok) {
            if age as usize >= bounds.commits {
                break;
            }
            if started.elapsed() > bounds.time {
                is_cut = true;
                break;
            }
            let parents: Vec<ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
            // What a merge brings, its commits brought before.
            if parents.len() > 1 {
                continue;
            }
            if let Some(Changes { changed, renamed }) = trees.between(parents.first().copied(), commit.id) {
                let size = changed.len() as u32;
                let known = names.now(&changed);
                names.rename(renamed);
                if !known.is_empty() {
                    commits.push((age, size, known));
                }
            }
            age += 1;
        }
        Ok(Read { history: history(commits), is_cut })
    }
}

/// The commits as columns.
fn history(commits: Vec<(u32, u32, Vec<String>)>) -> History {
    let mut paths: Vec<&str> = commits.iter().flat_map(|(_, _, paths)| paths).map(String::as_str).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut history = History { paths: paths.iter().collect::<Strings>(), ..History::default() };
    for (age, size, changed) in &commits {
        let place = |path: &String| paths.partition_point(|other| *other < path.as_str()) as u32;
        history.commit_path.extend(changed.iter().map(place));
        history.commit_ends.push(history.commit_path.len() as u32);
        history.commit_age.push(*age);
        history.commit_size.push(*size);
    }
    history
}

/// Where a folder is below a root: empty, or with a `/` at its end.
fn prefix(root: &Path, folder: &Path) -> Option<String> {
    let (root, folder) = (root.canonicalize().ok()?, folder.canonicalize().ok()?);
    let below = folder.strip_prefix(root).ok()?.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
    Some(if below.is_empty() { below } else { below + "/" })
}

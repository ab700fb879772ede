//! Repositories: which there are, which stay, which go.

use std::collections::{BTreeMap, BTreeSet};

use astlas_atlas::{blobs, commits::Sources, keys, ports::Blob};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, unavailable};

const DAY: u64 = 24 * 3600;

/// Everything that is indexed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Repositories {
    /// In order of their ids.
    repos: Vec<Repository>,
}

/// A repository.
#[derive(Debug, Serialize, JsonSchema)]
struct Repository {
    repo_id: String,
    /// Whether its commits stay however old they are.
    pinned: bool,
    /// The latest first.
    commits: Vec<IndexedCommit>,
}

/// A commit that can be asked.
#[derive(Debug, Serialize, JsonSchema)]
struct IndexedCommit {
    commit_sha: String,
    /// When its index was made, in seconds since 1970.
    indexed: u64,
    /// Bytes of its index.
    size: u64,
}

/// What was forgotten.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Removed {
    /// Commits that can no longer be asked.
    commits: usize,
}

/// What is to be swept.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SweepRequest {
    /// Commits indexed longer ago than this go, but those of pinned repositories.
    #[serde(default = "thirty")]
    older_than_days: u64,
}

/// A pin that was set or taken off.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Pinned {
    repo_id: RepoId,
    pinned: bool,
}

fn thirty() -> u64 {
    30
}

impl<P: Ports> Function<P> {
    /// All repositories.
    pub async fn repositories(&self) -> Result<Repositories, Problem> {
        let pins = self.pins().await?;
        let mut repos: BTreeMap<String, Vec<IndexedCommit>> = BTreeMap::new();
        for Blob { name, size, updated, .. } in self.all(&keys::index_blobs("")).await? {
            if let Some((repository, commit)) = keys::indexed_in(&name) {
                let commit = IndexedCommit { commit_sha: commit.to_owned(), indexed: updated, size };
                repos.entry(repository).or_default().push(commit);
            }
        }
        let repository = |(repo_id, mut commits): (String, Vec<IndexedCommit>)| {
            commits.sort_by(|a, b| b.indexed.cmp(&a.indexed).then_with(|| a.commit_sha.cmp(&b.commit_sha)));
            Repository { pinned: pins.contains(&keys::pin_blob(&repo_id)), repo_id, commits }
        };
        Ok(Repositories { repos: repos.into_iter().map(repository).collect() })
    }

    /// Forgets a repository: it can no longer be asked, here or in any other instance.
    pub async fn invalidate(&self, repository: &RepoId) -> Result<Removed, Problem> {
        let indexes = self.all(&keys::index_blobs(repository.as_str())).await?;
        if indexes.is_empty() {
            let detail = format!("{}: nothing of it is indexed; GET /api/v1/repos lists what is", repository.as_str());
            return Err(ProblemType::UnknownCommit.with(detail));
        }
        self.forget(&indexes).await
    }

    /// Forgets what is old.
    pub async fn sweep(&self, request: SweepRequest) -> Result<Removed, Problem> {
        let oldest = self.ports.now().saturating_sub(request.older_than_days.saturating_mul(DAY));
        let pins = self.pins().await?;
        let is_old = |blob: &Blob| blob.updated < oldest;
        let is_pinned = |name: &str| {
            keys::indexed_in(name).is_some_and(|(repository, _)| pins.contains(&keys::pin_blob(&repository)))
        };
        let mut indexes = self.all(&keys::index_blobs("")).await?;
        indexes.retain(|blob| is_old(blob) && !is_pinned(&blob.name));
        let jobs: Vec<String> =
            self.all(keys::JOBS).await?.into_iter().filter(is_old).map(|Blob { name, .. }| name).collect();
        self.delete(&jobs).await?;
        let removed = self.forget(&indexes).await?;
        // What came in and was never indexed, or lost its index otherwise.
        let kept: BTreeSet<String> = self.all(keys::INDEXES).await?.into_iter().map(|blob| blob.name).collect();
        for prefix in [keys::ARCHIVES, keys::SOURCES] {
            let mut stray = self.all(prefix).await?;
            let has_index = |blob: &Blob| kept.contains(&blob.name.replacen(prefix, keys::INDEXES, 1));
            stray.retain(|blob| is_old(blob) && !has_index(blob));
            let names: Vec<String> = stray.into_iter().map(|blob| blob.name).collect();
            self.delete(&names).await?;
        }
        Ok(removed)
    }

    /// Has the commits of a repository stay, or no longer.
    pub async fn pin(&self, repository: RepoId, pinned: bool) -> Result<Pinned, Problem> {
        let name = keys::pin_blob(repository.as_str());
        match pinned {
            true => self.ports.write(&name, repository.as_str().as_bytes().to_vec()).await.map_err(unavailable)?,
            false => self.delete(&[name]).await?,
        }
        Ok(Pinned { repo_id: repository, pinned })
    }

    /// Forgets these indexes, with the sources and archives they were made from as far as those are ours.
    async fn forget(&self, indexes: &[Blob]) -> Result<Removed, Problem> {
        let mut removed = Removed::default();
        for Blob { name, .. } in indexes {
            let Some((repository, commit)) = keys::indexed_in(name) else { continue };
            let (Ok(repository), Ok(commit)) = (RepoId::try_from(repository), CommitSha::try_from(commit.to_owned()))
            else {
                continue;
            };
            let pack = keys::sources_blob(repository.as_str(), commit.as_str(), Sources::Pack);
            // The index goes first: what is left, if this ends here, no answer is made from.
            self.delete(std::slice::from_ref(name)).await?;
            self.ports.remove(&[keys::commit(repository.as_str(), commit.as_str())]).await;
            self.delete(&[pack, keys::archive_blob(repository.as_str(), commit.as_str())]).await?;
            removed.commits += 1;
        }
        Ok(removed)
    }

    async fn pins(&self) -> Result<BTreeSet<String>, Problem> {
        Ok(self.all(keys::PINS).await?.into_iter().map(|blob| blob.name).collect())
    }

    async fn all(&self, prefix: &str) -> Result<Vec<Blob>, Problem> {
        blobs::list_all(&self.ports, prefix).await.map_err(unavailable)
    }

    async fn delete(&self, names: &[String]) -> Result<(), Problem> {
        self.ports.delete(names).await.map_err(unavailable)
    }
}

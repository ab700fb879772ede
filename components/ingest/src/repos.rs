//! Repositories: which there are, which stay, which go.

use std::collections::{BTreeMap, BTreeSet};

use astlas_atlas::{blobs, keys, ports::Blob, versions};
use astlas_http::{Problem, ProblemType, RepoId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Function, Ports,
    record::{Record, newest},
    unavailable,
};

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

fn nothing_of(repository: &RepoId) -> Problem {
    let detail = format!("{}: nothing of it is indexed; GET /api/v1/repos lists what is", repository.as_str());
    ProblemType::UnknownCommit.with(detail)
}

impl<P: Ports> Function<P> {
    /// All repositories.
    pub async fn repositories(&self) -> Result<Repositories, Problem> {
        let pins = self.pins().await?;
        let mut repos: BTreeMap<String, Vec<IndexedCommit>> = BTreeMap::new();
        for Blob { name, size, updated, .. } in versions::counting(self.all(keys::INDEXES).await?) {
            if let Some(found) = keys::indexed_in(&name) {
                let commit = IndexedCommit { commit_sha: found.commit.to_owned(), indexed: updated, size };
                repos.entry(found.repository).or_default().push(commit);
            }
        }
        let repository = |(repo_id, mut commits): (String, Vec<IndexedCommit>)| {
            commits.sort_by(|a, b| b.indexed.cmp(&a.indexed).then_with(|| a.commit_sha.cmp(&b.commit_sha)));
            Repository { pinned: pins.contains(&keys::pin_blob(&repo_id)), repo_id, commits }
        };
        Ok(Repositories { repos: repos.into_iter().map(repository).collect() })
    }

    /// Forgets a repository: it can no longer be asked, here or in any other instance. What came in and was never indexed
    /// goes as well.
    pub async fn invalidate(&self, repository: &RepoId) -> Result<Removed, Problem> {
        let indexes = versions::counting(self.all(&keys::index_blobs(repository.as_str())).await?);
        let archives = self.all(&keys::archive_blobs(repository.as_str())).await?;
        if indexes.is_empty() && archives.is_empty() {
            return Err(nothing_of(repository));
        }
        let removed = self.forget(&indexes).await?;
        self.delete(&archives.into_iter().map(|blob| blob.name).collect::<Vec<_>>()).await?;
        Ok(removed)
    }

    /// Forgets what is old.
    pub async fn sweep(&self, request: SweepRequest) -> Result<Removed, Problem> {
        let oldest = self.ports.now().saturating_sub(request.older_than_days.saturating_mul(DAY));
        let pins = self.pins().await?;
        let is_old = |blob: &Blob| blob.updated < oldest;
        let is_pinned =
            |name: &str| keys::indexed_in(name).is_some_and(|found| pins.contains(&keys::pin_blob(&found.repository)));
        let mut indexes = versions::counting(self.all(keys::INDEXES).await?);
        indexes.retain(|blob| is_old(blob) && !is_pinned(&blob.name));
        self.sweep_jobs(oldest).await?;
        let removed = self.forget(&indexes).await?;
        // What was overtaken, or came in and was never indexed, or lost its index otherwise.
        let listed = self.all(keys::INDEXES).await?;
        let kept: BTreeSet<String> = versions::counting(listed.clone()).into_iter().map(|blob| blob.name).collect();
        let commits: BTreeSet<&str> = kept.iter().filter_map(|name| Some(name.split_once('@')?.0)).collect();
        let is_kept = |prefix: &str, name: &str| {
            let index = name.replacen(prefix, keys::INDEXES, 1);
            kept.contains(&index) || commits.contains(index.as_str())
        };
        let sources = [self.all(keys::ARCHIVES).await?, self.all(keys::SOURCES).await?, listed].concat();
        let is_stray = |blob: &&Blob| {
            let prefix = blob.name.find('/').map_or("", |slash| &blob.name[..=slash]);
            is_old(blob) && !is_kept(prefix, &blob.name)
        };
        let stray: Vec<String> = sources.iter().filter(is_stray).map(|blob| blob.name.clone()).collect();
        self.delete(&stray).await?;
        Ok(removed)
    }

    /// Forgets jobs that were last written before `oldest`, and old records of others.
    async fn sweep_jobs(&self, oldest: u64) -> Result<(), Problem> {
        let listed = self.all(keys::JOBS).await?;
        let id = |blob: &Blob| Record::of(&blob.name).map(|record| record.id);
        let mut gone = vec![];
        for of_job in listed.chunk_by(|a, b| id(a) == id(b)) {
            let records: Vec<Record> = of_job.iter().filter_map(|blob| Record::of(&blob.name)).collect();
            let newest = newest(&records).map(Record::name);
            let is_old = |blob: &Blob| blob.updated < oldest;
            // All of a job together: else a record that was overtaken might become the job.
            let is_job_old = of_job.iter().any(|blob| Some(&blob.name) == newest.as_ref() && is_old(blob));
            let is_gone = |blob: &&Blob| is_job_old || is_old(blob) && Some(&blob.name) != newest.as_ref();
            gone.extend(of_job.iter().filter(is_gone).map(|blob| blob.name.clone()));
        }
        self.delete(&gone).await
    }

    /// Has the commits of a repository stay, or no longer. What is taken off may be there no more.
    pub async fn pin(&self, repository: RepoId, pinned: bool) -> Result<Pinned, Problem> {
        let name = keys::pin_blob(repository.as_str());
        match pinned {
            true if versions::counting(self.all(&keys::index_blobs(repository.as_str())).await?).is_empty() => {
                return Err(nothing_of(&repository));
            }
            true => self.ports.write(&name, repository.as_str().as_bytes().to_vec()).await.map_err(unavailable)?,
            false => self.delete(&[name]).await?,
        }
        Ok(Pinned { repo_id: repository, pinned })
    }

    /// Forgets these indexes, with the sources and archives they were made from as far as those are ours.
    async fn forget(&self, indexes: &[Blob]) -> Result<Removed, Problem> {
        let mut removed = Removed::default();
        for Blob { name, .. } in indexes {
            let Some(found) = keys::indexed_in(name) else { continue };
            let (repository, commit) = (found.repository.as_str(), found.commit);
            // The indexes go first: what is left, if this ends here, no answer is made from.
            let versions = self.all(&keys::indexes_of(repository, commit)).await?;
            self.delete(&versions.into_iter().map(|blob| blob.name).collect::<Vec<_>>()).await?;
            self.ports.remove(&[keys::commit(repository, commit)]).await;
            let sources = self.all(&keys::sources_of(repository, commit)).await?;
            let mut names: Vec<String> = sources.into_iter().map(|blob| blob.name).collect();
            names.push(keys::archive_blob(repository, commit));
            self.delete(&names).await?;
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

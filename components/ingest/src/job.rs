//! Jobs: what is to be indexed, and how far it has come. They are kept in the blobs, so that losing the cache loses none.

use astlas_atlas::{blobs, keys};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, message::Message, unavailable};

/// After so many seconds without a sign of work, a job that is asked about is begun again.
const STALE: u64 = 120;
/// How often a job is begun again before it is given up.
const RESTARTS: u32 = 3;
/// How long one worker has for a job before another one may begin it, in milliseconds.
pub const LEASE: u32 = 180_000;

/// What is to be indexed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// A commit that was indexed before: what did not change since is taken over.
    #[serde(default)]
    base_sha: Option<CommitSha>,
    #[serde(default)]
    source: Source,
}

/// Where the files of a commit come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// From `repos/{repo_id}/{commit_sha}/` in the bucket: an archive, or the files themselves.
    #[default]
    Bucket,
    /// From the forge, which is asked for an archive.
    Forge,
}

/// A job that was started.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Started {
    /// To ask with how far it has come. The same request has the same job.
    job_id: String,
}

/// A job.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    pub job_id: String,
    pub repo_id: RepoId,
    pub commit_sha: CommitSha,
    pub base_sha: Option<CommitSha>,
    pub source: Source,
    /// Whether the context of the change since the base is made as well, so that it is there when it is asked for.
    pub warm: bool,
    pub state: State,
    /// How often it was asked for or begun again: what belongs to an earlier time is of no use any more.
    pub attempt: u32,
    /// How often it was begun again because nobody worked on it any more.
    pub restarts: u32,
    /// Parts that it was cut into, for several to work on; 0: it was not cut.
    pub batches: u32,
    /// Of these, parts that are done.
    pub batches_done: u32,
    /// Files in all these parts.
    pub batch_files: usize,
    /// When it was asked for, in seconds since 1970.
    pub created: u64,
    /// When this was last written, in seconds since 1970.
    pub updated: u64,
    /// What came of it, when it is done.
    pub result: Option<IndexResult>,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// How far a job has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Nobody works on it yet.
    Queued,
    /// It is worked on.
    Running,
    /// The commit can be asked.
    Done,
    /// It cannot be done as it is.
    Failed,
}

/// An index that was made.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct IndexResult {
    /// Source files.
    pub files: usize,
    /// Of these, files that were parsed for it, or found to have been parsed meanwhile.
    pub parsed: usize,
    /// Files whose tags were there before.
    pub cached: usize,
    /// Files that were read; the others look as they did in the base.
    pub read: usize,
    /// Source files that are left out, because they are too large.
    pub too_large: u64,
    /// Definitions over all files.
    pub definitions: u64,
    /// References over all files.
    pub references: u64,
    /// Pairs of files of which one uses the other.
    pub edges: usize,
    /// Whether only what changed since the base entered the graph.
    pub updated: bool,
}

impl Job {
    /// Whether nothing more will be done about it.
    pub fn is_over(&self) -> bool {
        matches!(self.state, State::Done | State::Failed)
    }

    /// Taken while it is worked on.
    pub fn lock(&self) -> String {
        format!("lock:job:{}", self.job_id)
    }

    /// The set of its batches that are done.
    pub fn progress(&self) -> String {
        format!("progress:{}:{}", self.job_id, self.attempt)
    }

    /// When somebody last worked on it.
    pub fn beat(&self) -> String {
        format!("beat:{}", self.job_id)
    }
}

fn key(id: &str) -> String {
    format!("job:{id}")
}

fn blob(id: &str) -> String {
    format!("{}{id}", keys::JOBS)
}

impl<P: Ports> Function<P> {
    /// Takes a request on.
    pub async fn start(&self, request: IndexRequest) -> Result<Started, Problem> {
        let IndexRequest { repo_id, commit_sha, base_sha, source } = request;
        if source == Source::Bucket {
            crate::source::find(&self.ports, &repo_id, &commit_sha).await?;
        }
        Ok(Started { job_id: self.queue(repo_id, commit_sha, base_sha, source, false).await? })
    }

    /// Hands a job to whoever takes it: its id.
    pub async fn queue(
        &self,
        repo_id: RepoId,
        commit_sha: CommitSha,
        base_sha: Option<CommitSha>,
        source: Source,
        warm: bool,
    ) -> Result<String, Problem> {
        let base = base_sha.as_ref().map_or("", CommitSha::as_str);
        let named = format!("{}\n{}\n{base}\n{source:?}\n{warm}", repo_id.as_str(), commit_sha.as_str());
        let job_id = keys::hex(&blake3::hash(named.as_bytes()).as_bytes()[..16]);
        let before = self.find_job(&job_id).await?;
        let now = self.ports.now();
        let job = Job {
            job_id,
            repo_id,
            commit_sha,
            base_sha,
            source,
            warm,
            state: State::Queued,
            attempt: before.map_or(1, |before| before.attempt + 1),
            restarts: 0,
            batches: 0,
            batches_done: 0,
            batch_files: 0,
            created: now,
            updated: now,
            result: None,
            error: None,
        };
        self.keep_job(&job).await?;
        self.publish(vec![Message::Index(job.clone())]).await?;
        Ok(job.job_id)
    }

    /// How far a job has come. One that nobody works on any more is begun again.
    pub async fn job(&self, id: &str) -> Result<Job, Problem> {
        let unknown = || ProblemType::UnknownJob.with(format!("{id}: start one with POST /api/v1/jobs/index_repo"));
        let mut job = self.find_job(id).await?.ok_or_else(unknown)?;
        if !job.is_over() {
            job.batches_done = u32::try_from(self.ports.count_members(&job.progress()).await).unwrap_or(u32::MAX);
            if self.is_abandoned(&job).await {
                job.updated = self.ports.now();
                if job.restarts == RESTARTS {
                    let why = "every time it was begun, work on it stopped before the end; see the log";
                    (job.state, job.error) = (State::Failed, Some(why.into()));
                    self.keep_job(&job).await?;
                    return Ok(job);
                }
                let (attempt, restarts) = (job.attempt + 1, job.restarts + 1);
                job = Job { attempt, restarts, state: State::Queued, batches: 0, batches_done: 0, ..job };
                self.keep_job(&job).await?;
                self.publish(vec![Message::Index(job.clone())]).await?;
            }
        } else {
            job.batches_done = job.batches;
        }
        Ok(job)
    }

    /// Whether nobody has worked on a job for long, nor does now.
    async fn is_abandoned(&self, job: &Job) -> bool {
        let beat = self.ports.get(&[job.beat()]).await.into_iter().next().flatten();
        let beat = beat.and_then(|bytes| Some(u64::from_le_bytes(bytes.try_into().ok()?))).unwrap_or(0);
        if self.ports.now().saturating_sub(beat.max(job.updated)) < STALE {
            return false;
        }
        let is_free = self.ports.claim(&job.lock(), 1000).await;
        if is_free {
            self.ports.remove(&[job.lock()]).await;
        }
        is_free
    }

    /// Says that somebody works on a job.
    pub async fn beat(&self, job: &Job) {
        self.ports.put(vec![(job.beat(), self.ports.now().to_le_bytes().to_vec())]).await;
    }

    /// A job, if there is one.
    pub async fn find_job(&self, id: &str) -> Result<Option<Job>, Problem> {
        // The id goes into names; ours are plain.
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(None);
        }
        let decode = |bytes: Vec<u8>| serde_json::from_slice(&bytes).ok();
        let found = self.ports.get(&[key(id)]).await.into_iter().next().flatten();
        if let Some(job) = found.and_then(decode) {
            return Ok(Some(job));
        }
        let kept = blobs::read_all(&self.ports, &blob(id)).await.map_err(unavailable)?;
        Ok(kept.and_then(decode))
    }

    /// Keeps a job as it is now.
    pub async fn keep_job(&self, job: &Job) -> Result<(), Problem> {
        let bytes = encode(job)?;
        self.ports.write(&blob(&job.job_id), bytes.clone()).await.map_err(unavailable)?;
        self.ports.put(vec![(key(&job.job_id), bytes)]).await;
        Ok(())
    }
}

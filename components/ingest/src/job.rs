//! Jobs: what is to be indexed, and how far it has come.

use astlas_http::{CommitSha, JobState, RepoId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::{Record, Token};

/// How long a job is its worker's who gives no sign of work, in seconds; or is waited for, where none has begun. Then
/// whoever comes goes on with it. Longer than a call of a stage takes.
pub const LEASE: u64 = 180;
/// The same while the forge is asked for an archive, which may take ten minutes.
pub const FETCH_LEASE: u64 = 660;
/// How long one worker has to make the index of a job whose batches are done, before another one may, in milliseconds.
pub const FINISHING: u32 = 180_000;
/// How often a job is begun again whose lease ran out, before it is given up.
pub const RESTARTS: u32 = 3;

/// What is to be indexed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexRequest {
    pub repo_id: RepoId,
    pub commit_sha: CommitSha,
    /// A commit that was indexed before: what did not change since is taken over.
    #[serde(default)]
    pub base_sha: Option<CommitSha>,
    #[serde(default)]
    pub source: Source,
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
    pub job_id: String,
}

/// Jobs, those that were last written first.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Jobs {
    pub jobs: Vec<Job>,
    /// How many more there are.
    pub left_out: usize,
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
    pub state: JobState,
    /// Of whoever has it in hand: greater than that of anybody before, whose work does not count any more.
    #[serde(default)]
    pub token: Token,
    /// That under which its last index was made, if there was one.
    #[serde(default)]
    pub indexed: Option<Token>,
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
    /// Until when nobody else goes on with it, in seconds since 1970, unless it is over.
    #[serde(default)]
    pub lease: u64,
    /// What came of it, when it is done.
    pub result: Option<IndexResult>,
    /// Why it failed, or was given up or cancelled.
    pub error: Option<String>,
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
    /// Where this is kept.
    pub fn record(&self) -> Record {
        Record { id: self.job_id.clone(), token: self.token.clone(), state: self.state }
    }

    /// The set of its batches that are done.
    pub fn progress(&self) -> String {
        format!("progress:{}:{}", self.job_id, self.token.as_str())
    }

    /// Says that its worker left it before the end: nobody has to wait until the lease runs out.
    pub fn free(&self) -> String {
        format!("free:{}:{}", self.job_id, self.token.as_str())
    }

    /// Taken by who goes on after whoever has it in hand now.
    pub fn lock(&self) -> String {
        format!("lock:job:{}:{}", self.job_id, self.token.as_str())
    }
}

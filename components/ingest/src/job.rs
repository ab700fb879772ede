//! Jobs: what is to be indexed, and how far it has come.

use astlas_atlas::{
    index::{IndexError, Indexed},
    keys,
    memory::MemoryFiles,
    ports::{Blobs, Cache, Events, Progress, Stages},
};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, decode, encode};
use base64::{Engine, engine::general_purpose::STANDARD};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Function,
    archive::{Limits, unpack},
    unavailable, upload,
};

/// What is to be indexed.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndexRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// A commit that was indexed before: what did not change since is taken over.
    #[serde(default)]
    base_sha: Option<CommitSha>,
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
    job_id: String,
    repo_id: RepoId,
    commit_sha: CommitSha,
    base_sha: Option<CommitSha>,
    state: State,
    /// What came of it, when it is done.
    result: Option<IndexResult>,
    /// Why it failed, if it did.
    error: Option<String>,
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
    files: usize,
    /// Of these, files whose tags were made now.
    parsed: usize,
    /// Files whose tags were there before.
    cached: usize,
    /// Source files that are left out, because they are too large.
    too_large: u64,
    /// Definitions over all files.
    definitions: u64,
    /// References over all files.
    references: u64,
    /// Pairs of files of which one uses the other.
    edges: usize,
    /// Whether only what changed since the base entered the graph.
    updated: bool,
}

/// What Pub/Sub pushes.
#[derive(Deserialize)]
struct Push {
    message: Message,
}

#[derive(Deserialize)]
struct Message {
    /// Base64.
    data: String,
}

struct Silent;

impl Progress for Silent {
    fn files(&self, _done: usize, _total: usize) {}
}

fn key(id: &str) -> String {
    format!("job:{id}")
}

impl<P: Stages + Cache + Blobs + Events + Clone> Function<P> {
    /// Hands a job to whoever takes it.
    pub async fn start(&self, request: IndexRequest) -> Result<Started, Problem> {
        if self
            .ports
            .read(&upload::name(&request.repo_id, &request.commit_sha), 0, 1)
            .await
            .map_err(unavailable)?
            .is_none()
        {
            let (repository, commit) = (request.repo_id.as_str(), request.commit_sha.as_str());
            let detail = format!("there is no archive; send it with PUT /api/v1/repos/{repository}/{commit}/archive");
            return Err(ProblemType::UnknownCommit.with(detail));
        }
        let IndexRequest { repo_id, commit_sha, base_sha } = request;
        let names = [repo_id.as_str(), commit_sha.as_str(), base_sha.as_ref().map_or("", CommitSha::as_str)];
        let job_id = keys::hex(&blake3::hash(names.join("\n").as_bytes()).as_bytes()[..16]);
        let job = Job { job_id, repo_id, commit_sha, base_sha, state: State::Queued, result: None, error: None };
        self.keep(&job).await?;
        self.ports.publish(encode(&job)?).await.map_err(unavailable)?;
        Ok(Started { job_id: job.job_id })
    }

    /// How far a job has come.
    pub async fn job(&self, id: &str) -> Result<Job, Problem> {
        let found = self.ports.get(&[key(id)]).await.into_iter().next().flatten();
        let job = found.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        job.ok_or_else(|| ProblemType::UnknownJob.with(format!("{id}: start one with POST /api/v1/jobs/index_repo")))
    }

    async fn keep(&self, job: &Job) -> Result<(), Problem> {
        self.ports.put(vec![(key(&job.job_id), encode(job)?)]).await;
        Ok(())
    }

    /// Does the job that a message of the queue is about. What can be done later is an error: the message comes again.
    pub async fn take(&self, body: &[u8]) -> Result<(), Problem> {
        let foreign = |error: String| ProblemType::InvalidRequest.with(format!("not a message of ours: {error}"));
        let push: Push = decode(body)?;
        let data = STANDARD.decode(push.message.data).map_err(|error| foreign(error.to_string()))?;
        let mut job: Job = serde_json::from_slice(&data).map_err(|error| foreign(error.to_string()))?;
        job.state = State::Running;
        self.keep(&job).await?;
        match self.index(&job).await {
            Ok(result) => (job.state, job.result) = (State::Done, Some(result)),
            Err(problem) if problem.body.status == ProblemType::Unavailable.status() => return Err(problem),
            Err(problem) => (job.state, job.error) = (State::Failed, Some(problem.body.detail)),
        }
        self.keep(&job).await
    }

    async fn index(&self, job: &Job) -> Result<IndexResult, Problem> {
        let gone = || ProblemType::UnknownCommit.with("the archive is gone; send it again");
        let archive = self.archive(&job.repo_id, &job.commit_sha).await?.ok_or_else(gone)?;
        let atlas = self.atlas(&job.repo_id);
        let failed = |error: astlas_atlas::ports::StageError| ProblemType::StageFailed.with(error.to_string());
        let detector = atlas.detector().await.map_err(failed)?;
        let is_source = |path: &str| detector.by_path(path).is_some() || detector.needs_first_line(path);
        let unpacked = unpack(archive.as_slice(), &Limits::DEFAULT, is_source);
        drop(archive);
        let unpacked = unpacked.map_err(|error| ProblemType::InvalidRequest.with(error.to_string()))?;
        let files = MemoryFiles::new(unpacked.files);
        let base = job.base_sha.as_ref().map(CommitSha::as_str);
        let indexed = atlas.index_commit(job.commit_sha.as_str(), base, &files, &Silent).await;
        let Indexed { snapshot, report, .. } = indexed.map_err(|error| match error {
            IndexError::NoSource => ProblemType::InvalidRequest.with("no file of the archive is in a known language"),
            IndexError::Stage(error) => failed(error),
        })?;
        Ok(IndexResult {
            files: report.files,
            parsed: report.parsed,
            cached: report.cached,
            too_large: unpacked.too_large,
            definitions: snapshot.definitions,
            references: snapshot.references,
            edges: snapshot.graph.edge_source.len(),
            updated: report.graph_updated,
        })
    }
}

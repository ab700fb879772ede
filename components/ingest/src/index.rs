//! Indexing a commit. A large one is cut into batches: each makes the tags of some files, wherever it is worked on; who
//! ends the last one makes the index, which finds the tags in the cache and makes those that it does not find. So a batch
//! that is lost or comes twice costs time, and nothing else.

use astlas_atlas::{
    blobs,
    commits::{CommitError, Sources},
    index::{IndexError, Listing},
    keys,
    memory::MemoryFiles,
    ports::{FetchError, Files, Severity, StageError},
    source::{FILE_LIMIT, may_be},
    upload::Upload,
};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, Request};
use astlas_sources::{BlobFiles, Limits, OpenError, pack, unpack};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Function, Ports,
    job::{IndexResult, Job, LEASE, State},
    message::Message,
    source, unavailable,
};

/// Files of a batch.
const BATCH: usize = 100;
/// Where more files are to be parsed, they are cut into batches.
const UNCUT: usize = 2 * BATCH;

/// A part of a job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Batch {
    /// The job as it was cut.
    job: Job,
    sources: Kept,
    number: u32,
    paths: Vec<String>,
}

/// Files of a commit to be parsed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParseBatchRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Paths of files whose sources are kept.
    paths: Vec<String>,
}

/// Files that were parsed.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParsedBatch {
    /// Files whose tags were made.
    parsed: usize,
    /// Files whose tags were there before.
    cached: usize,
}

/// Where the sources of a job are, and what was left out of them.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Kept {
    sources: Sources,
    too_large: u64,
}

fn no_source() -> Problem {
    ProblemType::InvalidRequest.with("no file of the commit is in a known language")
}

fn failed(error: StageError) -> Problem {
    ProblemType::StageFailed.with(error.to_string())
}

impl<P: Ports> Function<P> {
    /// Does a job, or cuts it for others to do. What cannot be reached for now is an error.
    pub async fn index(&self, job: Job) -> Result<(), Problem> {
        // One that was cut before is cut again: batches that come twice are found done, and some may never have been sent.
        if self.is_outdated(&job).await? {
            return Ok(());
        }
        if !self.ports.claim(&job.lock(), LEASE).await {
            return Err(ProblemType::Unavailable.with("somebody works on this job already"));
        }
        let lock = job.lock();
        let done = self.begin(job).await;
        self.ports.remove(&[lock]).await;
        done
    }

    /// Whether a message is about something that is done, or was begun anew since.
    async fn is_outdated(&self, job: &Job) -> Result<bool, Problem> {
        let found = self.find_job(&job.job_id).await?;
        let is_newer = |found: Job| found.attempt > job.attempt || found.attempt == job.attempt && found.is_over();
        Ok(found.is_some_and(is_newer))
    }

    async fn begin(&self, mut job: Job) -> Result<(), Problem> {
        (job.state, job.updated) = (State::Running, self.ports.now());
        self.keep_job(&job).await?;
        match self.cut(&mut job).await {
            Ok(None) => Ok(()),
            Ok(Some(result)) => self.done(job, result).await,
            Err(problem) => self.failed(job, problem).await,
        }
    }

    /// Brings the sources to where all can read them; then indexes them or, if they are many, hands out batches.
    async fn cut(&self, job: &mut Job) -> Result<Option<IndexResult>, Problem> {
        let (repository, commit) = (job.repo_id.as_str(), job.commit_sha.as_str());
        let sources = self.sources(job, Sources::Archive);
        let found = match job.source {
            crate::job::Source::Bucket => source::find(&self.ports, &job.repo_id, &job.commit_sha).await?,
            crate::job::Source::Forge => {
                self.ports.fetch(&sources, repository, commit).await.map_err(|error| match error {
                    FetchError::Unavailable(error) => unavailable(error),
                    FetchError::Refused(why) => ProblemType::UnknownCommit.with(why),
                })?;
                source::Found::Archive(sources.clone())
            }
        };
        if let Some(base) = &job.base_sha {
            // Brings back what the cache may have lost. Without a base everything is made.
            let query = self.query();
            let _ = query.open(&job.repo_id, base).await;
        }
        let source::Found::Archive(archive) = found else {
            let kept = Kept { sources: Sources::Tree, too_large: 0 };
            return self.cut_files(job, &self.files(job, Sources::Tree), kept).await;
        };
        if !source::is_zip(&self.ports, &archive).await? {
            return self.unpack(job, &archive, &sources).await;
        }
        let (mut files, mut too_large) = self.zip(job, archive.clone()).await?;
        if files.entries().is_empty() {
            // Before anything of a commit that may be there already is replaced.
            return Err(no_source());
        }
        // What came in may be replaced, even while it is copied; what the index is made from stays with it.
        if archive != sources {
            source::copy(&self.ports, &archive, &sources).await?;
            (files, too_large) = self.zip(job, sources).await?;
        }
        self.cut_files(job, &files, Kept { sources: Sources::Archive, too_large }).await
    }

    /// Unpacks an archive that cannot be read in place, and goes on.
    async fn unpack(&self, job: &mut Job, archive: &str, sources: &str) -> Result<Option<IndexResult>, Problem> {
        let gone = || ProblemType::UnknownCommit.with("the archive is gone; send it again");
        let archive = blobs::read_all(&self.ports, archive).await.map_err(unavailable)?.ok_or_else(gone)?;
        let detector = self.atlas(&job.repo_id).detector().await.map_err(failed)?;
        let unpacked = unpack(&archive, &Limits::DEFAULT, |path| may_be(&detector, path));
        drop(archive);
        let unpacked = unpacked.map_err(|error| ProblemType::InvalidRequest.with(error.to_string()))?;
        if unpacked.files.is_empty() {
            return Err(no_source());
        }
        let files = MemoryFiles::new(unpacked.files);
        pack(&self.ports, sources, &files).await.map_err(unavailable)?;
        self.cut_files(job, &files, Kept { sources: Sources::Pack, too_large: unpacked.too_large }).await
    }

    /// The source files of a job's zip under this name, and how many were too large.
    async fn zip(&self, job: &Job, name: String) -> Result<(BlobFiles<'_, P>, u64), Problem> {
        let detector = self.atlas(&job.repo_id).detector().await.map_err(failed)?;
        let is_source = |path: &str| may_be(&detector, path);
        let opened = BlobFiles::of_archive(&self.ports, name, &Limits::DEFAULT, &is_source).await;
        opened.map_err(|error| match error {
            OpenError::Unavailable(error) => unavailable(error),
            OpenError::Gone => ProblemType::UnknownCommit.with(error.to_string()),
            OpenError::Refused(error) => ProblemType::InvalidRequest.with(error.to_string()),
        })
    }

    async fn cut_files(&self, job: &mut Job, files: &impl Files, kept: Kept) -> Result<Option<IndexResult>, Problem> {
        let atlas = self.atlas(&job.repo_id);
        let listing = Listing::commit(job.commit_sha.as_str(), job.base_sha.as_ref().map(CommitSha::as_str));
        let unread = atlas.unread(files, &listing).await.map_err(failed)?;
        // A job that was begun before and did not come to its end is done in one piece.
        if unread.len() <= UNCUT || job.restarts > 0 {
            return self.finish(job, files, kept).await.map(Some);
        }
        job.batches = u32::try_from(unread.len().div_ceil(BATCH)).unwrap_or(u32::MAX);
        job.batch_files = unread.len();
        self.beat(job).await;
        self.keep_job(job).await?;
        let batch = |(number, paths): (u32, &[String])| {
            Message::Batch(Batch { job: job.clone(), sources: kept, number, paths: paths.to_vec() })
        };
        self.publish((0..).zip(unread.chunks(BATCH)).map(batch).collect()).await?;
        Ok(None)
    }

    /// Does a batch and, after the last one, the rest of the job.
    pub async fn batch(&self, batch: Batch) -> Result<(), Problem> {
        let Batch { job, sources, number, paths } = batch;
        if self.is_outdated(&job).await? {
            return Ok(());
        }
        let files = self.files(&job, sources.sources);
        self.parse(&job.repo_id, &files, &paths).await?;
        self.beat(&job).await;
        let done = self.ports.add_member(&job.progress(), &number.to_string()).await;
        if done < u64::from(job.batches) {
            return Ok(());
        }
        if !self.ports.claim(&job.lock(), LEASE).await {
            return Err(ProblemType::Unavailable.with("somebody works on this job already"));
        }
        let lock = job.lock();
        let finished = match sources.sources {
            // Only so its files can be told from those of the commit before.
            Sources::Archive => match self.zip(&job, self.sources(&job, Sources::Archive)).await {
                Ok((files, _)) => self.finish(&job, &files, sources).await,
                Err(problem) => Err(problem),
            },
            _ => self.finish(&job, &files, sources).await,
        };
        let finished = match finished {
            Ok(result) => self.done(job, result).await,
            Err(problem) => self.failed(job, problem).await,
        };
        self.ports.remove(&[lock]).await;
        finished
    }

    /// Makes the tags of files of a commit.
    pub async fn parse_batch(&self, request: ParseBatchRequest) -> Result<ParsedBatch, Problem> {
        let (repository, commit) = (request.repo_id.as_str(), request.commit_sha.as_str());
        let found = source::kept(&self.ports, &request.repo_id, &request.commit_sha).await?;
        let files = BlobFiles::new(&self.ports, keys::sources_blob(repository, commit, found), found);
        self.parse(&request.repo_id, &files, &request.paths).await
    }

    async fn parse(
        &self,
        repository: &RepoId,
        files: &BlobFiles<'_, P>,
        paths: &[String],
    ) -> Result<ParsedBatch, Problem> {
        let mut sources = vec![];
        for path in paths {
            // One that is gone is found to be missing when the index is made.
            if let Ok(bytes) = files.read(path, FILE_LIMIT + 1).await
                && bytes.len() as u64 <= FILE_LIMIT
            {
                sources.push((path.as_str(), bytes));
            }
        }
        if let Some(error) = files.failure() {
            return Err(unavailable(error));
        }
        let parsed = self.atlas(repository).parse(sources).await.map_err(failed)?;
        let cached = parsed.iter().flatten().filter(|parsed| parsed.cached).count();
        Ok(ParsedBatch { parsed: parsed.iter().flatten().count() - cached, cached })
    }

    fn files(&self, job: &Job, sources: Sources) -> BlobFiles<'_, P> {
        BlobFiles::new(&self.ports, self.sources(job, sources), sources)
    }

    fn sources(&self, job: &Job, sources: Sources) -> String {
        keys::sources_blob(job.repo_id.as_str(), job.commit_sha.as_str(), sources)
    }

    /// Makes the index, and keeps it.
    async fn finish(&self, job: &Job, files: &impl Files, kept: Kept) -> Result<IndexResult, Problem> {
        let atlas = self.atlas(&job.repo_id);
        let (repository, commit) = (job.repo_id.as_str(), job.commit_sha.as_str());
        let base = job.base_sha.as_ref().map(CommitSha::as_str);
        let indexed = atlas.index_commit(commit, base, kept.sources, files, &()).await;
        let indexed = indexed.map_err(|error| match error {
            CommitError::Index(IndexError::NoSource) => no_source(),
            CommitError::Index(IndexError::Stage(error)) => failed(error),
            CommitError::Unreadable { path, why } => match files.failure() {
                Some(error) => unavailable(error),
                // It would be so again.
                None => ProblemType::InvalidRequest.with(format!("{path}: {why}")),
            },
        })?;
        let bundle = atlas.bundle(commit, &indexed, kept.sources).await;
        let mut upload =
            Upload::begin(&self.ports, &keys::index_blob(repository, commit)).await.map_err(unavailable)?;
        upload.push(&bundle).await.map_err(unavailable)?;
        upload.finish().await.map_err(unavailable)?;
        let (report, snapshot) = (indexed.report, indexed.snapshot);
        let of_batches = if job.batches > 0 { job.batch_files.min(report.cached) } else { 0 };
        Ok(IndexResult {
            files: report.files,
            parsed: report.parsed + of_batches,
            cached: report.cached - of_batches,
            read: report.read,
            too_large: kept.too_large,
            definitions: snapshot.definitions,
            references: snapshot.references,
            edges: snapshot.graph.edge_source.len(),
            updated: report.graph_updated,
        })
    }

    async fn done(&self, mut job: Job, result: IndexResult) -> Result<(), Problem> {
        (job.state, job.result, job.updated) = (State::Done, Some(result), self.ports.now());
        job.batches_done = job.batches;
        self.keep_job(&job).await?;
        if job.warm
            && let Some(base) = &job.base_sha
        {
            self.warm(&job, base).await;
        }
        Ok(())
    }

    /// Makes the context that a reviewer will ask for.
    async fn warm(&self, job: &Job, base: &CommitSha) {
        let body = json!({"repo_id": job.repo_id, "commit_sha": job.commit_sha, "base_sha": base}).to_string();
        let request = Request {
            method: Some(astlas_http::Method::Post),
            path: "/api/v1/pr/context".into(),
            headers: vec![],
            body: Some(body.into_bytes()),
        };
        let response = self.query().answer(request).await;
        if response.status != 200 {
            let why = String::from_utf8_lossy(&response.body).into_owned();
            let fields = [("job", job.job_id.as_str()), ("answer", why.as_str())];
            self.ports.log(Severity::Warning, "the context of the change was not made", &fields);
        }
    }

    /// Ends a job that cannot be done; what may be done later is left to the message, which comes again.
    async fn failed(&self, mut job: Job, problem: Problem) -> Result<(), Problem> {
        if problem.body.status == ProblemType::Unavailable.status() {
            return Err(problem);
        }
        (job.state, job.error, job.updated) = (State::Failed, Some(problem.body.detail), self.ports.now());
        self.keep_job(&job).await
    }
}

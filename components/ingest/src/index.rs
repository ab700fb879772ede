//! Indexing a commit. A large one is cut into batches: each makes the tags of some files, wherever it is worked on; who
//! ends the last one makes the index, which finds the tags in the cache and makes those that it does not find. So a batch
//! that is lost or comes twice costs time, and nothing else. All of them work under the token of whoever cut the job.

use astlas_atlas::{
    blobs,
    commits::{Commit, CommitError},
    index::{IndexError, Listing},
    keys::{self, Sources},
    memory::MemoryFiles,
    ports::{FetchError, Files, Severity, StageError},
    source::{FILE_LIMIT, may_be},
};
use astlas_http::{CommitSha, JobState, Problem, ProblemType, RepoId, Request};
use astlas_sources::{BlobFiles, Limits, OpenError, pack, unpack};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    Function, Ports,
    job::{FETCH_LEASE, FINISHING, IndexResult, Job},
    message::Message,
    source,
    turn::{Stop, Turn},
    unavailable,
    watched::Watched,
};

/// Files of a batch.
const BATCH: usize = 100;
/// Where more files are to be parsed, they are cut into batches.
const UNCUT: usize = 2 * BATCH;

/// A part of a job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Batch {
    /// The job as it was cut.
    pub job: Job,
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

/// Where the sources of a job are, what was left out of them, and what they are told from.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Kept {
    sources: Sources,
    too_large: u64,
    /// The version of the base that the job goes on from.
    base: Option<String>,
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
        let Some(mut turn) = self.begin(job).await? else { return Ok(()) };
        let worked = match self.cut(&mut turn).await {
            Ok(None) => Ok(()),
            Ok(Some(result)) => self.done(&turn, result).await,
            Err(stop) => Err(stop),
        };
        match worked {
            Ok(()) => Ok(()),
            Err(stop) => self.leave(turn, stop).await,
        }
    }

    /// Brings the sources to where all can read them; then indexes them or, if they are many, hands out batches.
    async fn cut(&self, turn: &mut Turn) -> Result<Option<IndexResult>, Stop> {
        let job = turn.job.clone();
        let (repository, commit) = (job.repo_id.as_str(), job.commit_sha.as_str());
        let sources = self.sources(&job, Sources::Archive);
        let found = match job.source {
            crate::job::Source::Bucket => source::find(&self.ports, &job.repo_id, &job.commit_sha).await?,
            crate::job::Source::Forge => {
                self.hold_for(turn, FETCH_LEASE).await?;
                self.ports.fetch(&sources, repository, commit).await.map_err(|error| match error {
                    FetchError::Unavailable(error) => unavailable(error),
                    FetchError::Refused(why) => ProblemType::UnknownCommit.with(why),
                })?;
                source::Found::Archive(sources.clone())
            }
        };
        let base = match &job.base_sha {
            // Brings back what the cache may have lost. Without a base everything is made.
            Some(base) => {
                let query = self.query();
                let opened = query.open(&job.repo_id, base).await;
                opened.ok().map(|opened| opened.known.version(base.as_str()))
            }
            None => None,
        };
        let kept = Kept { sources: Sources::Archive, too_large: 0, base };
        let source::Found::Archive(archive) = found else {
            let kept = Kept { sources: Sources::Tree, ..kept };
            return self.cut_files(turn, &self.files(&job, Sources::Tree), kept).await;
        };
        if !source::is_zip(&self.ports, &archive).await? {
            return self.unpack(turn, &archive, kept).await;
        }
        let (mut files, mut too_large) = self.zip(&job, archive.clone()).await?;
        if files.entries().is_empty() {
            return Err(no_source().into());
        }
        // What came in may be replaced, even while it is copied; what the index is made from stays with it.
        if archive != sources {
            self.hold(turn).await?;
            source::copy(&self.ports, &archive, &sources).await?;
            (files, too_large) = self.zip(&job, sources).await?;
        }
        self.cut_files(turn, &files, Kept { too_large, ..kept }).await
    }

    /// Unpacks an archive that cannot be read in place, and goes on.
    async fn unpack(&self, turn: &mut Turn, archive: &str, kept: Kept) -> Result<Option<IndexResult>, Stop> {
        let gone = || ProblemType::UnknownCommit.with("the archive is gone; send it again");
        let archive = blobs::read_all(&self.ports, archive).await.map_err(unavailable)?.ok_or_else(gone)?;
        let detector = self.atlas(&turn.job.repo_id).detector().await.map_err(failed)?;
        let unpacked = unpack(&archive, &Limits::DEFAULT, |path| may_be(&detector, path));
        drop(archive);
        let unpacked = unpacked.map_err(|error| ProblemType::InvalidRequest.with(error.to_string()))?;
        if unpacked.files.is_empty() {
            return Err(no_source().into());
        }
        let files = MemoryFiles::new(unpacked.files);
        // Unpacking took its time.
        self.hold(turn).await?;
        let name = self.sources(&turn.job, Sources::Pack);
        pack(&self.ports, &name, &files).await.map_err(unavailable)?;
        self.cut_files(turn, &files, Kept { sources: Sources::Pack, too_large: unpacked.too_large, ..kept }).await
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

    async fn cut_files(&self, turn: &mut Turn, files: &impl Files, kept: Kept) -> Result<Option<IndexResult>, Stop> {
        self.hold(turn).await?;
        let listing = Listing::commit(&turn.version(), kept.base.as_deref());
        let unread = self.atlas(&turn.job.repo_id).unread(files, &listing).await.map_err(failed)?;
        // A job that was begun before and did not come to its end is done in one piece.
        if unread.len() <= UNCUT || turn.job.restarts > 0 {
            return self.finish(turn, files, kept).await.map(Some);
        }
        turn.job.batches = u32::try_from(unread.len().div_ceil(BATCH)).unwrap_or(u32::MAX);
        turn.job.batch_files = unread.len();
        self.keep_turn(turn).await?;
        let batch = |(number, paths): (u32, &[String])| {
            Message::Batch(Batch { job: turn.job.clone(), sources: kept.clone(), number, paths: paths.to_vec() })
        };
        self.publish((0..).zip(unread.chunks(BATCH)).map(batch).collect()).await?;
        Ok(None)
    }

    /// Does a batch and, after the last one, the rest of the job.
    pub async fn batch(&self, batch: Batch) -> Result<(), Problem> {
        let Batch { job, sources, number, paths } = batch;
        // One of a former turn is of no use any more.
        let Some(job) = self.find_job(&job.job_id).await?.filter(|found| found.token == job.token) else {
            return Ok(());
        };
        if job.state.is_over() {
            return Ok(());
        }
        let turn = Turn::of(job);
        let files = self.files(&turn.job, sources.sources);
        self.parse(&turn.job.repo_id, &files, &paths).await?;
        match self.hold(&turn).await {
            Ok(()) => {}
            Err(Stop::Lost) => return Ok(()),
            Err(Stop::Problem(problem)) => return Err(problem),
        }
        let done = self.ports.add_member(&turn.job.progress(), &number.to_string()).await;
        if done < u64::from(turn.job.batches) {
            return Ok(());
        }
        let lock = turn.job.lock();
        if !self.ports.claim(&lock, FINISHING).await {
            return Err(ProblemType::Unavailable.with("somebody works on this job already"));
        }
        let finished = match self.finish_batches(&turn, sources).await {
            Ok(()) => Ok(()),
            Err(stop) => self.leave(turn, stop).await,
        };
        self.ports.remove(&[lock]).await;
        finished
    }

    async fn finish_batches(&self, turn: &Turn, kept: Kept) -> Result<(), Stop> {
        let result = match kept.sources {
            // Only so its files can be told from those of the commit before.
            Sources::Archive => {
                let (files, _) = self.zip(&turn.job, self.sources(&turn.job, Sources::Archive)).await?;
                self.finish(turn, &files, kept).await?
            }
            sources => self.finish(turn, &self.files(&turn.job, sources), kept).await?,
        };
        self.done(turn, result).await
    }

    /// Makes the tags of files of a commit.
    pub async fn parse_batch(&self, request: ParseBatchRequest) -> Result<ParsedBatch, Problem> {
        let (repository, commit) = (request.repo_id.as_str(), request.commit_sha.as_str());
        let (found, token) = source::kept(&self.ports, &request.repo_id, &request.commit_sha).await?;
        let files = BlobFiles::new(&self.ports, keys::sources_blob(repository, commit, found, &token), found);
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
        keys::sources_blob(job.repo_id.as_str(), job.commit_sha.as_str(), sources, job.token.as_str())
    }

    /// Makes the index, and keeps it.
    async fn finish(&self, turn: &Turn, files: &impl Files, kept: Kept) -> Result<IndexResult, Stop> {
        let job = &turn.job;
        let (atlas, version) = (self.atlas(&job.repo_id), turn.version());
        let watched = Watched { function: self, turn, files };
        let indexed = atlas.index_commit(&version, kept.base.as_deref(), &watched, &()).await;
        if turn.is_lost() {
            return Err(Stop::Lost);
        }
        let indexed = indexed.map_err(|error| match error {
            CommitError::Index(IndexError::NoSource) => no_source(),
            CommitError::Index(IndexError::Stage(error)) => failed(error),
            CommitError::Unreadable { path, why } => match watched.failure() {
                Some(error) => unavailable(error),
                // It would be so again.
                None => ProblemType::InvalidRequest.with(format!("{path}: {why}")),
            },
        })?;
        let bundle = atlas.bundle(&version, &indexed, kept.sources).await;
        let token = job.token.as_str().to_owned();
        self.show(turn, &Commit { tree: indexed.tree.clone(), sources: kept.sources, token }, &bundle).await?;
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

    async fn done(&self, turn: &Turn, result: IndexResult) -> Result<(), Stop> {
        let job = Job {
            state: JobState::Done,
            indexed: Some(turn.job.token.clone()),
            batches_done: turn.job.batches,
            result: Some(result),
            ..turn.job.clone()
        };
        if self.end(turn, job).await? {
            self.remove_older(turn).await?;
        }
        if turn.job.warm
            && let Some(base) = &turn.job.base_sha
        {
            self.warm(&turn.job, base).await;
        }
        Ok(())
    }

    /// Makes the context that a reviewer will ask for.
    async fn warm(&self, job: &Job, base: &CommitSha) {
        let body = json!({"repo_id": job.repo_id, "commit_sha": job.commit_sha, "base_sha": base}).to_string();
        let request = Request {
            method: Some(astlas_http::Method::Post),
            path: "/api/v1/pr/context".into(),
            query: String::new(),
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
}

//! What is asked about jobs: to start one, how far it is, to call it off, to have it done after all, which there are.

use astlas_atlas::{blobs, keys};
use astlas_http::{CommitSha, JobState, Problem, ProblemType, RepoId};

use crate::{
    Function, Ports,
    job::{IndexRequest, Job, Jobs, RESTARTS, Source, Started},
    message::{GivenUp, Message},
    record::{Record, TRIES, changing},
    turn::{Outcome, busy, dead},
    unavailable,
};

/// Most jobs of one list.
const LISTED: usize = 50;

fn unknown(id: &str) -> Problem {
    ProblemType::UnknownJob.with(format!("{id}: there is no such job; GET /api/v1/jobs lists those there are"))
}

/// The job as it is before anybody works on it.
fn queued(job: Job) -> Job {
    Job {
        state: JobState::Queued,
        attempt: job.attempt + 1,
        batches: 0,
        batches_done: 0,
        batch_files: 0,
        result: None,
        error: None,
        ..job
    }
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

    /// Hands a job to whoever takes it: its id. What was done for the same request before does not count any more.
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
        for _ in 0..TRIES {
            let (before, found) = self.look(&job_id).await?;
            let job = queued(Job {
                job_id: job_id.clone(),
                repo_id: repo_id.clone(),
                commit_sha: commit_sha.clone(),
                base_sha: base_sha.clone(),
                source,
                warm,
                state: JobState::Queued,
                token: Default::default(),
                attempt: found.as_ref().map_or(0, |found| found.attempt),
                indexed: found.and_then(|found| found.indexed),
                restarts: 0,
                batches: 0,
                batches_done: 0,
                batch_files: 0,
                created: self.ports.now(),
                updated: 0,
                lease: 0,
                result: None,
                error: None,
            });
            if let Outcome::Own(job) = self.supersede(job, &before, true).await? {
                self.publish(vec![Message::Index(job)]).await?;
                return Ok(job_id);
            }
        }
        Err(changing(&job_id))
    }

    /// How far a job has come. One whose lease ran out is begun again.
    pub async fn job(&self, id: &str) -> Result<Job, Problem> {
        let (before, found) = self.look(id).await?;
        let mut job = found.ok_or_else(|| unknown(id))?;
        if !job.state.is_over() && self.ports.now() >= job.lease {
            let restarts = job.restarts + 1;
            let next = match restarts > RESTARTS {
                true => dead(job.clone()),
                false => Job { restarts, ..queued(job.clone()) },
            };
            job = match self.go_on(&job, next, &before).await? {
                Some(job) if job.state == JobState::Queued => {
                    self.publish(vec![Message::Index(job.clone())]).await?;
                    job
                }
                Some(job) => job,
                // Somebody else is about to.
                None => self.find_job(id).await?.ok_or_else(|| unknown(id))?,
            };
        }
        job.batches_done = match job.state {
            JobState::Running => u32::try_from(self.ports.count_members(&job.progress()).await).unwrap_or(u32::MAX),
            _ => job.batches,
        };
        Ok(job)
    }

    /// Writes down that a job is given up whose message is not handed out any more, so that it is listed and can be retried.
    pub async fn give_up(&self, message: Message, given_up: GivenUp) -> Result<(), Problem> {
        let (told, is_batch) = match message {
            Message::Index(job) => (job, false),
            Message::Batch(batch) => (batch.job, true),
        };
        for _ in 0..TRIES {
            let (before, found) = self.look(&told.job_id).await?;
            let Some(job) = found else { return Ok(()) };
            // What belongs to an earlier time says nothing of the job as it is now.
            let is_older = job.attempt > told.attempt || is_batch && job.token != told.token;
            if job.state.is_over() || is_older {
                return Ok(());
            }
            if !is_batch && !given_up.is_free && self.is_taken(&job).await {
                return Err(busy());
            }
            let next = Job { state: JobState::Dead, error: Some(given_up.why.clone()), ..job };
            if let Outcome::Own(_) = self.supersede(next, &before, false).await? {
                return Ok(());
            }
        }
        Err(changing(&told.job_id))
    }

    /// Calls a job off. Who works on it stops at the next step; nothing of it can be seen.
    pub async fn cancel(&self, id: &str) -> Result<Job, Problem> {
        for _ in 0..TRIES {
            let (before, found) = self.look(id).await?;
            let job = found.ok_or_else(|| unknown(id))?;
            if job.state.is_over() {
                let detail = format!("{id} is {} already; only what is not over can be cancelled", job.state.word());
                return Err(ProblemType::JobState.with(detail));
            }
            let why = Some("somebody cancelled it".into());
            let job = Job { state: JobState::Cancelled, error: why, ..job };
            if let Outcome::Own(job) = self.supersede(job, &before, false).await? {
                return Ok(job);
            }
        }
        Err(changing(id))
    }

    /// Has a job done after all that failed, was given up or cancelled.
    pub async fn retry(&self, id: &str) -> Result<Job, Problem> {
        for _ in 0..TRIES {
            let (before, found) = self.look(id).await?;
            let job = found.ok_or_else(|| unknown(id))?;
            if !matches!(job.state, JobState::Failed | JobState::Dead | JobState::Cancelled) {
                let detail =
                    format!("{id} is {}; only what failed, is dead or cancelled can be retried", job.state.word());
                return Err(ProblemType::JobState.with(detail));
            }
            let job = Job { restarts: 0, ..queued(job) };
            if let Outcome::Own(job) = self.supersede(job, &before, true).await? {
                self.publish(vec![Message::Index(job.clone())]).await?;
                return Ok(job);
            }
        }
        Err(changing(id))
    }

    /// Jobs, those that were last written first; of one state, if the query says which.
    pub async fn jobs(&self, query: &str) -> Result<Jobs, Problem> {
        let wanted = wanted(query)?;
        let records = self.newest_records().await?;
        let is_wanted = |record: &&Record| wanted.is_none_or(|state| record.state == state);
        let found: Vec<&Record> = records.iter().filter(is_wanted).collect();
        let mut jobs = vec![];
        for record in found.iter().take(LISTED) {
            // What is over stays so, unless it was written anew just now.
            let kept = match record.state.is_over() {
                true => blobs::read_all(&self.ports, &record.name()).await.map_err(unavailable)?,
                false => None,
            };
            let job = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
            jobs.push(match job {
                Some(job) => job,
                None => self.job(&record.id).await?,
            });
        }
        jobs.retain(|job| wanted.is_none_or(|state| job.state == state));
        Ok(Jobs { jobs, left_out: found.len().saturating_sub(LISTED) })
    }

    /// The record of each job, the latest first.
    pub async fn newest_records(&self) -> Result<Vec<Record>, Problem> {
        let listed = blobs::list_all(&self.ports, keys::JOBS).await.map_err(unavailable)?;
        let records: Vec<Record> = listed.iter().filter_map(|blob| Record::of(&blob.name)).collect();
        let of_jobs = records.chunk_by(|a, b| a.id == b.id);
        let mut newest: Vec<Record> = of_jobs.filter_map(crate::record::newest).cloned().collect();
        newest.sort_by(|a, b| b.token.cmp(&a.token));
        Ok(newest)
    }
}

/// The state that a query asks for.
fn wanted(query: &str) -> Result<Option<JobState>, Problem> {
    let words = JobState::ALL.map(JobState::word).join(", ");
    let mut wanted = None;
    for part in query.split('&').filter(|part| !part.is_empty()) {
        let state = match part.split_once('=') {
            Some(("state", word)) => JobState::from_word(word),
            _ => None,
        };
        let detail = || format!("the query may be state=STATE, with one of {words}");
        wanted = Some(state.ok_or_else(|| ProblemType::InvalidRequest.with(detail()))?);
    }
    Ok(wanted)
}

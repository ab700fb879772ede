//! Turns: who works on a job, for how long, and what ends it. A turn is a token. Whoever goes on with a job after somebody
//! else takes a greater one, and forbids the index of the one before; so who was stopped, and wakes up, can change nothing
//! any more, whatever the clocks say. Lease and lock only keep two from doing the same work.

use std::cell::Cell;

use astlas_atlas::{blobs, commits, keys};
use astlas_http::{JobState, Problem, ProblemType};

use crate::{
    Function, Ports,
    job::{Job, LEASE, RESTARTS},
    record::{self, Record, Token},
    unavailable,
};

/// How long somebody has to take a turn whom others wait for, in milliseconds.
const TAKING: u32 = 10_000;
/// By how much a lease has to change to be written, in seconds: a bucket takes one value of a name in a second.
const RENEWAL: u64 = 60;

/// A job that is the caller's, as long as nobody has a greater token.
pub struct Turn {
    pub job: Job,
    /// Until when nobody else goes on with it.
    lease: Cell<u64>,
    /// It is never less than this, what it had when it began: whoever gave it may have a clock that is ahead.
    least: u64,
    /// Whether somebody has.
    is_lost: Cell<bool>,
}

/// Why a turn ended before the work was done.
pub enum Stop {
    /// The job is somebody else's by now, or cancelled: nothing is left to do here, or to say.
    Lost,
    /// Something was wrong.
    Problem(Problem),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What came of going on with a job.
#[allow(clippy::large_enum_variant, reason = "it is taken apart at once")]
pub enum Outcome {
    /// It is the caller's.
    Own(Job),
    /// Somebody else was as quick, and has a greater token; or the job came to its end meanwhile.
    Passed,
}

impl Turn {
    /// The turn of a job's token.
    pub fn of(job: Job) -> Self {
        Self { lease: Cell::new(job.lease), least: job.lease, job, is_lost: Cell::new(false) }
    }

    /// What the job's commit is called as it is under its token.
    pub fn version(&self) -> String {
        commits::version(self.job.commit_sha.as_str(), self.job.token.as_str())
    }

    /// Whether somebody else goes on with the job.
    pub fn is_lost(&self) -> bool {
        self.is_lost.get()
    }
}

/// What is said where somebody else has the job in hand.
pub fn busy() -> Problem {
    ProblemType::Unavailable.with("somebody works on this job already")
}

impl<P: Ports> Function<P> {
    /// The turn of whoever has a message about a job; `None` if nothing is to be done about it any more. That somebody
    /// else works on it is an error: the message comes again.
    pub async fn begin(&self, message: Job) -> Result<Option<Turn>, Problem> {
        let (before, found) = self.look(&message.job_id).await?;
        let mut job = match found {
            Some(found) if found.attempt > message.attempt => return Ok(None),
            Some(found) if found.attempt == message.attempt => found,
            _ => Job { token: Token::default(), ..message },
        };
        if job.state.is_over() {
            return Ok(None);
        }
        if self.is_taken(&job).await {
            return Err(busy());
        }
        if job.state == JobState::Running && !self.is_free(&job).await {
            job.restarts += 1;
        }
        let next = match job.restarts > RESTARTS {
            true => dead(job.clone()),
            false => Job { state: JobState::Running, batches: 0, batches_done: 0, batch_files: 0, ..job.clone() },
        };
        match self.go_on(&job, next, &before).await? {
            Some(job) if !job.state.is_over() => Ok(Some(Turn::of(job))),
            Some(_) => Ok(None),
            None => Err(busy()),
        }
    }

    /// Goes on with a job whose turn it is not any more, if nobody else does at this moment.
    pub async fn go_on(&self, job: &Job, next: Job, before: &[Record]) -> Result<Option<Job>, Problem> {
        if !self.ports.claim(&job.lock(), TAKING).await {
            return Ok(None);
        }
        // Whoever had the lock just before may have gone on.
        let outcome = match self.records(&job.job_id).await {
            Ok(now) if now == before => self.supersede(next, before, false).await,
            Ok(_) => Ok(Outcome::Passed),
            Err(problem) => Err(problem),
        };
        self.ports.remove(&[job.lock()]).await;
        Ok(match outcome? {
            Outcome::Own(job) => Some(job),
            Outcome::Passed => None,
        })
    }

    /// Keeps a job under a new token, greater than those of `before`. From then on nothing counts of those who had it in
    /// hand. Where one of them came to the end meanwhile, it stays at that, unless the job is to be done anew.
    pub async fn supersede(&self, job: Job, before: &[Record], anew: bool) -> Result<Outcome, Problem> {
        let now = self.ports.now();
        let token = self.token(&job, before).await?;
        let job = Job { token, updated: now, lease: job.lease.max(now + LEASE), ..job };
        let outcome = self.superseded(&job, before, anew).await;
        if outcome.is_err() {
            self.leave_free(&job).await;
        }
        Ok(if outcome? { Outcome::Own(job) } else { Outcome::Passed })
    }

    async fn superseded(&self, job: &Job, before: &[Record], anew: bool) -> Result<bool, Problem> {
        self.keep_job(job).await?;
        let after = self.records(&job.job_id).await?;
        let own = job.record();
        let is_newer = |record: &Record| record.token > own.token;
        // It ended at this moment, or was asked for anew.
        let is_news = |record: &Record| *record != own && record.state != JobState::Running && !before.contains(record);
        if after.iter().any(|record| is_newer(record) || !anew && is_news(record)) {
            self.remove_records([&own].into_iter()).await?;
            return Ok(false);
        }
        let (repository, commit) = (job.repo_id.as_str(), job.commit_sha.as_str());
        let is_over = |token: &Token| after.iter().any(|record| record.token == *token && record.state.is_over());
        // Who made the last index is at work no more, whatever it still writes.
        let is_at_work = |record: &&Record| {
            record.state == JobState::Running && Some(&record.token) > job.indexed.as_ref() && !is_over(&record.token)
        };
        let (running, other): (Vec<&Record>, Vec<&Record>) =
            after.iter().filter(|record| **record != own).partition(is_at_work);
        for record in &running {
            let void = keys::void_blob(repository, commit, record.token.as_str());
            self.ports.write(&void, job.job_id.clone().into_bytes()).await.map_err(unavailable)?;
        }
        if !running.is_empty() {
            // It may be there already.
            self.ports.remove(&[keys::commit(repository, commit)]).await;
        }
        // Who works still is known by its record, in case this ends here, until the job does.
        let gone = if job.state.is_over() { [running, other].concat() } else { other };
        self.remove_records(gone.into_iter()).await?;
        Ok(true)
    }

    /// A token greater than all that are known of a job and of its commit. It is no less than the time, so that it is
    /// greater than those that were forgotten as well.
    async fn token(&self, job: &Job, before: &[Record]) -> Result<Token, Problem> {
        let indexes = keys::indexes_of(job.repo_id.as_str(), job.commit_sha.as_str());
        let indexes = blobs::list_all(&self.ports, &indexes).await.map_err(unavailable)?;
        let of_indexes = indexes.iter().filter_map(|blob| Some(Token::number(keys::indexed_in(&blob.name)?.token)));
        let known = before.iter().map(|record| Token::number(record.token.as_str())).chain(of_indexes).max();
        // The name of an upload is one that nobody else has. Nothing is sent.
        let unique = self.ports.begin(&record::prefix(&job.job_id)).await.map_err(unavailable)?;
        Ok(Token::new(known.map_or(0, |known| known.saturating_add(1)).max(self.ports.now()), &unique))
    }

    /// Goes on with a turn, for as long again as it has from the beginning.
    pub async fn hold(&self, turn: &Turn) -> Result<(), Stop> {
        self.hold_for(turn, LEASE).await
    }

    /// Goes on with a turn, for so many seconds.
    pub async fn hold_for(&self, turn: &Turn, seconds: u64) -> Result<(), Stop> {
        let job = Job { state: JobState::Running, ..turn.job.clone() };
        let (prefix, own) = (record::prefix(&job.job_id), job.record().name());
        // Of those before, nothing counts; behind are its own end, if it came to one already, and greater tokens.
        let after = format!("{prefix}{}", job.token.as_str());
        let other = self.ports.list(&prefix, &after).await.map_err(unavailable)?;
        if other.iter().any(|blob| blob.name != own) {
            turn.is_lost.set(true);
            return Err(Stop::Lost);
        }
        let now = self.ports.now();
        let lease = turn.least.max(now + seconds);
        if lease.abs_diff(turn.lease.get()) >= RENEWAL {
            turn.lease.set(lease);
            self.keep_job(&Job { updated: now, lease, ..job }).await?;
        }
        Ok(())
    }

    /// The same while something is done over and over: looks now and then.
    pub async fn hold_now_and_then(&self, turn: &Turn) -> Result<(), Stop> {
        match self.ports.now() + LEASE >= turn.lease.get() + RENEWAL {
            true => self.hold(turn).await,
            false => Ok(()),
        }
    }

    /// Keeps what is known of a job that is worked on.
    pub async fn keep_turn(&self, turn: &mut Turn) -> Result<(), Stop> {
        self.hold(turn).await?;
        (turn.job.updated, turn.job.lease) = (self.ports.now(), turn.lease.get());
        Ok(self.keep_job(&turn.job).await?)
    }

    /// Ends a turn that was stopped: a job that cannot be done is failed; what may be done later is left to the message,
    /// which comes again.
    pub async fn leave(&self, turn: Turn, stop: Stop) -> Result<(), Problem> {
        let Stop::Problem(problem) = stop else { return Ok(()) };
        if problem.body.status == ProblemType::Unavailable.status() {
            self.leave_free(&turn.job).await;
            return Err(problem);
        }
        let job = Job { state: JobState::Failed, error: Some(problem.body.detail), ..turn.job.clone() };
        match self.end(&turn, job).await {
            Ok(_) => {
                let (repository, commit) = (turn.job.repo_id.as_str(), turn.job.commit_sha.as_str());
                // Sources of which nothing was made.
                self.remove_versions(repository, commit, [turn.job.token.as_str()].into_iter()).await
            }
            Err(Stop::Lost) => Ok(()),
            Err(Stop::Problem(problem)) => {
                self.leave_free(&turn.job).await;
                Err(problem)
            }
        }
    }

    /// Ends a job that is still the caller's: whether it was to the last, so that it stays at that.
    pub async fn end(&self, turn: &Turn, job: Job) -> Result<bool, Stop> {
        self.hold(turn).await?;
        let job = Job { updated: self.ports.now(), ..job };
        let own = job.record();
        self.keep_job(&job).await?;
        let records = self.records(&job.job_id).await?;
        let gone = records.iter().filter(|record| record.token <= own.token && **record != own);
        self.remove_records(gone).await?;
        // Whoever goes on from now on finds the end.
        Ok(records.iter().all(|record| record.token <= own.token))
    }

    /// Says that nobody has to wait for the lease of a job to run out.
    async fn leave_free(&self, job: &Job) {
        self.ports.put(vec![(job.free(), vec![1])]).await;
    }

    /// Whether somebody works on a job, as far as is known.
    pub async fn is_taken(&self, job: &Job) -> bool {
        job.state == JobState::Running && self.ports.now() < job.lease && !self.is_free(job).await
    }

    async fn is_free(&self, job: &Job) -> bool {
        self.ports.get(&[job.free()]).await.into_iter().flatten().next().is_some()
    }
}

/// A job that is given up.
pub fn dead(job: Job) -> Job {
    let why = "every time it was begun, work on it stopped before the end; see the log";
    Job { state: JobState::Dead, error: Some(why.into()), ..job }
}

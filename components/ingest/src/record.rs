//! Records of jobs among the blobs. Each has a name of its own, `jobs/{id}@{token}-{state}`, and is written by whoever took
//! that token. The record with the greatest token is the job: who was overtaken writes under a name that nobody reads. So it
//! needs no store that compares before it writes, and losing the cache loses no job.

use astlas_atlas::{blobs, keys};
use astlas_http::{JobState, Problem, ProblemType, encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, job::Job, unavailable};

/// How often something is tried with a job that others write anew every time.
pub const TRIES: u32 = 5;
/// Digits of a token's number: of seconds since 1970, with room for some thousand years.
const DIGITS: usize = 12;

/// Who has a job in hand: a number greater than any before, and something that nobody else has, for two may find the same
/// number at once. Tokens are in order as text is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// A token.
    pub fn new(number: u64, unique: &str) -> Self {
        Self(format!("{number:0DIGITS$}.{}", keys::hex(&blake3::hash(unique.as_bytes()).as_bytes()[..8])))
    }

    /// As text, of which a name can be made.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number in a token.
    pub fn number(token: &str) -> u64 {
        token.split('.').next().and_then(|number| number.parse().ok()).unwrap_or(0)
    }
}

/// What the name of a record says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub id: String,
    pub token: Token,
    pub state: JobState,
}

/// What the names of a job's records begin with.
pub fn prefix(id: &str) -> String {
    format!("{}{id}@", keys::JOBS)
}

impl Record {
    /// Its name.
    pub fn name(&self) -> String {
        format!("{}{}-{}", prefix(&self.id), self.token.as_str(), self.state.word())
    }

    /// The record of a name.
    pub fn of(name: &str) -> Option<Self> {
        let (id, rest) = name.strip_prefix(keys::JOBS)?.split_once('@')?;
        let (token, state) = rest.rsplit_once('-')?;
        Some(Self { id: id.to_owned(), token: Token(token.to_owned()), state: JobState::from_word(state)? })
    }
}

/// Of the records of a job, the one that is the job. Where there are two of its token, one was about to be removed: that it
/// is worked on.
pub fn newest(records: &[Record]) -> Option<&Record> {
    records
        .iter()
        .max_by_key(|record| (&record.token, record.state != JobState::Running, record.state == JobState::Done))
}

/// What is said where all tries came to nothing.
pub fn changing(id: &str) -> Problem {
    ProblemType::Unavailable.with(format!("job {id} changes all the time; try again later"))
}

impl<P: Ports> Function<P> {
    /// All records of a job.
    pub async fn records(&self, id: &str) -> Result<Vec<Record>, Problem> {
        // The id goes into names; ours are plain.
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Ok(vec![]);
        }
        let listed = blobs::list_all(&self.ports, &prefix(id)).await.map_err(unavailable)?;
        Ok(listed.iter().filter_map(|blob| Record::of(&blob.name)).collect())
    }

    /// A job, if there is one.
    pub async fn find_job(&self, id: &str) -> Result<Option<Job>, Problem> {
        Ok(self.look(id).await?.1)
    }

    /// A job, if there is one, and all records there are of it.
    pub async fn look(&self, id: &str) -> Result<(Vec<Record>, Option<Job>), Problem> {
        for _ in 0..TRIES {
            let records = self.records(id).await?;
            let Some(record) = newest(&records) else { return Ok((records, None)) };
            // One that is gone made room for a newer one.
            if let Some(bytes) = blobs::read_all(&self.ports, &record.name()).await.map_err(unavailable)? {
                let job = serde_json::from_slice(&bytes).ok();
                return Ok((records, job));
            }
        }
        Err(changing(id))
    }

    /// Keeps a job as it is now, under its token.
    pub async fn keep_job(&self, job: &Job) -> Result<(), Problem> {
        self.ports.write(&job.record().name(), encode(job)?).await.map_err(unavailable)
    }

    /// Removes records.
    pub async fn remove_records<'r>(&self, records: impl Iterator<Item = &'r Record>) -> Result<(), Problem> {
        let names: Vec<String> = records.map(Record::name).collect();
        if names.is_empty() {
            return Ok(());
        }
        self.ports.delete(&names).await.map_err(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_in_the_order_of_their_numbers() {
        assert!(Token::new(9, "b") < Token::new(10, "a"));
        assert_ne!(Token::new(9, "a"), Token::new(9, "b"));
        assert_eq!(Token::number(Token::new(1_700_000_000, "a").as_str()), 1_700_000_000);
    }

    #[test]
    fn the_greatest_token_is_the_job_and_its_end_goes_before_its_work() {
        let record = |number, state| Record { id: "0a".into(), token: Token::new(number, ""), state };
        let records = [(3, JobState::Failed), (7, JobState::Done), (7, JobState::Running), (5, JobState::Cancelled)];
        let records = records.map(|(number, state)| record(number, state));
        assert_eq!(newest(&records), Some(&records[1]));
        for record in &records {
            assert_eq!(Record::of(&record.name()).as_ref(), Some(record));
        }
        assert_eq!(Record::of("jobs/0a"), None);
    }
}

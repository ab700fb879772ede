//! Which path is what.

use astlas_http::{CommitSha, Problem, ProblemType, RepoId};

/// What a path asks for.
pub enum Route {
    /// The archive of a repository at a commit.
    Archive(RepoId, CommitSha),
    /// To index a repository.
    IndexRepo,
    /// How far a job has come.
    Job(String),
    /// A message of the queue.
    Push,
}

impl Route {
    /// What is at a path.
    pub fn of(path: &str) -> Result<Self, Problem> {
        let nothing = || ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is"));
        let below = |start: &str| path.strip_prefix(start);
        if path == "/api/v1/jobs/index_repo" {
            return Ok(Self::IndexRepo);
        }
        if path == "/pubsub/push" {
            return Ok(Self::Push);
        }
        if let Some(id) = below("/api/v1/jobs/") {
            return Ok(Self::Job(id.to_owned()));
        }
        // A repository's name may have slashes in it, a commit's has none.
        let named = below("/api/v1/repos/").and_then(|rest| rest.strip_suffix("/archive")).ok_or_else(nothing)?;
        let (repository, commit) = named.rsplit_once('/').ok_or_else(nothing)?;
        let invalid = |what: &str, error: String| ProblemType::InvalidRequest.with(format!("{what}: {error}"));
        let repository = RepoId::try_from(repository.replace("%2F", "/").replace("%2f", "/"));
        let commit = CommitSha::try_from(commit.to_owned());
        Ok(Self::Archive(
            repository.map_err(|error| invalid("repository", error))?,
            commit.map_err(|error| invalid("commit", error))?,
        ))
    }
}

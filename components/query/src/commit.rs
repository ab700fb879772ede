//! The commit that a request is about.

use astlas_atlas::{
    Atlas,
    index::Indexed,
    ports::{Cache, Clock, Stages},
};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId};

use crate::Function;

/// A commit that was indexed, and the use cases for its repository.
pub struct Opened<P> {
    pub atlas: Atlas<P, P>,
    pub indexed: Indexed,
}

impl<P: Stages + Cache + Clock + Clone> Function<P> {
    /// Opens a commit; one that is not indexed is a problem that says how to index it.
    pub async fn open(&self, repository: &RepoId, commit: &CommitSha) -> Result<Opened<P>, Problem> {
        let atlas = self.atlas(repository);
        match atlas.commit(commit.as_str()).await {
            Some(indexed) => Ok(Opened { atlas, indexed }),
            None => Err(ProblemType::UnknownCommit.with(format!(
                "{} at {}: send its files with PUT /api/v1/repos/{}/{}/archive, then POST /api/v1/jobs/index_repo",
                repository.as_str(),
                commit.as_str(),
                repository.as_str(),
                commit.as_str()
            ))),
        }
    }
}

impl<P> Opened<P> {
    /// Index of a file among the graph's.
    pub fn file(&self, path: &str) -> Result<u32, Problem> {
        let unknown =
            || ProblemType::UnknownFile.with(format!("{path}: give the path of a source file, from the root"));
        self.indexed.file(path).ok_or_else(unknown)
    }
}

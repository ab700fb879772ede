//! The commit that a request is about: opened from the cache or, where that has lost it, from the blobs. Answers are kept
//! by what they were asked with, and made once however many ask.

use std::rc::Rc;

use astlas_atlas::{Atlas, blobs, commits::Commit, indexed::Indexed, keys, ports::Files, versions};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, decode};
use astlas_model::stored;
use astlas_sources::BlobFiles;
use serde::de::DeserializeOwned;

use crate::{Function, Ports, unavailable};

/// How long one asker has for an answer that others wait for, in milliseconds.
const CLAIM: u32 = 30_000;
/// How often a commit is looked for that is replaced every time.
const TRIES: u32 = 5;

/// A request about a commit.
pub trait OfCommit: DeserializeOwned {
    /// The repository.
    fn repository(&self) -> &RepoId;
    /// The commit.
    fn commit(&self) -> &CommitSha;
    /// Another commit that the answer is made from as well.
    fn base(&self) -> Option<&CommitSha> {
        None
    }
}

macro_rules! of_commit {
    ($($request:ty),+ $(,)?) => {
        $(impl $crate::commit::OfCommit for $request {
            fn repository(&self) -> &astlas_http::RepoId {
                &self.repo_id
            }

            fn commit(&self) -> &astlas_http::CommitSha {
                &self.commit_sha
            }
        })+
    };
}
pub(crate) use of_commit;

/// A commit that was indexed, its sources, and the use cases for its repository.
pub struct Opened<'p, P> {
    pub function: &'p Function<P>,
    pub repository: RepoId,
    pub atlas: Atlas<P, P>,
    pub known: Commit,
    pub indexed: Rc<Indexed>,
    pub files: BlobFiles<'p, P>,
}

impl<P: Ports> Opened<'_, P> {
    /// Index of a file among the graph's.
    pub fn file(&self, path: &str) -> Result<u32, Problem> {
        let unknown =
            || ProblemType::UnknownFile.with(format!("{path}: give the path of a source file, from the root"));
        self.indexed.file(path).ok_or_else(unknown)
    }
}

/// What was found of a commit.
struct Found {
    known: Commit,
    /// If it was brought back from the blobs on the way.
    indexed: Option<Rc<Indexed>>,
}

/// A problem with the base of a change.
pub fn of_base(problem: Problem) -> Problem {
    let detail = format!("base_sha: {}", problem.body.detail);
    Problem { body: astlas_http::ProblemBody { detail, ..problem.body }, ..problem }
}

impl<P: Ports> Function<P> {
    /// Opens a commit; one that is not indexed is a problem that says how to index it.
    pub async fn open(&self, repository: &RepoId, commit: &CommitSha) -> Result<Opened<'_, P>, Problem> {
        let found = self.find(repository, commit).await?;
        self.open_found(repository, commit, found).await
    }

    /// The answer to a request about a commit.
    pub async fn of_commit<R: OfCommit>(
        &self,
        operation: &str,
        body: &[u8],
        answer: impl AsyncFnOnce(&Opened<'_, P>, R) -> Result<Vec<u8>, Problem>,
    ) -> Result<Vec<u8>, Problem> {
        let request: R = decode(body)?;
        let (repository, commit) = (request.repository().clone(), request.commit().clone());
        let found = self.find(&repository, &commit).await?;
        let base = match request.base() {
            Some(base) => self.find(&repository, base).await.map_err(of_base)?.known.tree,
            None => String::new(),
        };
        let states = format!("{}{base}", found.known.tree);
        let key = keys::answer(repository.as_str(), &states, operation, &canonical(body)?);
        let kept = self.ports.get_or_claim(&key, CLAIM).await;
        if let Some(answer) = kept.and_then(|answer| stored::decode::<String>(&answer).ok()) {
            return Ok(answer.into_bytes());
        }
        let made = async {
            let opened = self.open_found(&repository, &commit, found).await?;
            let answer = answer(&opened, request).await?;
            // What was made without a source that is there is not the answer.
            opened.files.failure().map_or(Ok(answer), |error| Err(unavailable(error)))
        };
        match made.await {
            Ok(answer) => {
                let kept = stored::encode(&String::from_utf8_lossy(&answer));
                self.ports.put(vec![(key, kept)]).await;
                Ok(answer)
            }
            Err(problem) => {
                // Whoever waits for it need not wait any longer.
                self.ports.remove(&[key]).await;
                Err(problem)
            }
        }
    }

    async fn find(&self, repository: &RepoId, commit: &CommitSha) -> Result<Found, Problem> {
        if let Some(known) = self.atlas(repository).commit(commit.as_str()).await {
            return Ok(Found { known, indexed: None });
        }
        let (known, indexed) = self.restore(repository, commit).await?;
        Ok(Found { known, indexed: Some(indexed) })
    }

    /// Brings a commit back into the cache.
    pub async fn restore(&self, repository: &RepoId, commit: &CommitSha) -> Result<(Commit, Rc<Indexed>), Problem> {
        let (repository_name, commit_name) = (repository.as_str(), commit.as_str());
        let newest = async || versions::newest(&self.ports, repository_name, commit_name).await.map_err(unavailable);
        let mut token = newest().await?;
        for _ in 0..TRIES {
            let Some(current) = token.take() else { break };
            let name = keys::index_blob(repository_name, commit_name, &current);
            let bundle = blobs::read_all(&self.ports, &name).await.map_err(unavailable)?;
            let restored = match &bundle {
                Some(bundle) => self.atlas(repository).restore(commit_name, &current, bundle).await,
                None => None,
            };
            // Somebody may have replaced it meanwhile, and told the cache so before this did.
            token = newest().await?;
            match restored {
                Some((known, indexed)) if token.as_ref() == Some(&current) => return Ok((known, Rc::new(indexed))),
                // It is there, and cannot be read.
                None if token.as_ref() == Some(&current) => break,
                _ => self.ports.remove(&[keys::commit(repository_name, commit_name)]).await,
            }
        }
        Err(ProblemType::UnknownCommit.with(format!(
            "{repository_name} at {commit_name}: send its files with \
             PUT /api/v1/repos/{repository_name}/{commit_name}/archive, then POST /api/v1/jobs/index_repo"
        )))
    }

    async fn open_found(
        &self,
        repository: &RepoId,
        commit: &CommitSha,
        found: Found,
    ) -> Result<Opened<'_, P>, Problem> {
        let (atlas, Found { known, indexed }) = (self.atlas(repository), found);
        let (known, indexed) = match indexed.or_else(|| self.hot.get(&known.tree)) {
            Some(indexed) => (known, indexed),
            None => {
                self.hot.make_room();
                match atlas.indexed(&known).await {
                    Some(indexed) => (known, Rc::new(indexed)),
                    None => self.restore(repository, commit).await?,
                }
            }
        };
        self.hot.keep(&indexed);
        let name = keys::sources_blob(repository.as_str(), commit.as_str(), known.sources, &known.token);
        let files = BlobFiles::new(&self.ports, name, known.sources);
        Ok(Opened { function: self, repository: repository.clone(), atlas, known, indexed, files })
    }
}

/// A body in the one form that all bodies of the same content have: fields in order, no space.
fn canonical(body: &[u8]) -> Result<Vec<u8>, Problem> {
    let value: serde_json::Value = decode(body)?;
    astlas_http::encode(&value)
}

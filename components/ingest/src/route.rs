//! Which path is what: one table, from which the OpenAPI document is made as well.

use astlas_http::{CommitSha, Method, Problem, ProblemType, RepoId};
use schemars::{Schema, SchemaGenerator};

use crate::{index, job, message, repos, source, webhook};

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident $method:ident $path:literal $status:literal $request:tt => $response:tt;)+) => {
        /// What the write side does.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation { $($(#[doc = $doc])+ $name),+ }

        impl Operation {
            /// Every operation; of two that a path fits, the first is meant.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its method.
            pub fn method(self) -> Method {
                match self { $(Self::$name => Method::$method),+ }
            }

            /// Its path, with the names of what is part of it in braces.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }

            /// What it does.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// HTTP status where nothing is wrong.
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// Schemas of its body and of its answer; none where it has no JSON.
            pub fn schemas(
                self,
                asked: &mut SchemaGenerator,
                answered: &mut SchemaGenerator,
            ) -> (Option<Schema>, Option<Schema>) {
                match self { $(Self::$name => (schema!($request, asked), schema!($response, answered))),+ }
            }
        }
    };
}

macro_rules! schema {
    (none, $generator:ident) => {
        None
    };
    ([$type:ty], $generator:ident) => {
        Some($generator.subschema_for::<$type>())
    };
}

operations! {
    /// Takes in the archive of a commit: tar, plain or compressed with gzip or zstd, or zip.
    Archive Put "/api/v1/repos/{repo_id}/{commit_sha}/archive" 201 none => [source::Stored];
    /// Starts to index a commit.
    IndexRepo Post "/api/v1/jobs/index_repo" 202 [job::IndexRequest] => [job::Started];
    /// Jobs, those that were last written first.
    Jobs Get "/api/v1/jobs" 200 none => [job::Jobs];
    /// Calls a job off.
    Cancel Post "/api/v1/jobs/{job_id}/cancel" 200 none => [job::Job];
    /// Has a job done after all that failed, was given up or cancelled.
    Retry Post "/api/v1/jobs/{job_id}/retry" 202 none => [job::Job];
    /// How far a job has come.
    Job Get "/api/v1/jobs/{job_id}" 200 none => [job::Job];
    /// Everything that is indexed.
    Repos Get "/api/v1/repos" 200 none => [repos::Repositories];
    /// Has the commits of a repository stay however old they are.
    Pin Put "/api/v1/repos/{repo_id}/pin" 200 none => [repos::Pinned];
    /// Has the commits of a repository go when they are old.
    Unpin Delete "/api/v1/repos/{repo_id}/pin" 200 none => [repos::Pinned];
    /// Forgets a repository, in every instance, and what came in of it.
    Invalidate Delete "/api/v1/repos/{repo_id}" 200 none => [repos::Removed];
    /// An event of GitHub's.
    Webhook Post "/webhooks/github" 202 none => [webhook::Accepted];
    /// A message that Pub/Sub pushes.
    Push Post "/pubsub/push" 204 [message::Push] => none;
    /// Parses files of a commit whose sources are kept.
    ParseBatch Post "/internal/parse_batch" 200 [index::ParseBatchRequest] => [index::ParsedBatch];
    /// Forgets commits that were indexed long ago.
    Sweep Post "/internal/sweep" 200 [repos::SweepRequest] => [repos::Removed];
    /// This document.
    OpenApi Get "/openapi.json" 200 none => [serde_json::Value];
}

/// What a request asks for: an operation, with the parts of its path.
pub struct Route {
    pub operation: Operation,
    parts: Vec<String>,
}

impl Route {
    /// What is asked for with this method at this path.
    pub fn of(method: Option<Method>, path: &str) -> Result<Self, Problem> {
        // One that has this very path is meant before those of which it could be a part.
        let is_own = Operation::ALL.iter().any(|operation| operation.path() == path);
        let at_path = || {
            let matching = |&operation: &Operation| matched(operation.path(), path).map(|parts| (operation, parts));
            Operation::ALL.iter().filter(|operation| !is_own || operation.path() == path).filter_map(matching)
        };
        if let Some((operation, parts)) = at_path().find(|(operation, _)| Some(operation.method()) == method) {
            return Ok(Self { operation, parts });
        }
        match at_path().next() {
            None => Err(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is"))),
            Some((meant, _)) => {
                let same = Operation::ALL.iter().filter(|operation| operation.path() == meant.path());
                let allowed: Vec<Method> = same.map(|operation| operation.method()).collect();
                Err(Problem::method_not_allowed(&allowed))
            }
        }
    }

    /// The part of the path that names the repository.
    pub fn repository(&self) -> Result<RepoId, Problem> {
        RepoId::try_from(self.part(0).to_owned())
            .map_err(|error| ProblemType::InvalidRequest.with(format!("repository: {error}")))
    }

    /// The part of the path that names the commit.
    pub fn commit(&self) -> Result<CommitSha, Problem> {
        CommitSha::try_from(self.part(1).to_owned())
            .map_err(|error| ProblemType::InvalidRequest.with(format!("commit: {error}")))
    }

    /// A part of the path, in order.
    pub fn part(&self, index: usize) -> &str {
        self.parts.get(index).map_or("", String::as_str)
    }
}

/// The parts of a path that stand where the template has braces. A repository's name may have slashes in it, nothing else
/// may.
fn matched(template: &str, path: &str) -> Option<Vec<String>> {
    let Some((start, rest)) = template.split_once('{') else {
        return (template == path).then(Vec::new);
    };
    let (name, end) = rest.split_once('}')?;
    let path = path.strip_prefix(start)?;
    let decode = |part: &str| part.replace("%2F", "/").replace("%2f", "/");
    if name != "repo_id" {
        // The last of a path, for none of ours has more behind it but the archive's.
        let (part, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
        let is_end = end == rest && !part.is_empty();
        return is_end.then(|| vec![part.to_owned()]);
    }
    match end.split_once("/{commit_sha}") {
        Some((_, ending)) => {
            let (repository, commit) = path.strip_suffix(ending)?.rsplit_once('/')?;
            Some(vec![decode(repository), commit.to_owned()])
        }
        None => {
            let repository = path.strip_suffix(end)?;
            (!repository.is_empty()).then(|| vec![decode(repository)])
        }
    }
}

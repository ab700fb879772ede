//! Definitions by name.

use astlas_atlas::{
    memory::MemoryFiles,
    ports::{Cache, Clock, Stages},
};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, encode};
use astlas_json::Symbol;
use astlas_model::stages::SearchMode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, stage_failed};

/// A name to find.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// The name, alone or with scopes around it: `run`, `Flask.run`.
    symbol: String,
    /// Most definitions of the answer; 0: all.
    #[serde(default = "fifty")]
    limit: u32,
}

/// A pattern to find.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FuzzyRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Letters that the name holds in this order.
    pattern: String,
    /// Most definitions of the answer; 0: all.
    #[serde(default = "fifty")]
    limit: u32,
}

/// Definitions that were found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Symbols {
    /// Best first.
    symbols: Vec<Symbol>,
}

fn fifty() -> u32 {
    50
}

pub async fn search<P>(function: &Function<P>, request: SearchRequest) -> Result<Vec<u8>, Problem>
where
    P: Stages + Cache + Clock + Clone,
{
    let SearchRequest { repo_id, commit_sha, symbol, limit } = request;
    find(function, &repo_id, &commit_sha, ("symbol", &symbol), SearchMode::Exact, limit).await
}

pub async fn fuzzy<P>(function: &Function<P>, request: FuzzyRequest) -> Result<Vec<u8>, Problem>
where
    P: Stages + Cache + Clock + Clone,
{
    let FuzzyRequest { repo_id, commit_sha, pattern, limit } = request;
    find(function, &repo_id, &commit_sha, ("pattern", &pattern), SearchMode::Fuzzy, limit).await
}

/// `query` comes with the name of its field.
async fn find<P>(
    function: &Function<P>,
    repository: &RepoId,
    commit: &CommitSha,
    (field, query): (&str, &str),
    mode: SearchMode,
    limit: u32,
) -> Result<Vec<u8>, Problem>
where
    P: Stages + Cache + Clock + Clone,
{
    let query = query.trim();
    if query.is_empty() {
        return Err(ProblemType::InvalidRequest.with(format!("{field}: is empty; give at least one letter")));
    }
    let opened = function.open(repository, commit).await?;
    let found = opened.atlas.symbols(&opened.indexed, &MemoryFiles::default(), query, mode, limit).await;
    encode(&Symbols { symbols: found.map_err(stage_failed)?.into_iter().map(Into::into).collect() })
}

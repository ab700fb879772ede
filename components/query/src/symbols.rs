//! Definitions by name.

use std::collections::BTreeMap;

use astlas_atlas::{ports::Files, source::FILE_LIMIT};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, encode};
use astlas_json::{SourceLine, Symbol};
use astlas_model::stages::SearchMode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Ports,
    commit::{Opened, of_commit},
    in_range, stage_failed,
};

/// Most definitions of an answer.
const MOST_SYMBOLS: u32 = 1000;
/// Most lines before and after each.
const MOST_LINES: u32 = 100;

/// A name to find.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SearchRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// The name, alone or with scopes around it: `run`, `Flask.run`.
    #[schemars(length(min = 1))]
    symbol: String,
    /// Most definitions of the answer; 0: as many as there may be.
    #[serde(default = "fifty")]
    #[schemars(range(max = 1000))]
    limit: u32,
    /// How many lines of source to show before and after the line of the name; 0: none at all.
    #[serde(default = "two")]
    #[schemars(range(max = 100))]
    context_lines: u32,
}

/// A pattern to find.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FuzzyRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Letters that the name holds in this order.
    #[schemars(length(min = 1))]
    pattern: String,
    /// Most definitions of the answer; 0: as many as there may be.
    #[serde(default = "fifty")]
    #[schemars(range(max = 1000))]
    limit: u32,
    /// How many lines of source to show before and after the line of the name; 0: none at all.
    #[serde(default = "two")]
    #[schemars(range(max = 100))]
    context_lines: u32,
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

fn two() -> u32 {
    2
}

of_commit!(SearchRequest, FuzzyRequest);

pub async fn search<P: Ports>(opened: &Opened<'_, P>, request: SearchRequest) -> Result<Vec<u8>, Problem> {
    let SearchRequest { symbol, limit, context_lines, .. } = request;
    find(opened, ("symbol", &symbol), SearchMode::Exact, limit, context_lines).await
}

pub async fn fuzzy<P: Ports>(opened: &Opened<'_, P>, request: FuzzyRequest) -> Result<Vec<u8>, Problem> {
    let FuzzyRequest { pattern, limit, context_lines, .. } = request;
    find(opened, ("pattern", &pattern), SearchMode::Fuzzy, limit, context_lines).await
}

/// `query` comes with the name of its field.
async fn find<P: Ports>(
    opened: &Opened<'_, P>,
    (field, query): (&str, &str),
    mode: SearchMode,
    limit: u32,
    context_lines: u32,
) -> Result<Vec<u8>, Problem> {
    in_range("limit", limit, 0..=MOST_SYMBOLS)?;
    in_range("context_lines", context_lines, 0..=MOST_LINES)?;
    let limit = if limit == 0 { MOST_SYMBOLS } else { limit };
    let query = query.trim();
    if query.is_empty() {
        return Err(ProblemType::InvalidRequest.with(format!("{field}: is empty; give at least one letter")));
    }
    let found = opened.atlas.symbols(&opened.indexed, &opened.files, query, mode, limit).await.map_err(stage_failed)?;
    let mut symbols: Vec<Symbol> = found.into_iter().map(Into::into).collect();
    if context_lines > 0 {
        let mut by_file: BTreeMap<String, Vec<&mut Symbol>> = BTreeMap::new();
        for symbol in &mut symbols {
            by_file.entry(symbol.file.clone()).or_default().push(symbol);
        }
        for (file, symbols) in by_file {
            // In the order of the pack, each file once. One that is gone has no lines to show.
            let Ok(bytes) = opened.files.read(&file, FILE_LIMIT).await else { continue };
            let text = String::from_utf8_lossy(&bytes);
            let lines: Vec<&str> = text.lines().collect();
            for symbol in symbols {
                symbol.lines = SourceLine::around(&lines, symbol.line as usize, context_lines as usize);
            }
        }
    }
    encode(&Symbols { symbols })
}

//! Tags of files that come with the request.

use std::collections::BTreeMap;

use astlas_atlas::{Parsed, ports::Clock};
use astlas_http::{Problem, ProblemType, RepoId, encode};
use astlas_json::{Diagnostic, Export, FileTags, Import, Tag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Function, Ports, stage_failed};

/// A file to parse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParseRequest {
    /// Whose file it is.
    pub repo_id: RepoId,
    /// Its path: the extension, or the whole name, tells the language.
    pub file_path: String,
    /// The source.
    pub content: String,
}

/// Files to parse.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BatchRequest {
    /// Whose files they are.
    pub repo_id: RepoId,
    /// Sources by path.
    pub files: BTreeMap<String, String>,
}

/// A file's tags.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ParsedFile<'a> {
    file_path: &'a str,
    /// Name of its language.
    language: &'a str,
    /// How many lines it has.
    lines: u32,
    /// Definitions and references, in order of `start_byte`.
    tags: Vec<Tag<'a>>,
    /// What it takes from elsewhere.
    imports: Vec<Import<'a>>,
    /// What it says it offers to others.
    exports: Vec<Export<'a>>,
    /// Why a part of it, or all of it, has no tags.
    diagnostics: Vec<Diagnostic<'a>>,
    /// Whether the tags were there before.
    cache_hit: bool,
    /// How long this took, in milliseconds.
    latency_ms: f64,
}

/// Tags of many files.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Batch<'a> {
    /// Those in a known language, in order of path.
    files: Vec<ParsedFile<'a>>,
    /// Paths of the others.
    unknown_language: Vec<&'a str>,
    /// How long all of them took, in milliseconds.
    latency_ms: f64,
}

pub async fn parse<P: Ports>(function: &Function<P>, request: ParseRequest) -> Result<Vec<u8>, Problem> {
    let start = function.ports.microseconds();
    let atlas = function.atlas(&request.repo_id);
    let files = vec![(request.file_path.as_str(), request.content.into_bytes())];
    let parsed = atlas.parse(files).await.map_err(stage_failed)?.into_iter().next().flatten();
    let unknown = || {
        let known = "`astlas doctor` lists the languages";
        ProblemType::UnknownLanguage.with(format!("{}: no language has such files; {known}", request.file_path))
    };
    let parsed = parsed.ok_or_else(unknown)?;
    encode(&file(&request.file_path, &parsed, function.since(start)))
}

pub async fn parse_batch<P: Ports>(function: &Function<P>, request: BatchRequest) -> Result<Vec<u8>, Problem> {
    let start = function.ports.microseconds();
    let atlas = function.atlas(&request.repo_id);
    let (paths, sources): (Vec<String>, Vec<String>) = request.files.into_iter().unzip();
    let files = paths.iter().map(String::as_str).zip(sources.into_iter().map(String::into_bytes)).collect();
    let parsed = atlas.parse(files).await.map_err(stage_failed)?;
    let latency_ms = function.since(start);
    let (mut files, mut unknown_language) = (vec![], vec![]);
    for (path, parsed) in paths.iter().zip(&parsed) {
        match parsed {
            Some(parsed) => files.push(file(path, parsed, latency_ms)),
            None => unknown_language.push(path.as_str()),
        }
    }
    encode(&Batch { files, unknown_language, latency_ms })
}

fn file<'a>(path: &'a str, parsed: &'a Parsed, latency_ms: f64) -> ParsedFile<'a> {
    let FileTags { file, language, lines, tags, imports, exports, diagnostics } = FileTags::new(path, &parsed.tags);
    let cache_hit = parsed.cached;
    ParsedFile { file_path: file, language, lines, tags, imports, exports, diagnostics, cache_hit, latency_ms }
}

impl<P: Clock> Function<P> {
    /// Milliseconds since then.
    fn since(&self, start: u64) -> f64 {
        self.ports.microseconds().saturating_sub(start) as f64 / 1e3
    }
}

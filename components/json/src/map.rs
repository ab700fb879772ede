//! A map in answers.

use astlas_atlas::map;
use schemars::JsonSchema;
use serde::Serialize;

/// The lines of a repository that matter most, inside a token budget.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Map {
    /// Tokens of the text; never above the budget.
    pub tokens: u32,
    /// Most tokens the text may have.
    pub budget: u32,
    /// How tokens are counted.
    pub tokenizer: &'static str,
    /// Whether everything there is to show is on the map.
    pub complete: bool,
    /// What to hand to an agent.
    pub text: String,
    /// Files on the map, in the order of the text.
    pub files: Vec<MapFile>,
}

/// A file on a map.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MapFile {
    /// Its path.
    pub file: String,
    /// Its score.
    pub score: f64,
    /// Tokens of its part of the text.
    pub tokens: u32,
    /// The same as a share of all.
    pub share: f64,
    /// Its lines that are shown, one-based.
    pub lines: Vec<u32>,
}

impl Map {
    /// A map that was asked for with this budget.
    pub fn new(map: map::Map, budget: u32, tokenizer: &'static str) -> Self {
        let map::Map { text, tokens, files, complete } = map;
        let file = |file: map::MapFile| MapFile {
            file: file.path,
            score: file.score,
            tokens: file.tokens,
            // A map with a file on it has tokens.
            share: f64::from(file.tokens) / f64::from(tokens),
            lines: file.lines.iter().map(|line| line + 1).collect(),
        };
        Self { tokens, budget, tokenizer, complete, text, files: files.into_iter().map(file).collect() }
    }
}

//! What goes into the stages after the parser and what comes out. Fields mean what the WIT file of each stage says.
#![allow(missing_docs, reason = "documented in wit/graph, wit/ranker, wit/repomap and wit/symbols")]

use serde::{Deserialize, Serialize};

use crate::{FileMarks, GraphParts, History, Strings, tags::words};

/// What the graph needs of one file's tags (`wit/graph`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileNames {
    pub names: Strings,
    pub definitions: Vec<u32>,
    pub references: Vec<u32>,
    pub exports: Vec<u32>,
    pub import_path: Strings,
    pub import_name: Strings,
    pub family: String,
    pub lines: u32,
    pub marks: FileMarks,
}

/// A file met on the way from another one (`wit/graph`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    pub file: u32,
    pub depth: u32,
    pub weight: f64,
}

/// The community of every file (`wit/graph`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Communities {
    pub community: Vec<u32>,
    pub modularity: f64,
}

/// Strongly connected components of two files or more (`wit/graph`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cycles {
    pub file: Vec<u32>,
    pub file_ends: Vec<u32>,
    pub shortest: Vec<u32>,
    pub shortest_ends: Vec<u32>,
}

impl Cycles {
    /// Each one: its files, and a shortest cycle among them.
    pub fn iter(&self) -> impl Iterator<Item = (&[u32], &[u32])> {
        let files = crate::graph::parts(&self.file_ends).map(|(start, end)| self.file.get(start..end));
        let shortest = crate::graph::parts(&self.shortest_ends).map(|(start, end)| self.shortest.get(start..end));
        files.zip(shortest).map(|(files, shortest)| (files.unwrap_or_default(), shortest.unwrap_or_default()))
    }
}

/// Which way of ranking (`wit/ranker`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Profile {
    #[default]
    Default,
    Classic,
}

/// Which measure (`wit/ranker`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Strategy {
    #[default]
    Pagerank,
    Degree,
    Betweenness,
}

/// What ranks are asked for (`wit/ranker`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RankQuery {
    pub profile: Profile,
    pub strategy: Strategy,
    pub context: Vec<u32>,
    pub mentioned_files: Vec<u32>,
    pub mentioned_names: Vec<String>,
    pub definition_limit: u32,
    pub files_only: bool,
    pub history: Option<History>,
    pub explain: Vec<u32>,
    pub before: Vec<f64>,
}

impl RankQuery {
    /// The columns of a graph that ranks for this query are made from.
    pub fn reads(&self) -> GraphParts {
        let is_walk = self.strategy == Strategy::Pagerank;
        let is_classic = is_walk && self.profile == Profile::Classic;
        GraphParts {
            names: is_classic || !self.files_only || is_walk && !self.mentioned_names.is_empty(),
            words: is_walk && !is_classic && !self.context.is_empty(),
            edges: !is_classic,
        }
    }
}

words! {
    /// What speaks for a file (`wit/ranker`).
    Signal {
        Uses = "uses", UsedBy = "used-by", Reach = "reach", Path = "path", Counterpart = "counterpart",
        Folder = "folder", Family = "family", Words = "words", ChangedTogether = "changed-together",
        ChangeReach = "change-reach", Size = "size", Popularity = "popularity", Importance = "importance",
        Mention = "mention", Vendored = "vendored", Generated = "generated", Minified = "minified",
        Fixture = "fixture", Document = "document",
    }
}

/// What one signal adds to one file's sum (`wit/ranker`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contribution {
    pub file: u32,
    pub signal: Signal,
    pub value: f64,
    pub amount: f64,
}

/// Scores of files and definitions (`wit/ranker`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ranks {
    pub files: Vec<f64>,
    pub definition_file: Vec<u32>,
    pub definition_name: Vec<u32>,
    pub definition_score: Vec<f64>,
    pub iterations: u32,
    pub contributions: Vec<Contribution>,
    pub settled: Vec<f64>,
}

/// How tokens are counted (`wit/repomap`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tokenizer {
    #[default]
    O200k,
    Cl100k,
    Chars,
}

/// In which order files stand on a map (`wit/repomap`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum MapOrder {
    #[default]
    Relevance,
    Path,
}

/// How a map is drawn (`options` in `wit/repomap`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RenderOptions {
    pub tokenizer: Tokenizer,
    pub budget: u32,
    pub order: MapOrder,
}

/// Lines of one file that may be shown (`wit/repomap`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileLines {
    pub path: String,
    pub line: Vec<u32>,
    pub scope: Vec<u32>,
    pub text: Strings,
}

/// What to show first (`wit/repomap`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    pub file: Vec<u32>,
    pub line: Vec<u32>,
}

/// A file on the map (`wit/repomap`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFile {
    pub file: u32,
    pub tokens: u32,
    pub lines: Vec<u32>,
}

/// A finished map (`wit/repomap`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    pub text: String,
    pub tokens: u32,
    pub files: Vec<ShownFile>,
    pub complete: bool,
}

/// How a symbol's name is compared (`wit/symbols`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchMode {
    #[default]
    Exact,
    Prefix,
    Fuzzy,
}

/// A symbol that matched (`wit/symbols`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    pub name: u32,
    pub score: u32,
}

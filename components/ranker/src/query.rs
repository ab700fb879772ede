//! What ranks are asked for, and what they are.

/// How names and edges are weighed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Profile {
    /// What ranks best for "which files belong to this change".
    #[default]
    Default,
    /// The established method: a fixed table of multipliers and PageRank personalised on the context.
    Classic,
}

/// What is worked out over them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// PageRank, damping 0.85.
    #[default]
    Pagerank,
    /// Sum of the weights of all edges at the file.
    Degree,
}

/// What the ranks are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// How names and edges are weighed.
    pub profile: Profile,
    /// What is worked out over them.
    pub strategy: Strategy,
    /// Files of the change at hand, as indices into the graph's files; any order, repeats count once.
    pub context: Vec<u32>,
    /// Files named by the caller though not part of the change; as `context`.
    pub mentioned_files: Vec<u32>,
    /// Names the caller mentioned; any order, repeats count once.
    pub mentioned_names: Vec<String>,
    /// Most definitions to return; 0 for all.
    pub definition_limit: u32,
}

/// The answer. Definitions come best first, ties by file, then name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ranks {
    /// Score of every file, in order of the graph's files.
    pub files: Vec<f64>,
    /// The file of each ranked definition.
    pub definition_file: Vec<u32>,
    /// Its name, as an index into the graph's names.
    pub definition_name: Vec<u32>,
    /// Its score.
    pub definition_score: Vec<f64>,
    /// Rounds the iteration took; 0 where there was none.
    pub iterations: u32,
}

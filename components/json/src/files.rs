//! Files in answers: how much they weigh, who uses whom, who belongs together.

use astlas_atlas::{communities, cycles, deps};
use schemars::JsonSchema;
use serde::Serialize;

/// A file and what it weighs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RankedFile {
    /// Its path.
    pub file: String,
    /// The higher, the more it matters. Comparable within one answer alone.
    pub score: f64,
}

impl From<(String, f64)> for RankedFile {
    fn from((file, score): (String, f64)) -> Self {
        Self { file, score }
    }
}

/// A file that another one uses, or that uses it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Dependency {
    /// Its path.
    pub file: String,
    /// Edges on the shortest way to it, from 1.
    pub depth: u32,
    /// Weight of the last edge on that way.
    pub weight: f64,
}

impl From<deps::Dependency> for Dependency {
    fn from(deps::Dependency { file, depth, weight }: deps::Dependency) -> Self {
        Self { file, depth, weight }
    }
}

/// Files by the community they belong to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Communities {
    /// Newman's modularity: how much more of the edges' weight is inside communities than would be by chance; at most 1.
    pub modularity: f64,
    /// Largest first.
    pub communities: Vec<Community>,
}

/// Files that are tied to each other more than to the rest.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Community {
    /// Their paths, the one most tied to the others first.
    pub files: Vec<String>,
}

impl Communities {
    /// The first `limit` of them (0: all).
    pub fn new(found: communities::Communities, limit: u32) -> Self {
        let communities = limited(found.communities, limit).map(|files| Community { files }).collect();
        Self { modularity: found.modularity, communities }
    }
}

/// Files of which each uses every other one, directly or over others.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Cycle {
    /// Their paths, sorted.
    pub files: Vec<String>,
    /// A shortest cycle among them: each file uses the next one, the last one uses the first.
    pub shortest: Vec<String>,
}

impl From<cycles::Cycle> for Cycle {
    fn from(cycles::Cycle { files, shortest }: cycles::Cycle) -> Self {
        Self { files, shortest }
    }
}

/// The first `limit` of these (0: all).
pub fn limited<T>(all: Vec<T>, limit: u32) -> impl Iterator<Item = T> {
    let limit = if limit == 0 { usize::MAX } else { limit as usize };
    all.into_iter().take(limit)
}

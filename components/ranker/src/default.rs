//! The default profile: which files belong to this change.
//!
//! It ranks as the classic profile does, for now. What is to rank better (imports, ties between a test and its subject,
//! nearness, rarity of a name) has its place here; the walk and the choice of the best definitions serve both.

use astlas_model::RepositoryGraph;

use crate::{RankQuery, Scores, classic};

/// The ranks of the default profile.
pub fn scores(graph: &RepositoryGraph, query: &RankQuery) -> Scores {
    classic::scores(graph, query)
}

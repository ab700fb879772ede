//! Ranking files and definitions for a context.

mod symbols;

pub use symbols::RankedSymbol;

use std::collections::BTreeSet;

use astlas_model::{
    History,
    stages::{Contribution, Profile, RankQuery, Ranks, Strategy},
};
use serde::Serialize;

use crate::{
    Atlas,
    indexed::Indexed,
    keys,
    ports::{Cache, StageError, Stages},
};

/// What the caller knows of the change at hand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Context {
    /// Which way of ranking.
    pub profile: Profile,
    /// Which measure.
    pub strategy: Strategy,
    /// Paths of the files of the change. Those the index does not have are passed over (see [`Context::unknown`]).
    pub files: Vec<String>,
    /// Names and paths the caller mentioned: a path of the repository counts as a file, anything else as a name.
    pub mentioned: Vec<String>,
    /// What changed together before, if known.
    pub history: Option<History>,
    /// Paths of the files whose scores are to be explained.
    pub explain: Vec<String>,
}

impl Context {
    /// The context files that the index does not have.
    pub fn unknown<'a>(&'a self, indexed: &Indexed) -> Vec<&'a str> {
        self.files.iter().map(String::as_str).filter(|path| indexed.file(path).is_none()).collect()
    }

    fn query(&self, indexed: &Indexed, definitions: Definitions) -> RankQuery {
        let (mentioned_files, mentioned_names): (Vec<_>, Vec<_>) =
            self.mentioned.iter().partition(|word| indexed.file(word).is_some());
        RankQuery {
            profile: self.profile,
            strategy: self.strategy,
            context: self.files.iter().filter_map(|path| indexed.file(path)).collect(),
            mentioned_files: mentioned_files.into_iter().filter_map(|path| indexed.file(path)).collect(),
            mentioned_names: mentioned_names.into_iter().cloned().collect(),
            definition_limit: 0,
            files_only: definitions == Definitions::None,
            // Only a context has a history.
            history: self.history.clone().filter(|_| !self.files.is_empty() && self.profile == Profile::Default),
            explain: self.explain.iter().filter_map(|path| indexed.file(path)).collect(),
            before: vec![],
        }
    }
}

/// Which definitions are ranked along with the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Definitions {
    /// None: it takes a fraction of the work.
    None,
    /// All of them.
    All,
}

/// Why a file is where it is.
#[derive(Clone, Debug, PartialEq)]
pub struct Explained {
    /// Its path.
    pub file: String,
    /// Its place among the ranked files, from 1; context files have none.
    pub place: Option<usize>,
    /// Its score.
    pub score: f64,
    /// What each signal adds, greatest first. Nothing under `classic` and under strategies other than `pagerank`.
    pub contributions: Vec<Contribution>,
}

impl Indexed {
    /// Index of a file among the graph's, which are sorted by path.
    pub fn file(&self, path: &str) -> Option<u32> {
        let files = &self.snapshot.graph.files;
        let place = files.partition_point(|other| other < path);
        (files.get(place) == Some(path)).then_some(place as u32)
    }
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The ranks of all files, and of these definitions.
    pub async fn ranks(
        &self,
        indexed: &Indexed,
        context: &Context,
        definitions: Definitions,
    ) -> Result<Ranks, StageError> {
        let mut query = context.query(indexed, definitions);
        let key = keys::ranks(&self.repository, &indexed.tree, &query);
        if let Some(ranks) = self.recall(&key).await {
            return Ok(ranks);
        }
        query.before = self.settled_before(indexed, &query).await.unwrap_or_default();
        let ranks = self.stages.rank(&indexed.snapshot.graph, &query)?;
        self.remember(key, &ranks).await;
        Ok(ranks)
    }

    /// Where the walk for the same query settled on the tree before, for each file of now.
    async fn settled_before(&self, indexed: &Indexed, query: &RankQuery) -> Option<Vec<f64>> {
        let is_walk = query.profile == Profile::Classic || query.context.is_empty();
        let before = indexed.before.as_ref().filter(|_| is_walk && query.strategy == Strategy::Pagerank)?;
        let placed = |files: &[u32]| -> Option<Vec<u32>> {
            files.iter().map(|&file| *before.place.get(file as usize)?).collect()
        };
        let same = RankQuery {
            context: placed(&query.context)?,
            mentioned_files: placed(&query.mentioned_files)?,
            explain: placed(&query.explain)?,
            ..query.clone()
        };
        let ranks: Ranks = self.recall(&keys::ranks(&self.repository, &before.tree, &same)).await?;
        let settled = |place: &Option<u32>| match place {
            Some(file) => ranks.settled.get(*file as usize).copied().filter(|rank| (0.0..=1.0).contains(rank)),
            None => Some(0.0),
        };
        before.place.iter().map(settled).collect()
    }

    /// What makes up the scores of the files in `context.explain`, in order of path; those the index does not have are
    /// left out.
    pub async fn explained(&self, indexed: &Indexed, context: &Context) -> Result<Vec<Explained>, StageError> {
        let ranks = self.ranks(indexed, context, Definitions::None).await?;
        let order = self.ranked_files(indexed, context).await?;
        let mut files: Vec<u32> = context.explain.iter().filter_map(|path| indexed.file(path)).collect();
        files.sort_unstable();
        files.dedup();
        let explained = |file: u32| {
            let path = indexed.snapshot.graph.files.get(file as usize).unwrap_or_default();
            Explained {
                file: path.to_owned(),
                place: order.iter().position(|(other, _)| other == path).map(|at| at + 1),
                score: ranks.files.get(file as usize).copied().unwrap_or_default(),
                contributions: ranks.contributions.iter().filter(|other| other.file == file).copied().collect(),
            }
        };
        Ok(files.into_iter().map(explained).collect())
    }

    /// Files with their scores, best first, ties by path; context files left out.
    pub async fn ranked_files(&self, indexed: &Indexed, context: &Context) -> Result<Vec<(String, f64)>, StageError> {
        let ranks = self.ranks(indexed, context, Definitions::None).await?;
        let own: BTreeSet<&str> = context.files.iter().map(String::as_str).collect();
        let mut files: Vec<(&str, f64)> = indexed.snapshot.graph.files.iter().zip(ranks.files).collect();
        files.retain(|(path, _)| !own.contains(path));
        files.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        Ok(files.into_iter().map(|(path, score)| (path.to_owned(), score)).collect())
    }
}

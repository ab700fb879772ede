//! Definitions of a repository in, those that match a query out.
//!
//! Names are qualified, their parts joined by `.` (`Flask.run`); a query may be written with `::`, `#` or `/` between
//! the parts as well. What is found and in which order depends on nothing but the names and the query.

mod fuzzy;
mod literal;
mod query;

#[cfg(target_family = "wasm")]
mod component;

use astlas_model::Strings;

pub use astlas_model::stages::{Hit, SearchMode};

use query::Query;

/// Why there is no answer. A retry does not help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// Nothing to search for.
    #[error("the query is empty")]
    EmptyQuery,
    /// The columns contradict each other.
    #[error("{0}")]
    Corrupt(String),
}

/// The best `limit` of `names` (0: all) for `query`.
pub fn search(names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, SearchError> {
    let query = Query::new(query).ok_or(SearchError::EmptyQuery)?;
    if !names.is_sound() {
        return Err(SearchError::Corrupt("names: ends do not fit the text".into()));
    }
    let scored = names.iter().enumerate();
    let mut hits: Vec<Hit> = match mode {
        SearchMode::Exact => collect(scored, |name| literal::exact(name, &query)),
        SearchMode::Prefix => collect(scored, |name| literal::prefix(name, &query)),
        SearchMode::Fuzzy => {
            let mut fuzzy = fuzzy::Fuzzy::new(&query);
            collect(scored, |name| fuzzy.score(name))
        }
    };
    let name = |hit: &Hit| names.get(hit.name as usize).unwrap_or_default();
    // By index last, so that no two are equal and the order does not depend on how it is arrived at.
    let order = |a: &Hit, b: &Hit| {
        b.score.cmp(&a.score).then_with(|| {
            let (first, second) = (name(a), name(b));
            first.len().cmp(&second.len()).then_with(|| first.cmp(second)).then(a.name.cmp(&b.name))
        })
    };
    let limit = if limit == 0 { hits.len() } else { limit as usize };
    if limit < hits.len() {
        hits.select_nth_unstable_by(limit, order);
        hits.truncate(limit);
    }
    hits.sort_unstable_by(order);
    Ok(hits)
}

fn collect<'a>(
    names: impl Iterator<Item = (usize, &'a str)>,
    mut score: impl FnMut(&'a str) -> Option<u32>,
) -> Vec<Hit> {
    names.filter_map(|(index, name)| Some(Hit { name: index as u32, score: score(name)? })).collect()
}

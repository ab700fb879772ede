//! The default profile: which files belong to this change.
//!
//! Every signal says of every file how much speaks for it; their weighted sum, made a share by softmax, is the score.

use std::collections::BTreeSet;

use astlas_model::stages::{Contribution, Signal};

use crate::{
    RankQuery, Repository, Scores, definitions,
    signals::{self, Commits},
    weights::{Known, weight},
};

/// Most context files that others are compared with one by one; what goes on from all at once knows no bound.
const COMPARED: usize = 64;

/// The ranks of the default profile.
pub fn scores(repository: &Repository<'_>, query: &RankQuery) -> Scores {
    let graph = &*repository.graph;
    let context: Vec<u32> = query.context.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let commits =
        query.history.as_ref().map(|history| Commits::new(graph, history)).filter(|commits| commits.know(&context));
    let known = match (context.is_empty(), &commits) {
        (true, _) => Known::Nothing,
        (false, None) => Known::Context,
        (false, Some(_)) => Known::History,
    };
    let explained: BTreeSet<u32> = query.explain.iter().copied().collect();
    let mut sums = vec![0.0; graph.files.len()];
    let (mut contributions, mut walk) = (Vec::new(), (Vec::new(), 0));
    for &signal in Signal::ALL {
        let weight = weight(signal, known);
        if weight == 0.0 {
            continue;
        }
        let values = values(signal, repository, query, &context, commits.as_ref(), &mut walk);
        for (sum, value) in sums.iter_mut().zip(&values) {
            *sum += weight * value;
        }
        let amounts = explained.iter().map(|&file| (file, values[file as usize]));
        contributions.extend(amounts.filter(|(_, value)| *value != 0.0).map(|(file, value)| Contribution {
            file,
            signal,
            value,
            amount: weight * value,
        }));
    }
    contributions.sort_by(|one, other| {
        one.file
            .cmp(&other.file)
            .then(other.amount.abs().total_cmp(&one.amount.abs()))
            .then(one.signal.cmp(&other.signal))
    });
    let files = shares(sums, &context);
    let definitions = match query.files_only {
        true => vec![],
        false => definitions::scores(graph, query, &context, &files),
    };
    let (settled, iterations) = walk;
    Scores { files, definitions, iterations, contributions, settled }
}

/// One signal's values, file by file. `walk` becomes where the walk over all files settled, if the signal needs it, and
/// after how many rounds.
fn values(
    signal: Signal,
    repository: &Repository<'_>,
    query: &RankQuery,
    context: &[u32],
    commits: Option<&Commits>,
    walk: &mut (Vec<f64>, u32),
) -> Vec<f64> {
    let graph = &*repository.graph;
    let compared = &context[..context.len().min(COMPARED)];
    let of_commits = |values: fn(&Commits, &[u32]) -> Vec<f64>, files: &[u32]| {
        commits.map_or_else(|| vec![0.0; graph.files.len()], |commits| values(commits, files))
    };
    match signal {
        Signal::Uses => signals::uses(graph, compared),
        Signal::UsedBy => signals::used_by(graph, compared),
        Signal::Reach => signals::reach(graph, context),
        Signal::Path => repository.paths().path(compared),
        Signal::Counterpart => repository.paths().counterpart(graph, compared),
        Signal::Folder => signals::folder(graph, compared),
        Signal::Family => signals::family(graph, context),
        Signal::Words => signals::words(graph, compared),
        Signal::ChangedTogether => of_commits(Commits::changed_together, compared),
        Signal::ChangeReach => of_commits(Commits::change_reach, context),
        Signal::Size => signals::size(graph),
        Signal::Popularity => signals::popularity(graph),
        Signal::Importance => {
            *walk = signals::pagerank(graph, &query.before);
            signals::importance(&walk.0)
        }
        Signal::Mention => signals::mention(graph, query),
        Signal::Vendored => signals::vendored(graph),
        Signal::Generated => signals::generated(graph),
        Signal::Minified => signals::minified(graph),
        Signal::Fixture => signals::fixture(graph),
        Signal::Document => signals::document(graph),
    }
}

/// The sums as shares of 1 over the files outside the context, each to its exponential; a context file has 1 of its own.
fn shares(mut sums: Vec<f64>, context: &[u32]) -> Vec<f64> {
    context.iter().for_each(|&file| sums[file as usize] = f64::NEG_INFINITY);
    let greatest = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if greatest.is_finite() {
        sums.iter_mut().for_each(|sum| *sum = libm::exp(*sum - greatest));
        let total: f64 = sums.iter().sum();
        sums.iter_mut().for_each(|share| *share /= total);
    }
    context.iter().for_each(|&file| sums[file as usize] = 1.0);
    sums
}

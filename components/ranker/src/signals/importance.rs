//! What the repository as a whole makes of a file.

use astlas_model::RepositoryGraph;

use super::logarithms_of_greatest;

/// Share of rank that follows a file's edges; the rest is spread over all files.
const DAMPING: f64 = 0.85;
/// Change in one round, as a share of all, at which the ranks have settled: what is left to the fixed point is below
/// 1.2e-10, wherever they began.
const SETTLED: f64 = 1e-11;
/// What ranks to go on from have to spread over each file, for there to be anything to go on from.
const LEAST: f64 = 1e-100;
/// Rounds from one leap to the next.
const LEAP: u32 = 6;
/// Rounds after which they have settled in any case.
const ROUNDS: u32 = 200;

/// The logarithm of PageRank. `ranks` are those of [`pagerank`].
pub fn importance(ranks: &[f64]) -> Vec<f64> {
    let files = ranks.len() as f64;
    logarithms_of_greatest(ranks.iter().map(|rank| rank * files))
}

/// PageRank over the graph's weighted edges, and the rounds it took; they sum to 1. `before` are ranks to go on from: one
/// for each file, or none. They save rounds and change nothing else.
///
/// The ranks are those of a walk that ends at files without edges, scaled: what such files would spread evenly scales all
/// ranks alike. Without it, a round can go on from the ranks it has just made (Gauss-Seidel), which halves the rounds;
/// leaps along the last step (Lyusternik's) halve them again.
pub fn pagerank(graph: &RepositoryGraph, before: &[f64]) -> (Vec<f64>, u32) {
    let files = graph.files.len();
    let users = Users::of(graph);
    let mut ranks = users.unscaled(before).unwrap_or_else(|| vec![1.0; files]);
    let mut step = vec![0.0; files];
    let (mut rounds, mut change, mut leaps, mut has_leapt) = (0, f64::INFINITY, true, false);
    while change > SETTLED && rounds < ROUNDS {
        let (mut moved, mut total) = (0.0, 0.0);
        for file in 0..files {
            let rank = 1.0 + DAMPING * users.passed_on(file, &ranks);
            step[file] = rank - ranks[file];
            moved += step[file].abs();
            total += rank;
            ranks[file] = rank;
        }
        let before = std::mem::replace(&mut change, if total > 0.0 { moved / total } else { 0.0 });
        rounds += 1;
        leaps &= !(has_leapt && change > before);
        has_leapt = leaps && rounds % LEAP == 0 && change > SETTLED;
        if has_leapt {
            // Steps mostly shrink by much the same factor from round to round: all those to come are taken at once.
            let factor = (change / before).min(DAMPING);
            let steps = factor / (1.0 - factor);
            // Where the walk settles, no file has less than 1.
            ranks.iter_mut().zip(&step).for_each(|(rank, step)| *rank = (*rank + steps * step).max(1.0));
        }
    }
    let total: f64 = ranks.iter().sum();
    ranks.iter_mut().for_each(|rank| *rank /= total);
    (ranks, rounds)
}

/// Who uses each file.
struct Users {
    /// For each file where its part of the columns ends.
    ends: Vec<usize>,
    /// Files with an edge to it, ascending, and the share of their edges' weights that it has.
    user: Vec<u32>,
    share: Vec<f64>,
    /// For each file whether it uses no other.
    is_last: Vec<bool>,
}

impl Users {
    fn of(graph: &RepositoryGraph) -> Self {
        let files = graph.files.len();
        let mut out = vec![0.0; files];
        let mut ends = vec![0; files];
        for (source, target, weight) in graph.edges() {
            out[source as usize] += weight;
            ends[target as usize] += 1;
        }
        let mut next = vec![0; files];
        let mut end = 0;
        for (next, count) in next.iter_mut().zip(&mut ends) {
            *next = end;
            end += *count;
            *count = end;
        }
        let (mut user, mut share) = (vec![0; end], vec![0.0; end]);
        for (source, target, weight) in graph.edges() {
            let at = &mut next[target as usize];
            user[*at] = source;
            share[*at] = weight / out[source as usize];
            *at += 1;
        }
        Self { ends, user, share, is_last: out.into_iter().map(|out| out == 0.0).collect() }
    }

    /// What a file's users pass on to it. Summed in four parts side by side: one alone would wait for each addition.
    fn passed_on(&self, file: usize, ranks: &[f64]) -> f64 {
        let start = file.checked_sub(1).map_or(0, |before| self.ends[before]);
        let part = start..self.ends[file];
        let (users, rest) = self.user[part.clone()].as_chunks::<4>();
        let (shares, rest_shares) = self.share[part].as_chunks::<4>();
        let mut sums = [0.0; 4];
        for (users, shares) in users.iter().zip(shares) {
            for lane in 0..4 {
                sums[lane] += ranks[users[lane] as usize] * shares[lane];
            }
        }
        let rest: f64 = rest.iter().zip(rest_shares).map(|(&user, share)| ranks[user as usize] * share).sum();
        (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
    }

    /// Ranks scaled as they are while they settle, so that each file has 1 beside what its users pass on to it; none if
    /// they are not one for each file, or too small to be anything.
    fn unscaled(&self, ranks: &[f64]) -> Option<Vec<f64>> {
        let total: f64 = ranks.iter().sum();
        let last: f64 = ranks.iter().zip(&self.is_last).filter(|(_, is_last)| **is_last).map(|(rank, _)| rank).sum();
        let spread = ((1.0 - DAMPING) * total + DAMPING * last) / ranks.len() as f64;
        (ranks.len() == self.ends.len() && spread > LEAST).then(|| ranks.iter().map(|rank| rank / spread).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each file of a ring uses the next one or the one before, and the first uses one more.
    fn ring(files: u32, forward: bool) -> RepositoryGraph {
        let other = |file: u32| (if forward { file + 1 } else { file + files - 1 }) % files;
        let mut edges: Vec<(u32, u32)> = (0..files).map(|file| (file, other(file))).collect();
        edges.push((0, files / 2));
        edges.sort_unstable();
        RepositoryGraph {
            files: (0..files).map(|file| format!("{file:06}")).collect(),
            edge_source: edges.iter().map(|(source, _)| *source).collect(),
            edge_target: edges.iter().map(|(_, target)| *target).collect(),
            edge_weight: vec![1.0; edges.len()],
            ..RepositoryGraph::default()
        }
    }

    /// How far ranks are from what the definition, applied once more, makes of them.
    fn off(graph: &RepositoryGraph, ranks: &[f64]) -> f64 {
        let mut out = vec![0.0; ranks.len()];
        graph.edges().for_each(|(source, _, weight)| out[source as usize] += weight);
        let last: f64 = ranks.iter().zip(&out).filter(|(_, out)| **out == 0.0).map(|(rank, _)| rank).sum();
        let mut next = vec![(1.0 - DAMPING + DAMPING * last) / ranks.len() as f64; ranks.len()];
        for (source, target, weight) in graph.edges() {
            next[target as usize] += DAMPING * weight / out[source as usize] * ranks[source as usize];
        }
        ranks.iter().zip(&next).map(|(rank, next)| (rank - next).abs()).sum()
    }

    #[test]
    fn wherever_it_begins_it_settles_at_the_same_ranks() {
        // A way against the order of files: what is passed on grows from round to round, for a while.
        let way: Vec<u32> = (0..60).chain((60..72).rev()).collect();
        let mut edges: Vec<(u32, u32)> = way.array_windows().map(|[one, next]| (*one, *next)).collect();
        edges.push((60, 0));
        edges.sort_unstable();
        let graph = RepositoryGraph {
            files: (0..72).map(|file| format!("{file:02}")).collect(),
            edge_source: edges.iter().map(|(source, _)| *source).collect(),
            edge_target: edges.iter().map(|(_, target)| *target).collect(),
            edge_weight: vec![1.0; edges.len()],
            ..RepositoryGraph::default()
        };
        let (anew, _) = pagerank(&graph, &[]);
        for first in 0..72 {
            for (value, rest) in [(1.0, 0.0), (0.5, 1e-3), (5e-324, 0.0), (1e-9, 1.0)] {
                let mut before = vec![rest; 72];
                before[first] = value;
                let (ranks, rounds) = pagerank(&graph, &before);
                let same = ranks.iter().zip(&anew).map(|(rank, anew)| (rank - anew).abs()).sum::<f64>();
                assert!(same < 1e-9 && rounds < ROUNDS, "{first} {value}: {same}, {rounds} rounds");
                assert!(off(&graph, &ranks) < 1e-10 && ranks.iter().all(|rank| *rank > 0.0));
            }
        }
    }

    #[test]
    fn what_goes_round_in_a_ring_settles_too() {
        for graph in [ring(2_000, true), ring(2_000, false), ring(3, true), ring(3, false)] {
            let (ranks, rounds) = pagerank(&graph, &[]);
            assert!(rounds < ROUNDS - 20, "{rounds} rounds");
            assert!(off(&graph, &ranks) < 1e-10, "{}", off(&graph, &ranks));
        }
    }
}

//! What changed together before.

use astlas_model::{History, RepositoryGraph};

/// Number of newer commits after which a commit counts half.
const HALF_LIFE: f64 = 1500.0;
/// Weight below which a commit says nothing any more.
const LEAST: f64 = 1e-100;
/// How fast a commit counts less with its size: a pair of a large commit is rarely meant to be one.
const BY_SIZE: f64 = 1.5;
/// Weight of commits that every file is thought to have more: what changed once, together with another file, is no sure
/// tie yet.
const PRIOR: f64 = 0.1;
/// How much of the scale of logarithms is used, for pairs and for the walk.
const PAIR_SCALE: f64 = 100.0;
const WALK_SCALE: f64 = 3000.0;
/// Rounds of the walk, and share of it that goes on in each.
const ROUNDS: u32 = 6;
const GOES_ON: f64 = 0.7;

/// The commits of a history that say anything, over the files of a graph.
pub struct Commits {
    files: usize,
    /// For each commit its weight, and which files it changed, ascending.
    commits: Vec<(f64, Vec<u32>)>,
    /// For each file the weight of its commits.
    own: Vec<f64>,
}

impl Commits {
    /// The commits of a history. Both are sound.
    pub fn new(graph: &RepositoryGraph, history: &History) -> Self {
        let places = places(graph, history);
        let files = graph.files.len();
        let (mut commits, mut own) = (Vec::new(), vec![0.0; files]);
        for commit in 0..history.len() {
            let (size, age) = (history.commit_size[commit], history.commit_age[commit]);
            let changed: Vec<u32> = history.changed(commit).iter().filter_map(|&path| places[path as usize]).collect();
            if size > History::LARGEST || changed.is_empty() {
                continue;
            }
            let others = f64::from(size.saturating_sub(1).max(1));
            let weight = libm::exp2(-f64::from(age) / HALF_LIFE) / libm::pow(others, BY_SIZE);
            if weight < LEAST {
                continue;
            }
            changed.iter().for_each(|&file| own[file as usize] += weight);
            commits.push((weight, changed));
        }
        Self { files, commits, own }
    }

    /// Whether any of these files was changed before.
    pub fn know(&self, context: &[u32]) -> bool {
        context.iter().any(|&file| self.own[file as usize] > 0.0)
    }

    /// How much of its changes it shares with a context file.
    pub fn changed_together(&self, context: &[u32]) -> Vec<f64> {
        let mut values = vec![0.0; self.files];
        for &context_file in context {
            let mut common = vec![0.0; self.files];
            for (weight, changed) in &self.commits {
                if changed.binary_search(&context_file).is_ok() {
                    changed.iter().for_each(|&file| common[file as usize] += weight);
                }
            }
            let of_context = self.own[context_file as usize] + PRIOR;
            for (file, common) in common.into_iter().enumerate().filter(|(_, common)| *common > 0.0) {
                let tie = common / ((self.own[file] + PRIOR) * of_context).sqrt();
                super::greater(&mut values[file..=file], &[logarithm(tie, PAIR_SCALE)]);
            }
        }
        values
    }

    /// Where a walk over commits leads that restarts in the context: from a file to those it changed together with.
    pub fn change_reach(&self, context: &[u32]) -> Vec<f64> {
        // What a file's pairs weigh together.
        let mut pairs = vec![0.0; self.files];
        for (weight, changed) in &self.commits {
            changed.iter().for_each(|&file| pairs[file as usize] += weight * (changed.len() - 1) as f64);
        }
        let mut start = vec![0.0; self.files];
        context.iter().for_each(|&file| start[file as usize] = 1.0 / context.len() as f64);
        let (mut share, mut next) = (start.clone(), vec![0.0; self.files]);
        for _ in 0..ROUNDS {
            let has_pairs = |pairs: f64| pairs > 0.0;
            let moving: Vec<f64> =
                share.iter().zip(&pairs).map(|(share, &all)| if has_pairs(all) { share / all } else { 0.0 }).collect();
            next.fill(0.0);
            for (weight, changed) in self.commits.iter().filter(|(_, changed)| changed.len() > 1) {
                let all: f64 = changed.iter().map(|&file| moving[file as usize]).sum();
                changed.iter().for_each(|&file| next[file as usize] += weight * (all - moving[file as usize]));
            }
            let stranded: f64 =
                share.iter().zip(&pairs).filter(|(_, all)| !has_pairs(**all)).map(|(share, _)| share).sum();
            let anew = 1.0 - GOES_ON + GOES_ON * stranded;
            for ((share, next), start) in share.iter_mut().zip(&next).zip(&start) {
                *share = GOES_ON * next + anew * start;
            }
        }
        context.iter().for_each(|&file| share[file as usize] = 0.0);
        // With several context files each has only its part of the walk.
        let part = context.len() as f64;
        share.into_iter().map(|share| logarithm((share.max(0.0) * part).min(1.0), WALK_SCALE)).collect()
    }
}

/// For each path of the history its file in the graph; both are sorted.
fn places(graph: &RepositoryGraph, history: &History) -> Vec<Option<u32>> {
    let mut files = graph.files.iter().enumerate().peekable();
    let place = |path: &str| {
        while files.next_if(|(_, file)| *file < path).is_some() {}
        files.peek().filter(|(_, file)| *file == path).map(|(file, _)| *file as u32)
    };
    history.paths.iter().map(place).collect()
}

/// From 0 to 1 as the value does, small ones spread far apart.
fn logarithm(value: f64, scale: f64) -> f64 {
    libm::log1p(scale * value.min(1.0)) / libm::log1p(scale)
}

//! PageRank over files, taken by way of names.
//!
//! A file that references a name passes rank on to every file that defines it, to each the same share. So what a name
//! passes on is added up once for all its definers, and a round costs as much as there are references and definitions,
//! never referencers times definers. The edges between files are not needed, nor are those of a file to itself left
//! out.

/// Share of rank that follows a file's references; the rest goes back to where the walk starts.
const DAMPING: f64 = 0.85;
/// Change in one round, summed over all files, at which the walk has settled. What is left to the fixed point is below
/// 0.85 / 0.15 of it, so below 6e-11.
const SETTLED: f64 = 1e-11;
/// Rounds after which it has settled in any case: the change is at most 2 at first and shrinks by 0.85 each time.
const ROUNDS: u32 = 200;

/// Lists of files, one for each name, cut out of one column.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    pub ends: &'a [u32],
    pub file: &'a [u32],
}

impl<'a> Parts<'a> {
    /// Where each name's part starts and ends.
    pub fn ranges(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<'a> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(self.ends).map(|(start, &end)| start as usize..end as usize)
    }
}

/// The ways rank can take.
pub struct Walk<'a> {
    pub definitions: Parts<'a>,
    pub references: Parts<'a>,
    /// For each reference: how much of its file's rank goes to each definer of the name.
    reference_share: Vec<f64>,
    /// For each file: how much of its rank it passes to itself for each name that it defines and nobody references.
    idle_share: Vec<f64>,
    /// For each file: how many such names it defines.
    idle_names: Vec<u32>,
    /// For each file: whether it has any way to go.
    goes_on: Vec<bool>,
}

/// Where the walk settles.
pub struct Settled {
    /// Rank of each file.
    pub files: Vec<f64>,
    /// What each entry of `definitions` receives, before damping.
    pub definitions: Vec<f64>,
    pub rounds: u32,
}

impl<'a> Walk<'a> {
    /// Ways of the `weights`, one for each reference; a name without references leads back to its definers, by `idle`.
    pub fn new(files: usize, definitions: Parts<'a>, references: Parts<'a>, weights: Vec<f64>, idle: f64) -> Self {
        let (mut totals, mut idle_names) = (vec![0.0; files], vec![0; files]);
        for (definers, referencers) in definitions.ranges().zip(references.ranges()) {
            for reference in referencers.clone() {
                totals[references.file[reference] as usize] += weights[reference] * definers.len() as f64;
            }
            if referencers.is_empty() {
                definitions.file[definers].iter().for_each(|&file| idle_names[file as usize] += 1);
            }
        }
        for (total, &names) in totals.iter_mut().zip(&idle_names) {
            *total += idle * f64::from(names);
        }
        let mut reference_share = weights;
        for (share, &file) in reference_share.iter_mut().zip(references.file) {
            *share /= totals[file as usize];
        }
        let goes_on: Vec<_> = totals.iter().map(|&total| total > 0.0).collect();
        let idle_share = totals.iter().map(|&total| if total > 0.0 { idle / total } else { 0.0 }).collect();
        Self { definitions, references, reference_share, idle_share, idle_names, goes_on }
    }

    /// Which files the walk can come to at all: those that reference or define something.
    pub fn takes_part(&self) -> Vec<bool> {
        let mut takes_part = self.goes_on.clone();
        self.definitions.file.iter().for_each(|&file| takes_part[file as usize] = true);
        takes_part
    }

    /// Walks until it settles, from `start` and back to it: `start` sums to 1, or is all 0 and then so are the ranks.
    /// `before` are ranks to go on from: one for each file, or none. They save rounds and change nothing else.
    pub fn settle(&self, start: &[f64], before: &[f64]) -> Settled {
        let known: f64 = before.iter().sum();
        let goes_on_from_before = known > 0.0 && before.len() == start.len() && start.iter().any(|&share| share > 0.0);
        let mut ranks = match goes_on_from_before {
            true => before.iter().map(|rank| rank / known).collect(),
            false => start.to_vec(),
        };
        let mut next = vec![0.0; start.len()];
        let (mut rounds, mut change) = (0, f64::INFINITY);
        while change > SETTLED && rounds < ROUNDS {
            self.pass_on(&ranks, &mut next);
            let stranded: f64 = ranks.iter().zip(&self.goes_on).map(|(&rank, &on)| if on { 0.0 } else { rank }).sum();
            let returning = DAMPING * stranded + (1.0 - DAMPING);
            change = 0.0;
            for ((rank, next), start) in ranks.iter_mut().zip(&next).zip(start) {
                let settled = DAMPING * next + returning * start;
                change += (settled - *rank).abs();
                *rank = settled;
            }
            rounds += 1;
        }
        Settled { definitions: self.received(&ranks), files: ranks, rounds }
    }

    /// What each file receives in one round, before damping.
    fn pass_on(&self, ranks: &[f64], next: &mut [f64]) {
        for (file, next) in next.iter_mut().enumerate() {
            *next = ranks[file] * self.idle_share[file] * f64::from(self.idle_names[file]);
        }
        for (definers, referencers) in self.definitions.ranges().zip(self.references.ranges()) {
            let passed = self.passed(ranks, referencers);
            for &file in &self.definitions.file[definers] {
                next[file as usize] += passed;
            }
        }
    }

    /// What each entry of `definitions` receives.
    fn received(&self, ranks: &[f64]) -> Vec<f64> {
        let mut received = Vec::with_capacity(self.definitions.file.len());
        for (definers, referencers) in self.definitions.ranges().zip(self.references.ranges()) {
            if referencers.is_empty() {
                let files = self.definitions.file[definers].iter().map(|&file| file as usize);
                received.extend(files.map(|file| ranks[file] * self.idle_share[file]));
            } else {
                let passed = self.passed(ranks, referencers);
                received.extend(definers.map(|_| passed));
            }
        }
        received
    }

    /// What a name passes to each of its definers.
    fn passed(&self, ranks: &[f64], referencers: std::ops::Range<usize>) -> f64 {
        let (files, shares) = (&self.references.file[referencers.clone()], &self.reference_share[referencers]);
        files.iter().zip(shares).map(|(&file, share)| ranks[file as usize] * share).sum()
    }
}

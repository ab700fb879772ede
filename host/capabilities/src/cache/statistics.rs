//! How often each layer had what was asked for.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use astlas_conventions::kind;

/// Kinds that are counted apart. A caller chooses the keys, so there could be any number.
const KINDS: usize = 32;
/// What the others are counted as.
const OTHER: &str = "other";

/// What was asked of a layer for keys of one kind, since the start, and what it has of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The value was there.
    pub hits: u64,
    /// It was not.
    pub misses: u64,
    /// The layer did not answer.
    pub errors: u64,
    /// Entries there are; `None`: the layer does not tell them by kind.
    pub entries: Option<u64>,
    /// Bytes they take.
    pub bytes: Option<u64>,
}

/// A layer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LayerStatistics {
    /// `memory`, `redis` or `sqlite`.
    pub name: &'static str,
    /// Entries there are, if it is known.
    pub entries: Option<u64>,
    /// Bytes they take, if it is known.
    pub bytes: Option<u64>,
    /// By kind: the first part of the key.
    pub kinds: BTreeMap<String, Counted>,
}

/// How the questions of one call ended.
#[derive(Default)]
pub struct Answers(BTreeMap<String, [u64; 3]>);

/// How a question ended.
#[derive(Clone, Copy)]
pub enum Answer {
    Hit,
    Miss,
    Error,
}

impl Answers {
    /// One more.
    pub fn add(&mut self, key: &str, answer: Answer) {
        let kind = kind(key);
        match self.0.get_mut(kind) {
            Some(counts) => counts[answer as usize] += 1,
            None => {
                let mut counts = [0; 3];
                counts[answer as usize] = 1;
                self.0.insert(kind.into(), counts);
            }
        }
    }
}

/// Counts of one layer.
#[derive(Default)]
pub struct Counters(Mutex<BTreeMap<String, [u64; 3]>>);

impl Counters {
    /// Adds how the questions of a call ended.
    pub fn add(&self, answers: Answers) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (kind, counts) in answers.0 {
            let kind = if counted.len() < KINDS || counted.contains_key(&kind) { kind } else { OTHER.into() };
            let sums = counted.entry(kind).or_default();
            sums.iter_mut().zip(counts).for_each(|(sum, count)| *sum += count);
        }
    }

    /// What was counted so far.
    pub fn read(&self) -> BTreeMap<String, Counted> {
        let counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let read = |&[hits, misses, errors]: &[u64; 3]| Counted { hits, misses, errors, ..Counted::default() };
        counted.iter().map(|(kind, counts)| (kind.clone(), read(counts))).collect()
    }
}

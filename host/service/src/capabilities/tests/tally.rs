//! How often each was tried, and how often that could tell something: there was something to be found.

use std::{collections::BTreeMap, fmt};

#[derive(Default)]
pub struct Tally(BTreeMap<&'static str, Count>);

#[derive(Clone, Copy, Default)]
struct Count {
    tried: u32,
    hits: u32,
}

impl Tally {
    pub fn add(&mut self, what: &'static str, is_hit: bool) {
        let count = self.0.entry(what).or_default();
        count.tried += 1;
        count.hits += u32::from(is_hit);
    }

    pub fn add_all(&mut self, other: &Self) {
        for (what, other) in &other.0 {
            let count = self.0.entry(what).or_default();
            count.tried += other.tried;
            count.hits += other.hits;
        }
    }

    /// All that were tried.
    pub fn tried(&self) -> u32 {
        self.0.values().map(|count| count.tried).sum()
    }

    /// What was too seldom a hit to tell anything: less than one time in twenty.
    pub fn seldom(&self) -> Vec<&'static str> {
        self.0.iter().filter(|(_, count)| count.hits * 20 < count.tried).map(|(what, _)| *what).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} operations, hits among them:", self.tried())?;
        for (what, Count { tried, hits }) in &self.0 {
            write!(formatter, " {what} {hits}/{tried}")?;
        }
        Ok(())
    }
}

//! A day of webhooks, pull requests and reviews at any number of repositories, simulated event by event: how many
//! instances, how long a queue, what the caches find, what it costs. What one thing costs was measured; how much there is
//! of it, and how the platform behaves, is assumed or looked up, and can be told otherwise.

mod agenda;
mod cache;
mod costs;
mod day;
mod figures;
mod inputs;
mod lru;
mod pool;
mod price;
mod random;
mod report;
mod requests;
mod scaler;
mod shape;
mod tally;
#[cfg(test)]
mod tests;
mod traffic;
mod world;

use anyhow::{Context, Result};

use inputs::Inputs;

/// How it is asked for.
pub struct Settings<'a> {
    pub repositories: &'a [usize],
    pub seed: u64,
    /// `NAME=VALUE`.
    pub set: &'a [String],
}

pub fn bench(settings: &Settings<'_>) -> Result<()> {
    let mut told = Inputs::default();
    for set in settings.set {
        let (name, value) = set.split_once('=').context("--set takes NAME=VALUE")?;
        told.set(name, value.parse().with_context(|| format!("{set}: no number"))?)?;
    }
    report::inputs(&told, settings.seed);
    let mut results = vec![];
    for &repositories in settings.repositories {
        let begun = std::time::Instant::now();
        let world = day::simulate(&told, repositories, settings.seed);
        eprintln!("bench: a day with {repositories} repositories, simulated in {:.1?}", begun.elapsed());
        results.push(report::Result { repositories, world });
    }
    report::day(&results);
    report::redis(&results);
    report::prices(&results);
    Ok(())
}

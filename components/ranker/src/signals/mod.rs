//! What speaks for a file. One function for each signal: from the graph and the change to a value from 0 to 1 for every
//! file. None of them knows of another, or of weights. What each value is, is said in `wit/ranker/ranker.wit`.

mod edges;
mod file;
mod history;
mod importance;
mod mention;
mod paths;
mod reach;
mod words;

pub use edges::{popularity, used_by, uses};
pub use file::{document, family, fixture, generated, minified, size, vendored};
pub use history::Commits;
pub use importance::{importance, pagerank};
pub use mention::mention;
pub use paths::{Paths, folder};
pub use reach::reach;
pub use words::words;

/// The values divided by the greatest, after the root is taken of each. All 0 where there is none above 0.
fn roots_of_greatest(mut values: Vec<f64>) -> Vec<f64> {
    let greatest = values.iter().copied().fold(0.0, f64::max);
    if greatest > 0.0 {
        values.iter_mut().for_each(|value| *value = (*value / greatest).sqrt());
    }
    values
}

/// ln(1 + value), divided by the greatest. All 0 where there is none above 0.
fn logarithms_of_greatest(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut logarithms: Vec<f64> = values.map(libm::log1p).collect();
    let greatest = logarithms.iter().copied().fold(0.0, f64::max);
    if greatest > 0.0 {
        logarithms.iter_mut().for_each(|value| *value /= greatest);
    }
    logarithms
}

/// Rarity of what `containers` of `files` contain: ln(1 + (files - containers + 1/2) / (containers + 1/2)), as in BM25.
fn idf(files: usize, containers: usize) -> f64 {
    libm::log1p(((files - containers) as f64 + 0.5) / (containers as f64 + 0.5))
}

/// For each file the greater of two values.
fn greater(values: &mut [f64], others: &[f64]) {
    values.iter_mut().zip(others).for_each(|(value, &other)| *value = value.max(other));
}

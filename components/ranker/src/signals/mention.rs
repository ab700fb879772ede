//! What the caller mentioned.

use astlas_model::RepositoryGraph;

use super::greater;
use crate::{RankQuery, start::path_contains};

/// Whether it defines a mentioned name, its path contains one, or it is mentioned itself.
pub fn mention(graph: &RepositoryGraph, query: &RankQuery) -> Vec<f64> {
    let mut values = vec![0.0; graph.files.len()];
    let names = query.mentioned_names.iter().map(String::as_str).collect();
    for (value, path) in values.iter_mut().zip(graph.files.iter()) {
        *value = f64::from(u8::from(path_contains(path, &names)));
    }
    query.mentioned_files.iter().for_each(|&file| values[file as usize] = 1.0);
    for (name, text) in graph.names.iter().enumerate() {
        if names.contains(text) {
            let definers = graph.definers(name);
            let share = 1.0 / (definers.len() as f64).sqrt();
            definers.iter().for_each(|&file| greater(&mut values[file as usize..=file as usize], &[share]));
        }
    }
    values
}

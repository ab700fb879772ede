//! Names that are made of the same words.

use astlas_model::RepositoryGraph;

use super::{greater, idf};

/// Cosine between a file's words and those of a context file. A word counts once, and by its idf.
pub fn words(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    let files = graph.files.len();
    let mut length = vec![0.0; files];
    let mut common = vec![vec![0.0; files]; context.len()];
    for word in 0..graph.words.len() {
        let containers = graph.containers(word);
        let rarity = idf(files, containers.len());
        let square = rarity * rarity;
        containers.iter().for_each(|&file| length[file as usize] += square);
        for (own, common) in context.iter().zip(&mut common) {
            if containers.binary_search(own).is_ok() {
                containers.iter().for_each(|&file| common[file as usize] += square);
            }
        }
    }
    let length: Vec<f64> = length.into_iter().map(f64::sqrt).collect();
    let mut cosines = vec![0.0; files];
    for (own, mut common) in context.iter().zip(common) {
        for (common, other) in common.iter_mut().zip(&length) {
            if *common > 0.0 {
                *common /= length[*own as usize] * other;
            }
        }
        greater(&mut cosines, &common);
    }
    cosines
}

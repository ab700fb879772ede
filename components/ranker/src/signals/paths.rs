//! What paths say: words in common, a test and its subject, folders near each other.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
};

use astlas_model::{RepositoryGraph, words::words};

use super::{greater, idf};

/// Words that make a file's name that of a test.
const TEST_WORDS: &[&str] = &["test", "tests", "spec", "specs", "testing", "tester", "should"];

/// Hashing that starts from the same state on every host.
type FixedHasher = BuildHasherDefault<DefaultHasher>;

/// The paths of a graph, taken apart.
pub struct Paths<'a> {
    graph: &'a RepositoryGraph,
    /// For each file the words of its path, as numbers, ascending, each once.
    words: Vec<Vec<u32>>,
    /// For each file what its name says without words like `test`: the name of what it is about.
    subject: Vec<String>,
    /// By word: how many paths contain it.
    containers: Vec<u32>,
}

impl<'a> Paths<'a> {
    /// The paths of a graph.
    pub fn new(graph: &'a RepositoryGraph) -> Self {
        // Folders repeat from path to path.
        let mut of_part: HashMap<&str, Vec<u32>, FixedHasher> = HashMap::default();
        let mut number: HashMap<String, u32, FixedHasher> = HashMap::default();
        let mut paths = Self { graph, words: vec![], subject: vec![], containers: vec![] };
        for path in graph.files.iter() {
            let mut row = Vec::new();
            for part in path.split('/') {
                let words_of = of_part.entry(part).or_insert_with(|| {
                    let numbered = |word| {
                        let next = number.len() as u32;
                        *number.entry(word).or_insert(next)
                    };
                    words(part).into_iter().map(numbered).collect()
                });
                row.extend_from_slice(words_of);
            }
            row.sort_unstable();
            row.dedup();
            paths.containers.resize(number.len(), 0);
            row.iter().for_each(|&word| paths.containers[word as usize] += 1);
            paths.words.push(row);
            paths.subject.push(subject(path));
        }
        paths
    }

    /// Cosine between the words of a path and those of a context file's. A word counts once, and by its idf.
    pub fn path(&self, context: &[u32]) -> Vec<f64> {
        let files = self.words.len();
        let squares: Vec<f64> = self
            .containers
            .iter()
            .map(|&containers| idf(files, containers as usize))
            .map(|rarity| rarity * rarity)
            .collect();
        let square = |word: &u32| squares[*word as usize];
        let length: Vec<f64> = self.words.iter().map(|row| row.iter().map(square).sum::<f64>().sqrt()).collect();
        let mut cosines = vec![0.0; files];
        for &own in context {
            let mut is_own = vec![false; squares.len()];
            self.words[own as usize].iter().for_each(|&word| is_own[word as usize] = true);
            for (file, row) in self.words.iter().enumerate() {
                let common: f64 = row.iter().filter(|&&word| is_own[word as usize]).map(square).sum();
                if common > 0.0 {
                    let cosine = common / (length[own as usize] * length[file]);
                    greater(&mut cosines[file..=file], &[cosine]);
                }
            }
        }
        cosines
    }

    /// Whether it is a test of a context file, or the other way round, or a header and its source.
    pub fn counterpart(&self, context: &[u32]) -> Vec<f64> {
        let paths: Vec<&str> = self.graph.files.iter().collect();
        let is_counterpart = |file: usize| {
            context.iter().map(|&own| own as usize).any(|own| {
                let (marks, extensions) = (&self.graph.file_marks, (extension(paths[own]), extension(paths[file])));
                own != file
                    && !self.subject[own].is_empty()
                    && self.subject[own] == self.subject[file]
                    && (marks[own].test != marks[file].test || extensions.0 != extensions.1)
            })
        };
        (0..paths.len()).map(|file| f64::from(u8::from(is_counterpart(file)))).collect()
    }

    /// How much of the way from the top its folder shares with a context file's.
    pub fn folder(&self, context: &[u32]) -> Vec<f64> {
        let folders: Vec<Vec<&str>> = self
            .graph
            .files
            .iter()
            .map(|path| path.rsplit_once('/').map_or(vec![], |(folder, _)| folder.split('/').collect()))
            .collect();
        let near = |one: &[&str], other: &[&str]| {
            let common = one.iter().zip(other).take_while(|(one, other)| one == other).count();
            let deepest = one.len().max(other.len());
            if deepest == 0 { 1.0 } else { common as f64 / deepest as f64 }
        };
        let nearest =
            |folder: &Vec<&str>| context.iter().map(|&own| near(&folders[own as usize], folder)).fold(0.0, f64::max);
        folders.iter().map(nearest).collect()
    }
}

/// What a file's name says, without the extension and without words like `test`.
fn subject(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = words(stem);
    words.into_iter().filter(|word| !TEST_WORDS.contains(&word.as_str())).collect::<Vec<_>>().join(" ")
}

fn extension(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
}

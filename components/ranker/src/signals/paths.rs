//! What paths say: words in common, a test and its subject, folders near each other.

use std::collections::HashMap;

use astlas_model::{RepositoryGraph, words::words};
use rustc_hash::FxBuildHasher;

use super::{greater, idf};

/// Words that make a file's name that of a test.
const TEST_WORDS: &[&str] = &["test", "tests", "spec", "specs", "testing", "tester", "should"];

/// The paths of a graph, taken apart.
pub struct Paths {
    /// For each file the words of its path, as numbers, ascending, each once.
    words: Vec<Vec<u32>>,
    /// For each file the words of its name, in order, without the extension and without words like `test`: what it is
    /// about.
    subject: Vec<Vec<u32>>,
    /// By word: how many paths contain it.
    containers: Vec<u32>,
}

impl Paths {
    /// The paths of a graph.
    pub fn new(graph: &RepositoryGraph) -> Self {
        let mut known = Known::default();
        let test_words: Vec<u32> = TEST_WORDS.iter().flat_map(|word| known.words_of(word).to_vec()).collect();
        let mut paths = Self { words: vec![], subject: vec![], containers: vec![] };
        for path in graph.files.iter() {
            let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
            let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
            let mut subject = known.words_of(stem).to_vec();
            let mut row = subject.clone();
            subject.retain(|word| !test_words.contains(word));
            // Folders and extensions repeat from path to path.
            folders.split('/').chain([extension]).for_each(|part| row.extend_from_slice(known.words_of(part)));
            row.sort_unstable();
            row.dedup();
            paths.containers.resize(known.number.len(), 0);
            row.iter().for_each(|&word| paths.containers[word as usize] += 1);
            paths.words.push(row);
            paths.subject.push(subject);
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
    pub fn counterpart(&self, graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
        let paths: Vec<&str> = graph.files.iter().collect();
        let is_counterpart = |file: usize| {
            context.iter().map(|&own| own as usize).any(|own| {
                let (marks, extensions) = (&graph.file_marks, (extension(paths[own]), extension(paths[file])));
                own != file
                    && !self.subject[own].is_empty()
                    && self.subject[own] == self.subject[file]
                    && (marks[own].test != marks[file].test || extensions.0 != extensions.1)
            })
        };
        (0..paths.len()).map(|file| f64::from(u8::from(is_counterpart(file)))).collect()
    }
}

/// How much of the way from the top its folder shares with a context file's.
pub fn folder(graph: &RepositoryGraph, context: &[u32]) -> Vec<f64> {
    let folder = |path| str::rsplit_once(path, '/').map_or("", |(folder, _)| folder);
    let folders: Vec<&str> = graph.files.iter().map(folder).collect();
    let own: Vec<&str> = context.iter().map(|&own| folders[own as usize]).collect();
    let nearest = |folder: &str| own.iter().map(|own| nearness(own, folder)).fold(0.0, f64::max);
    // Files of one folder follow each other.
    let runs = folders.chunk_by(|one, next| one == next);
    runs.flat_map(|run| std::iter::repeat_n(nearest(run[0]), run.len())).collect()
}

/// Folders in common at the beginning, as a share of those of the deeper one.
fn nearness(one: &str, other: &str) -> f64 {
    let folders = |path: &str| if path.is_empty() { 0 } else { path.split('/').count() };
    let deepest = folders(one).max(folders(other));
    if deepest == 0 {
        return 1.0;
    }
    let common =
        one.split('/').zip(other.split('/')).take_while(|(one, other)| one == other && !one.is_empty()).count();
    common as f64 / deepest as f64
}

/// Words numbered as they are met, and those of each part of a path.
#[derive(Default)]
struct Known<'a> {
    number: HashMap<String, u32, FxBuildHasher>,
    of_part: HashMap<&'a str, Vec<u32>, FxBuildHasher>,
}

impl<'a> Known<'a> {
    fn words_of(&mut self, part: &'a str) -> &[u32] {
        let number = &mut self.number;
        self.of_part.entry(part).or_insert_with(|| {
            let numbered = |word| {
                let next = number.len() as u32;
                *number.entry(word).or_insert(next)
            };
            words(part).into_iter().map(numbered).collect()
        })
    }
}

fn extension(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map_or("", |(_, extension)| extension)
}

//! From names and imports to one weighted edge for each pair of files.
//!
//! A name that a file references is resolved to the files it may mean: each file that defines it is weighed by what
//! speaks for it, surest first, and what the reference weighs is shared out accordingly.

use std::ops::Range;

use astlas_model::RepositoryGraph;

use crate::{
    imports::{Imported, Imports},
    relation::ByFile,
};

/// Confidence that a name means a file: the file imports just this name from it.
const IMPORTED_BY_NAME: f64 = 1.0;
/// It imports the file.
const IMPORTED: f64 = 0.9;
/// It imports a file that imports this one: modules pass on what they are made of.
const PASSED_ON: f64 = 0.7;
/// No other file defines the name.
const ONLY: f64 = 0.7;
/// Both are in one folder, which is a package in many languages.
const SAME_FOLDER: f64 = 0.5;
/// Nothing speaks for it but the name.
const ANYWHERE: f64 = 0.15;
/// What remains where the file exports other names but not this one.
const NOT_EXPORTED: f64 = 0.5;
/// What a reference to others weighs when its own file defines the name: it is most likely its own.
const OWN: f64 = 0.1;
/// Definers from which a name alone says nothing: one of them has to be imported, or in the same folder.
const MANY: usize = 32;
/// What an import weighs by itself.
const IMPORT: f64 = 0.5;

/// What edges are made from, beside the graph's names.
pub struct Ties<'a> {
    /// For each file what it imports.
    pub imports: &'a Imports<'a>,
    /// For each file a number that is the same for all files of a folder.
    pub folder: &'a [u32],
    /// For each entry of the graph's `definition_file`: whether the file exports names, but not this one.
    pub hidden: &'a [bool],
}

/// The edges, as the graph has them.
#[derive(Default)]
pub struct Edges {
    pub source: Vec<u32>,
    pub target: Vec<u32>,
    pub weight: Vec<f64>,
    pub confidence: Vec<f64>,
}

/// The edges of a graph whose names are complete: worked out for the files that are to be done `anew`, the same as
/// `before` for the others, which have the same numbers there.
///
/// One source file at a time, its weights are summed in scratch columns with a place for every file. What is kept is
/// the distinct pairs and nothing larger, however many files define a name.
pub fn connect(graph: &RepositoryGraph, before: &RepositoryGraph, anew: &[bool], ties: &Ties<'_>) -> Edges {
    let references = ByFile::references(graph, anew);
    let mut sums = Sums::new(graph.files.len());
    let mut edges = Edges::default();
    let mut next = 0;
    for (source, _) in anew.iter().enumerate().filter(|(_, anew)| **anew) {
        edges.copy(before, next..source as u32);
        next = source as u32 + 1;
        let imported = ties.imports.of(source as u32);
        let passed_on = passed_on(imported, ties.imports);
        for &(target, share) in &imported.files {
            sums.add(target, IMPORT * share, IMPORTED * share);
        }
        for (name, count) in references.row(source) {
            refer(graph, ties, source as u32, name, count, &passed_on, &mut sums);
        }
        sums.take(|target, weight, confidence| {
            if target as usize != source {
                edges.push(source as u32, target, weight, confidence);
            }
        });
    }
    edges.copy(before, next..anew.len() as u32);
    edges
}

impl Edges {
    fn push(&mut self, source: u32, target: u32, weight: f64, confidence: f64) {
        self.source.push(source);
        self.target.push(target);
        self.weight.push(weight);
        self.confidence.push(confidence);
    }

    fn copy(&mut self, graph: &RepositoryGraph, sources: Range<u32>) {
        let start = graph.edge_source.partition_point(|&other| other < sources.start);
        let end = graph.edge_source.partition_point(|&other| other < sources.end);
        self.source.extend(&graph.edge_source[start..end]);
        self.target.extend(&graph.edge_target[start..end]);
        self.weight.extend(&graph.edge_weight[start..end]);
        self.confidence.extend(&graph.edge_confidence[start..end]);
    }
}

/// Files that the imported files import in turn, ascending. Only an import that is sure of its file passes on.
fn passed_on(imported: &Imported<'_>, imports: &Imports<'_>) -> Vec<u32> {
    let sure = |imported: &Imported<'_>| -> Vec<u32> {
        imported.files.iter().filter(|(_, share)| *share == 1.0).map(|(file, _)| *file).collect()
    };
    let mut files: Vec<u32> = sure(imported).into_iter().flat_map(|file| sure(imports.of(file))).collect();
    files.sort_unstable();
    files.dedup();
    files
}

/// Shares a file's references to one name out among the files it may mean.
fn refer(
    graph: &RepositoryGraph,
    ties: &Ties<'_>,
    source: u32,
    name: u32,
    count: u32,
    passed_on: &[u32],
    sums: &mut Sums,
) {
    let definers = graph.definers(name as usize);
    let first = (name as usize).checked_sub(1).map_or(0, |before| graph.definition_ends[before] as usize);
    let text = graph.names.get(name as usize).unwrap_or_default();
    let imported = ties.imports.of(source);
    let family = |file: u32| graph.file_family[file as usize];
    let confidence = |target: u32, hidden: bool| {
        let sure = if imported.takes(target, text) {
            IMPORTED_BY_NAME
        } else if imported.share(target).is_some() {
            IMPORTED
        } else if definers.len() == 1 {
            ONLY
        } else if passed_on.binary_search(&target).is_ok() {
            PASSED_ON
        } else if ties.folder[source as usize] == ties.folder[target as usize] {
            SAME_FOLDER
        } else {
            ANYWHERE
        };
        if hidden { sure * NOT_EXPORTED } else { sure }
    };
    let candidates = || {
        definers.iter().zip(&ties.hidden[first..]).filter_map(|(&target, &hidden)| {
            let sure = confidence(target, hidden);
            let counts =
                target != source && family(target) == family(source) && (definers.len() <= MANY || sure > ANYWHERE);
            counts.then_some((target, sure))
        })
    };
    let total: f64 = candidates().map(|(_, sure)| sure).sum();
    if total == 0.0 {
        return;
    }
    let own = if definers.binary_search(&source).is_ok() { OWN } else { 1.0 };
    let rarity = 1.0 / (1.0 + libm::log(definers.len() as f64));
    for (target, sure) in candidates() {
        let share = sure / total;
        sums.add(target, own * f64::from(count).sqrt() * rarity * sure * share, own * sure * share);
    }
}

/// What one source makes of each target.
struct Sums {
    weight: Vec<f64>,
    confidence: Vec<f64>,
    met: Vec<u32>,
}

impl Sums {
    fn new(files: usize) -> Self {
        Self { weight: vec![0.0; files], confidence: vec![0.0; files], met: Vec::new() }
    }

    fn add(&mut self, target: u32, weight: f64, confidence: f64) {
        let at = target as usize;
        if self.weight[at] == 0.0 {
            self.met.push(target);
        }
        self.weight[at] += weight;
        self.confidence[at] = self.confidence[at].max(confidence);
    }

    /// Gives out what was added, in order of target, and begins anew.
    fn take(&mut self, mut give: impl FnMut(u32, f64, f64)) {
        self.met.sort_unstable();
        for target in self.met.drain(..) {
            let at = target as usize;
            give(target, std::mem::take(&mut self.weight[at]), std::mem::take(&mut self.confidence[at]));
        }
    }
}

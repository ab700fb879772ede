//! Cases and ranks as `tests/networkx/reference.py` reads and writes them.

use std::collections::BTreeMap;

use astlas_graph::FileNames;
use astlas_model::RepositoryGraph;
use astlas_ranker::{Profile, RankQuery, rank};
use serde::Deserialize;

/// A repository and what is asked of it.
#[derive(Deserialize)]
pub struct Case {
    pub files: Vec<File>,
    #[serde(default)]
    pub query: Asked,
}

/// One file: an entry for each definition and each reference.
#[derive(Deserialize)]
pub struct File {
    pub path: String,
    pub definitions: Vec<String>,
    pub references: Vec<String>,
}

/// The query, by path and name.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    pub context: Vec<String>,
    pub mentioned_files: Vec<String>,
    pub mentioned_names: Vec<String>,
}

/// Scores by path, and by path and name.
#[derive(Deserialize)]
pub struct Reference {
    files: Vec<(String, f64)>,
    definitions: Vec<(String, String, f64)>,
}

impl Case {
    pub fn graph(&self) -> RepositoryGraph {
        let files = self.files.iter().map(|file| FileNames {
            names: file.definitions.iter().chain(&file.references).collect(),
            definitions: (0..file.definitions.len() as u32).collect(),
            references: (file.definitions.len() as u32..).take(file.references.len()).collect(),
            ..FileNames::default()
        });
        let paths = self.files.iter().map(|file| &file.path).collect();
        astlas_graph::build(&paths, &files.collect::<Vec<_>>()).expect("sound columns").graph
    }

    pub fn query(&self, graph: &RepositoryGraph) -> RankQuery {
        let index =
            |path: &String| graph.files.iter().position(|file| file == path).expect("a file of the case") as u32;
        RankQuery {
            profile: Profile::Classic,
            context: self.query.context.iter().map(index).collect(),
            mentioned_files: self.query.mentioned_files.iter().map(index).collect(),
            mentioned_names: self.query.mentioned_names.clone(),
            ..RankQuery::default()
        }
    }

    /// The greatest difference between the ranks and the reference, over all files and definitions.
    pub fn difference(&self, reference: &Reference) -> f64 {
        let graph = self.graph();
        let ranks = rank(&graph, &self.query(&graph)).expect("a sound graph");
        let path = |file: usize| graph.files.get(file).expect("a file");
        let name = |name: u32| graph.names.get(name as usize).expect("a name");
        let files: BTreeMap<_, _> =
            ranks.files.iter().enumerate().map(|(file, score)| ((path(file), ""), *score)).collect();
        let pairs = ranks.definition_file.iter().zip(&ranks.definition_name).zip(&ranks.definition_score);
        let definitions = pairs.map(|((&file, &index), score)| ((path(file as usize), name(index)), *score)).collect();

        let expected = reference.files.iter().map(|(path, score)| ((path.as_str(), ""), *score)).collect();
        let of_files = greatest(&files, &expected);
        let expected =
            reference.definitions.iter().map(|(path, name, score)| ((path.as_str(), name.as_str()), *score)).collect();
        of_files.max(greatest(&definitions, &expected))
    }
}

/// The greatest difference between scores of the same things.
fn greatest(ours: &BTreeMap<(&str, &str), f64>, theirs: &BTreeMap<(&str, &str), f64>) -> f64 {
    assert!(ours.keys().eq(theirs.keys()), "not the same files and definitions");
    ours.values().zip(theirs.values()).map(|(one, other)| (one - other).abs()).fold(0.0, f64::max)
}

/// Cases and their reference, each one JSON value a line.
pub fn read(cases: &str, reference: &str) -> Vec<(Case, Reference)> {
    assert_eq!(cases.lines().count(), reference.lines().count(), "not one line of ranks for each case");
    let pairs = cases.lines().zip(reference.lines());
    pairs.map(|(case, ranks)| (json(case), json(ranks))).collect()
}

fn json<'a, T: Deserialize<'a>>(line: &'a str) -> T {
    serde_json::from_str(line).expect("a line as reference.py describes it")
}

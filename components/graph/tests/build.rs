//! Building: against a model that is slow and plain, in any order of files, and from columns that do not fit.

#![expect(clippy::expect_used, reason = "a test may end there")]

use std::collections::{BTreeMap, BTreeSet};

use astlas_graph::{FileNames, GraphError, build};
use astlas_model::{Built, RepositoryGraph, Strings};
use proptest::prelude::*;

/// A file as it is easiest to read: path, names defined, names referenced.
type Source = (String, Vec<String>, Vec<String>);

fn source(path: &str, definitions: &[&str], references: &[&str]) -> Source {
    let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    (path.into(), owned(definitions), owned(references))
}

/// Each use of a name gets an entry of its own, so repeats and their merging are tested on the way.
fn columns(sources: &[Source]) -> (Strings, Vec<FileNames>) {
    let files = sources.iter().map(|(_, definitions, references)| FileNames {
        names: definitions.iter().chain(references).collect(),
        definitions: (0..definitions.len() as u32).collect(),
        references: (definitions.len() as u32..).take(references.len()).collect(),
        ..FileNames::default()
    });
    (sources.iter().map(|(path, ..)| path).collect(), files.collect())
}

fn built(sources: &[Source]) -> RepositoryGraph {
    let (paths, files) = columns(sources);
    let graph = build(&paths, &files).expect("sound columns").graph;
    assert_eq!(graph.fault(), None);
    graph
}

#[test]
fn a_file_points_to_those_that_define_what_it_references() {
    let graph = built(&[
        source("b.py", &["run", "stop"], &["run", "run", "print"]),
        source("c.py", &[], &["run", "run", "run", "run", "stop", "print"]),
        source("a.py", &["run"], &[]),
        source("notes.txt", &[], &[]),
    ]);
    assert_eq!(graph.files.iter().collect::<Vec<_>>(), ["a.py", "b.py", "c.py", "notes.txt"]);
    assert_eq!(graph.names.iter().collect::<Vec<_>>(), ["run", "stop"]);
    assert_eq!((graph.definers(0), graph.definers(1)), (&[0, 1][..], &[1][..]));
    assert_eq!(graph.referencers(0).collect::<Vec<_>>(), [(1, 2), (2, 4)]);
    assert_eq!(graph.referencers(1).collect::<Vec<_>>(), [(2, 1)]);
    assert_eq!(graph.unresolved_references, 2);
    // `run` is defined by two files of one folder. b most likely means its own; c means either alike. `stop` is defined
    // by b alone.
    let rarity = 1.0 / (1.0 + 2f64.ln());
    let expected = [
        (1, 0, 0.1 * 2f64.sqrt() * rarity * 0.5, 0.1 * 0.5),
        (2, 0, 2.0 * rarity * 0.5 * 0.5, 0.5 * 0.5),
        (2, 1, 2.0 * rarity * 0.5 * 0.5 + 0.7, 0.7),
    ];
    let edges: Vec<_> = graph.edges().zip(&graph.edge_confidence).collect();
    assert_eq!(edges.len(), expected.len());
    for (((source, target, weight), confidence), expected) in edges.into_iter().zip(expected) {
        assert_eq!((source, target), (expected.0, expected.1));
        assert!(
            (weight - expected.2).abs() < 1e-12 && (confidence - expected.3).abs() < 1e-12,
            "{weight} {confidence}"
        );
    }
}

#[test]
fn no_files_make_an_empty_graph() {
    assert_eq!(build(&Strings::default(), &[]), Ok(Built::default()));
}

#[test]
fn columns_that_do_not_fit_are_an_error() {
    let sound =
        FileNames { names: ["a"].iter().collect(), definitions: vec![0], references: vec![0], ..FileNames::default() };
    let paths = |paths: &[&str]| paths.iter().collect::<Strings>();
    let corrupt = |fault: &str| Err(GraphError::Corrupt(fault.into()));

    let result = build(&paths(&["x", "y"]), std::slice::from_ref(&sound));
    assert_eq!(result, corrupt("paths: 2, but names of 1 files"));
    let result = build(&Strings { text: "x".into(), ends: vec![2] }, std::slice::from_ref(&sound));
    assert_eq!(result, corrupt("paths: ends do not fit the text"));
    let result = build(&paths(&["x", "x"]), &[sound.clone(), sound.clone()]);
    assert_eq!(result, Err(GraphError::DuplicatePath("x".into())));

    type Spoil = fn(&mut FileNames);
    let spoilt: [(&str, Spoil); 6] = [
        ("names of y: ends do not fit the text", |file| file.names.ends[0] = 2),
        ("definitions of y: not one of its names", |file| file.definitions[0] = 1),
        ("references of y: not one of its names", |file| file.references.push(u32::MAX)),
        ("exports of y: not one of its names", |file| file.exports.push(1)),
        ("imports of y: ends do not fit the text", |file| file.import_path.ends.push(1)),
        ("imports of y: not one name for each module", |file| file.import_path.push("os")),
    ];
    for (fault, spoil) in spoilt {
        let mut file = sound.clone();
        spoil(&mut file);
        assert_eq!(build(&paths(&["x", "y"]), &[sound.clone(), file]), corrupt(fault));
    }
}

/// Repositories in which names are shared a lot, some only referenced, some only defined.
fn repositories() -> impl Strategy<Value = Vec<Source>> {
    let names = || prop::collection::vec("[a-eå]{1,2}", 0..12);
    let files = prop::collection::btree_map("[a-d/.]{1,4}", (names(), names()), 0..9);
    files
        .prop_map(|files| files.into_iter().map(|(path, (defined, used))| (path, defined, used)).collect::<Vec<_>>())
        .prop_shuffle()
}

proptest! {
    #[test]
    fn equals_the_plain_model(sources in repositories()) {
        let graph = built(&sources);
        let expected = Plain::of(&sources);
        prop_assert_eq!(graph.files.iter().map(String::from).collect::<Vec<_>>(), expected.files);
        prop_assert_eq!(graph.names.iter().map(String::from).collect::<Vec<_>>(), expected.names);
        prop_assert_eq!(graph.unresolved_references, expected.unresolved);
        let path = |file: u32| graph.files.get(file as usize).expect("a file").to_string();
        let mut edges = BTreeMap::new();
        for (index, name) in graph.names.iter().enumerate() {
            let definers: BTreeSet<_> = graph.definers(index).iter().map(|&file| path(file)).collect();
            prop_assert_eq!(&definers, &expected.definers[name]);
            let counts: BTreeMap<_, _> = graph.referencers(index).map(|(file, count)| (path(file), count)).collect();
            prop_assert_eq!(counts, expected.referencers.get(name).cloned().unwrap_or_default());
        }
        for (source, target, weight) in graph.edges() {
            edges.insert((path(source), path(target)), weight);
        }
        prop_assert!(edges.keys().eq(expected.edges.keys()), "{:?} {:?}", edges, expected.edges);
        for (weight, expected) in edges.values().zip(expected.edges.values()) {
            prop_assert!((weight - expected).abs() < 1e-12, "{} {}", weight, expected);
        }
    }

    #[test]
    fn does_not_depend_on_the_order_of_files(sources in repositories(), other in any::<prop::sample::Index>()) {
        let graph = built(&sources);
        let mut turned = sources.clone();
        turned.rotate_left(other.index(sources.len().max(1)).min(sources.len()));
        prop_assert_eq!(&built(&turned), &graph);
        turned.reverse();
        prop_assert_eq!(&built(&turned), &graph);
        for (_, definitions, references) in &mut turned {
            definitions.reverse();
            references.reverse();
        }
        prop_assert_eq!(&built(&turned), &graph);
    }
}

/// The graph as its definition reads, by name and path.
struct Plain {
    files: Vec<String>,
    names: Vec<String>,
    definers: BTreeMap<String, BTreeSet<String>>,
    referencers: BTreeMap<String, BTreeMap<String, u32>>,
    unresolved: u64,
    edges: BTreeMap<(String, String), f64>,
}

impl Plain {
    fn of(sources: &[Source]) -> Self {
        let mut definers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (path, definitions, _) in sources {
            for name in definitions {
                definers.entry(name.clone()).or_default().insert(path.clone());
            }
        }
        let mut referencers: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        let mut unresolved = 0;
        for (path, _, references) in sources {
            for name in references {
                match definers.contains_key(name) {
                    true => *referencers.entry(name.clone()).or_default().entry(path.clone()).or_default() += 1,
                    false => unresolved += 1,
                }
            }
        }
        let mut edges = BTreeMap::new();
        for (name, counts) in &referencers {
            for (source, &count) in counts {
                let all = definers[name].len() as f64;
                let folder = |path: &String| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                let sure = |target: &String| match (all as usize, folder(target) == folder(source)) {
                    (1, _) => 0.7,
                    (_, true) => 0.5,
                    (_, false) => 0.15,
                };
                let own = if definers[name].contains(source) { 0.1 } else { 1.0 };
                let targets = || definers[name].iter().filter(|target| *target != source);
                let total: f64 = targets().map(sure).sum();
                for target in targets() {
                    let share = sure(target) / total;
                    let weight = own * f64::from(count).sqrt() / (1.0 + all.ln()) * sure(target) * share;
                    *edges.entry((source.clone(), target.clone())).or_default() += weight;
                }
            }
        }
        let files: BTreeSet<_> = sources.iter().map(|(path, ..)| path.clone()).collect();
        let names = definers.keys().cloned().collect();
        Self { files: files.into_iter().collect(), names, definers, referencers, unresolved, edges }
    }
}

//! Ranks that go on from earlier ones: the same as ranks from scratch, in fewer rounds.

#![expect(clippy::expect_used, reason = "a test may end there")]

use astlas_model::{RepositoryGraph, Strings};
use astlas_ranker::{Profile, RankError, RankQuery, Ranks, Strategy, rank};
use proptest::prelude::*;

/// How far ranks that go on may be from those that begin anew.
const CLOSE: f64 = 1e-9;

/// A graph in which file `i` defines name `i` and references others; edges to their files weigh as often.
fn graph(files: usize, references: &[(usize, usize, u32)]) -> RepositoryGraph {
    let names: Strings = (0..files).map(|file| format!("name{file:04}")).collect();
    let mut rows = vec![std::collections::BTreeMap::new(); files];
    let mut edges = std::collections::BTreeMap::new();
    for &(source, target, count) in references {
        let (source, target) = ((source % files) as u32, (target % files) as u32);
        if source != target {
            rows[target as usize].insert(source, count);
            edges.insert((source, target), f64::from(count));
        }
    }
    let mut graph = RepositoryGraph {
        files: (0..files).map(|file| format!("{file:04}.py")).collect(),
        file_family: vec![0; files],
        families: ["python"].iter().collect(),
        file_lines: vec![1; files],
        file_marks: vec![Default::default(); files],
        names,
        definition_ends: (1..=files as u32).collect(),
        definition_file: (0..files as u32).collect(),
        edge_source: edges.keys().map(|(source, _)| *source).collect(),
        edge_target: edges.keys().map(|(_, target)| *target).collect(),
        edge_weight: edges.values().copied().collect(),
        edge_confidence: vec![1.0; edges.len()],
        ..RepositoryGraph::default()
    };
    for row in rows {
        graph.reference_file.extend(row.keys());
        graph.reference_count.extend(row.values());
        graph.reference_ends.push(graph.reference_file.len() as u32);
    }
    assert_eq!(graph.fault(), None);
    graph
}

fn ranked(graph: &RepositoryGraph, query: &RankQuery) -> Ranks {
    rank(graph, query).expect("a sound graph")
}

/// The greatest difference between the scores of two rankings.
fn apart(one: &Ranks, other: &Ranks) -> f64 {
    let pairs = |ranks: &Ranks| {
        let keys = ranks.definition_file.iter().zip(&ranks.definition_name);
        let mut scores: Vec<_> =
            keys.zip(&ranks.definition_score).map(|(key, &score)| (*key.0, *key.1, score)).collect();
        scores.sort_by_key(|&(file, name, _)| (file, name));
        scores
    };
    let (one_definitions, other_definitions) = (pairs(one), pairs(other));
    assert_eq!(one_definitions.len(), other_definitions.len());
    let definitions = one_definitions.iter().zip(&other_definitions).map(|(one, other)| (one.2 - other.2).abs());
    let files = one.files.iter().zip(&other.files).map(|(one, other)| (one - other).abs());
    files.chain(definitions).fold(0.0, f64::max)
}

fn queries() -> Vec<RankQuery> {
    let query = |profile, context: &[u32]| RankQuery { profile, context: context.into(), ..RankQuery::default() };
    [Profile::Default, Profile::Classic].into_iter().flat_map(|p| [query(p, &[]), query(p, &[0])]).collect()
}

#[test]
fn ranks_that_are_known_take_hardly_a_round() {
    let references: Vec<_> = (0..400).map(|at| (at * 7 % 61, at * at % 61, 1 + at as u32 % 5)).collect();
    let graph = graph(61, &references);
    for query in queries() {
        let first = ranked(&graph, &query);
        assert_eq!(first.settled.len(), if first.iterations == 0 { 0 } else { 61 });
        let again = ranked(&graph, &RankQuery { before: first.settled.clone(), ..query.clone() });
        assert!(again.iterations <= 2 && apart(&first, &again) < CLOSE, "{query:?}: {} rounds", again.iterations);
        if query.context.is_empty() {
            assert!(first.iterations > 10, "{query:?}: {} rounds", first.iterations);
        }
    }
}

#[test]
fn what_no_ranks_can_be_is_an_error() {
    let graph = graph(3, &[(0, 1, 1)]);
    let corrupt = |fault: &str| Err(RankError::Corrupt(fault.into()));
    for (before, fault) in [
        (vec![0.5; 2], "before: not one for each file"),
        (vec![0.5, f64::NAN, 0.5], "before: not from 0 to 1"),
        (vec![0.5, -0.5, 0.5], "before: not from 0 to 1"),
    ] {
        assert_eq!(rank(&graph, &RankQuery { before, ..RankQuery::default() }), corrupt(fault));
    }
    let query = |before| RankQuery { before, strategy: Strategy::Degree, ..RankQuery::default() };
    assert_eq!(ranked(&graph, &query(vec![0.2; 3])), ranked(&graph, &query(vec![])), "a degree is no walk");
}

proptest! {
    #[test]
    fn wherever_they_go_on_from_ranks_are_the_same(
        files in 1usize..30,
        references in prop::collection::vec((0usize..30, 0usize..30, 1u32..9), 0..90),
        before in prop::collection::vec(0.0..=1.0, 30),
    ) {
        let graph = graph(files, &references);
        for query in queries() {
            let anew = ranked(&graph, &query);
            let on = ranked(&graph, &RankQuery { before: before[..files].to_vec(), ..query });
            prop_assert!(apart(&anew, &on) < CLOSE, "{} apart", apart(&anew, &on));
        }
    }
}

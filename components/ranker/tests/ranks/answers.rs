//! What every answer keeps to, whatever the numbers are.

use astlas_model::RepositoryGraph;
use astlas_ranker::{Profile, RankError, RankQuery, Ranks, Strategy, rank};

use crate::{CASES, RANKS, cases};

/// `c.py` uses `run` of `a.py` and `b.py` and `stop` of `b.py`, which also uses its own `run`; nobody uses `wait`.
fn graph() -> RepositoryGraph {
    let case = r#"{"files": [
        {"path": "a.py", "definitions": ["run", "wait"], "references": []},
        {"path": "b.py", "definitions": ["run", "stop"], "references": ["run"]},
        {"path": "c.py", "definitions": [], "references": ["run", "run", "run", "run", "stop"]},
        {"path": "d.py", "definitions": [], "references": ["print"]}
    ]}"#;
    serde_json::from_str::<cases::Case>(case).expect("a case").graph()
}

fn definitions(ranks: &Ranks) -> Vec<(u32, u32, f64)> {
    let places = ranks.definition_file.iter().copied().zip(ranks.definition_name.iter().copied());
    places.zip(&ranks.definition_score).map(|((file, name), &score)| (file, name, score)).collect()
}

#[test]
fn ranks_sum_to_one_or_are_all_zero() {
    for (case, _) in cases::read(CASES, RANKS) {
        let graph = case.graph();
        let ranks = rank(&graph, &case.query(&graph)).expect("a sound graph");
        let sum: f64 = ranks.files.iter().sum();
        let expected = if graph.names.is_empty() { 0.0 } else { 1.0 };
        assert!((sum - expected).abs() < 1e-12, "{sum}");
        assert_eq!(ranks.definition_file.len(), graph.definition_file.len());
        // Twenty rounds fewer than the bound: that is reached by no input, only by a mistake.
        assert!(ranks.iterations < 180, "{}", ranks.iterations);
    }
}

#[test]
fn a_limit_keeps_the_best_definitions() {
    for (case, _) in cases::read(CASES, RANKS) {
        let graph = case.graph();
        let mut query = case.query(&graph);
        let all = definitions(&rank(&graph, &query).expect("a sound graph"));
        let in_order = |one: &(u32, u32, f64), next: &(u32, u32, f64)| {
            one.2 > next.2 || one.2 == next.2 && (one.0, one.1) < (next.0, next.1)
        };
        assert!(all.is_sorted_by(in_order), "{all:?}");
        for limit in 1..=all.len() + 1 {
            query.definition_limit = limit as u32;
            let best = definitions(&rank(&graph, &query).expect("a sound graph"));
            assert_eq!(best, all[..limit.min(all.len())]);
        }
    }
}

#[test]
fn repeats_in_the_query_count_once() {
    for (case, _) in cases::read(CASES, RANKS) {
        let graph = case.graph();
        let query = case.query(&graph);
        let mut repeated = query.clone();
        repeated.context.extend_from_within(..);
        repeated.mentioned_files.extend_from_within(..);
        repeated.mentioned_names.extend_from_within(..);
        repeated.mentioned_names.reverse();
        repeated.mentioned_names.push("known to nobody".into());
        assert_eq!(rank(&graph, &repeated), rank(&graph, &query));
    }
}

#[test]
fn classic_ranks_do_not_read_edges_and_words() {
    for (case, _) in cases::read(CASES, RANKS) {
        let graph = case.graph();
        let mut query = case.query(&graph);
        let mut without = graph.clone();
        (without.edge_source, without.edge_target, without.edge_weight) = Default::default();
        (without.edge_confidence, without.words, without.word_ends, without.word_file) = Default::default();
        query.profile = Profile::Classic;
        assert_eq!(rank(&without, &query), rank(&graph, &query));
    }
}

#[test]
fn a_degree_is_the_sum_of_the_edges() {
    for (case, _) in cases::read(CASES, RANKS) {
        let graph = case.graph();
        let ranks =
            rank(&graph, &RankQuery { strategy: Strategy::Degree, ..RankQuery::default() }).expect("a sound graph");
        let mut degrees = vec![0.0; graph.files.len()];
        for (source, target, weight) in graph.edges() {
            degrees[source as usize] += weight;
            degrees[target as usize] += weight;
        }
        for (one, other) in ranks.files.iter().zip(&degrees) {
            assert!((one - other).abs() < 1e-12 && (*other > 0.0 || *one == 0.0), "{one} {other}");
        }
    }
}

#[test]
fn degree_is_shared_out_to_definitions() {
    let query = RankQuery { strategy: Strategy::Degree, context: vec![2], ..RankQuery::default() };
    let ranks = rank(&graph(), &query).expect("a sound graph");
    let sums: Vec<f64> = (0..2)
        .map(|file| definitions(&ranks).iter().filter(|(of, ..)| *of == file).map(|(.., score)| score).sum())
        .collect();
    assert!(ranks.files.iter().zip(&sums).all(|(score, sum)| (score - sum).abs() < 1e-12), "{sums:?}");
    // Names: run 0, stop 1, wait 2. In a, `run` has √4/2 + √1/2 and `wait` nothing but its name.
    let of =
        |file, name| definitions(&ranks).iter().find(|found| (found.0, found.1) == (file, name)).map(|found| found.2);
    assert_eq!(of(0, 2).zip(of(0, 0)).map(|(wait, run)| ((wait / run) * 16.0).round()), Some(1.0));
    assert_eq!(ranks.iterations, 0);
}

#[test]
fn betweenness_is_shared_out_to_definitions() {
    // d → c → a and d → c → b: only `c.py` is between others, on two of the six ways over it that there could be.
    let case = r#"{"files": [
        {"path": "a.py", "definitions": ["run"], "references": []},
        {"path": "b.py", "definitions": ["stop"], "references": []},
        {"path": "c.py", "definitions": ["main", "spare", "twice"], "references": ["run", "stop"]},
        {"path": "d.py", "definitions": [], "references": ["main", "twice", "twice", "twice", "twice"]}
    ]}"#;
    let graph = serde_json::from_str::<cases::Case>(case).expect("a case").graph();
    let query = RankQuery { strategy: Strategy::Betweenness, context: vec![2], ..RankQuery::default() };
    let ranks = rank(&graph, &query).expect("a sound graph");
    let third = 1.0 / 3.0;
    assert_eq!((ranks.files.as_slice(), ranks.iterations), (&[0.0, 0.0, third, 0.0][..], 0));
    // Names: main 0, run 1, spare 2, stop 3, twice 4. √4 of `twice` beside √1 of `main`.
    let order: Vec<_> = definitions(&ranks).into_iter().map(|(file, name, _)| (file, name)).collect();
    assert_eq!(order, [(2, 4), (2, 0), (2, 2), (0, 1), (1, 3)]);
    let without = RepositoryGraph {
        edge_source: vec![],
        edge_target: vec![],
        edge_weight: vec![],
        edge_confidence: vec![],
        ..graph
    };
    assert_eq!(rank(&without, &query).expect("a sound graph").files, [0.0; 4]);
}

#[test]
fn without_files_there_is_nothing_to_rank() {
    for strategy in [Strategy::Pagerank, Strategy::Degree, Strategy::Betweenness] {
        let ranks =
            rank(&RepositoryGraph::default(), &RankQuery { strategy, ..RankQuery::default() }).expect("a sound graph");
        assert!(ranks.files.is_empty() && ranks.definition_file.is_empty());
    }
}

#[test]
fn unknown_files_and_broken_graphs_are_errors() {
    let context = RankQuery { context: vec![0, 4], ..RankQuery::default() };
    assert_eq!(rank(&graph(), &context), Err(RankError::UnknownFile(4)));
    let mentioned = RankQuery { mentioned_files: vec![u32::MAX], ..RankQuery::default() };
    assert_eq!(rank(&graph(), &mentioned), Err(RankError::UnknownFile(u32::MAX)));
    let mut broken = graph();
    broken.definition_ends[1] = 99;
    let fault = "definition-ends: do not fit definition-file";
    assert_eq!(rank(&broken, &RankQuery::default()), Err(RankError::Corrupt(fault.into())));
}

#[test]
fn what_a_query_does_not_read_changes_nothing() {
    let graph = graph();
    let mentioned = RankQuery { mentioned_names: vec!["stop".into()], ..RankQuery::default() };
    let with_context = RankQuery { context: vec![0], ..RankQuery::default() };
    for query in [RankQuery::default(), mentioned, with_context] {
        for profile in [Profile::Default, Profile::Classic] {
            for strategy in [Strategy::Pagerank, Strategy::Degree, Strategy::Betweenness] {
                let query = RankQuery { profile, strategy, ..query.clone() };
                let all = rank(&graph, &query).expect("a sound graph");
                assert_eq!(rank(&graph.with_only(query.reads()), &query).as_ref(), Ok(&all), "{query:?}");
                let query = RankQuery { files_only: true, ..query };
                let files = rank(&graph.with_only(query.reads()), &query).expect("a sound graph");
                assert_eq!(definitions(&files), [], "{query:?}");
                assert_eq!(files.files, all.files, "{query:?}");
            }
        }
    }
}

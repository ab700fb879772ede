//! Cycles: on graphs small enough to draw, on very deep ones, and against a plain search on random ones.

#![expect(clippy::expect_used, reason = "a test may end there")]

mod network;

use std::cmp::Reverse;

use astlas_graph::{GraphError, find_cycles};
use astlas_model::RepositoryGraph;
use network::network;
use proptest::prelude::*;

/// Files and shortest cycle of each.
fn found(graph: &RepositoryGraph) -> Vec<(Vec<u32>, Vec<u32>)> {
    let cycles = find_cycles(graph).expect("a sound graph");
    cycles.iter().map(|(files, shortest)| (files.to_vec(), shortest.to_vec())).collect()
}

fn edges(pairs: &[(u32, u32)]) -> Vec<(u32, u32, f64)> {
    pairs.iter().map(|&(source, target)| (source, target, 1.0)).collect()
}

#[test]
fn largest_first_each_with_a_shortest_cycle() {
    // 0 ⇄ 6; 1 → 2 → 3 → 4 → 1 with 3 → 5 → 2; 7 → 8 only.
    let pairs = [(0, 6), (6, 0), (1, 2), (2, 3), (3, 4), (4, 1), (3, 5), (5, 2), (7, 8), (4, 7), (0, 1)];
    let graph = network(9, &edges(&pairs));
    assert_eq!(found(&graph), [(vec![1, 2, 3, 4, 5], vec![2, 3, 5]), (vec![0, 6], vec![0, 6])]);
    let cycles = find_cycles(&graph).expect("a sound graph");
    assert_eq!((cycles.file_ends, cycles.shortest_ends), (vec![5, 7], vec![3, 5]));
}

#[test]
fn of_pairs_the_one_that_is_tied_most() {
    // The weaker edge counts; of equals the first pair.
    let pairs = [(0, 1, 9.0), (1, 0, 1.0), (1, 2, 2.0), (2, 1, 3.0), (2, 3, 2.0), (3, 2, 2.0), (3, 0, 5.0)];
    assert_eq!(found(&network(4, &pairs)), [(vec![0, 1, 2, 3], vec![1, 2])]);
}

#[test]
fn without_cycles_there_are_none() {
    for graph in [network(0, &[]), network(1, &[]), network(3, &[]), network(3, &edges(&[(0, 1), (0, 2), (1, 2)]))] {
        assert_eq!(found(&graph), []);
    }
}

#[test]
fn a_chain_and_a_ring_of_100_000_files() {
    let count = 100_000_u32;
    let chain: Vec<_> = (1..count).map(|file| (file, file - 1)).collect();
    assert_eq!(found(&network(count, &edges(&chain))), []);
    let ring: Vec<_> = (0..count).map(|file| (file, (file + 1) % count)).collect();
    let all: Vec<u32> = (0..count).collect();
    assert_eq!(found(&network(count, &edges(&ring))), [(all.clone(), all)]);
}

#[test]
fn everything_in_one_cycle() {
    let files = 300;
    let pairs = (0..files).flat_map(|one| (0..files).map(move |other| (one, other)));
    let pairs: Vec<_> = pairs.filter(|(one, other)| one != other).collect();
    assert_eq!(found(&network(files, &edges(&pairs))), [((0..files).collect(), vec![0, 1])]);
}

#[test]
fn broken_graphs_are_errors() {
    let mut graph = network(3, &edges(&[(0, 1), (1, 0)]));
    graph.edge_target.pop();
    assert_eq!(find_cycles(&graph), Err(GraphError::Corrupt("edge-target: not one for each edge-source".into())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn equals_the_plain_search(pairs in prop::collection::vec((0u32..10, 0u32..10), 0..24)) {
        let pairs: Vec<_> = pairs.into_iter().filter(|(one, other)| one != other).collect();
        let found = found(&network(10, &edges(&pairs)));
        let length = lengths(&pairs);
        // A file is in a part with those that it reaches and that reach it.
        let mut parts: Vec<Vec<u32>> = (0..10)
            .map(|one| {
                let reach = |&other: &usize| length[one][other].is_some() && length[other][one].is_some();
                (0..10).filter(|other| one == *other || reach(other)).map(|file| file as u32).collect::<Vec<_>>()
            })
            .filter(|part| part.len() > 1)
            .collect();
        parts.sort_by_key(|part| (Reverse(part.len()), part[0]));
        parts.dedup();
        prop_assert_eq!(found.iter().map(|(files, _)| files.clone()).collect::<Vec<_>>(), parts);
        for (files, shortest) in found {
            let least = files.iter().filter_map(|&file| length[file as usize][file as usize]).min();
            prop_assert_eq!(Some(shortest.len()), least);
            prop_assert_eq!(shortest.iter().min(), shortest.first());
            for at in 0..shortest.len() {
                prop_assert!(pairs.contains(&(shortest[at], shortest[(at + 1) % shortest.len()])));
            }
        }
    }
}

/// Edges on the shortest way from each file to each one, itself included; by adding one edge at a time.
fn lengths(pairs: &[(u32, u32)]) -> [[Option<usize>; 10]; 10] {
    let mut length = [[None; 10]; 10];
    for steps in 1..=10 {
        let before = length;
        for (start, row) in length.iter_mut().enumerate() {
            for &(one, other) in pairs {
                let is_next = if steps == 1 { start == one as usize } else { before[start][one as usize].is_some() };
                if is_next && row[other as usize].is_none() {
                    row[other as usize] = Some(steps);
                }
            }
        }
    }
    length
}

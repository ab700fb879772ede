//! Communities: on graphs whose communities are plain to see, and what holds for all on random ones.

#![expect(clippy::expect_used, reason = "a test may end there")]

mod network;

use std::collections::BTreeMap;

use astlas_graph::{Communities, GraphError, find_communities};
use astlas_model::RepositoryGraph;
use network::network;
use proptest::prelude::*;

fn found(graph: &RepositoryGraph) -> Communities {
    find_communities(graph).expect("a sound graph")
}

/// Every one of these files with every other one, in one direction.
fn clique(files: std::ops::Range<u32>) -> impl Iterator<Item = (u32, u32, f64)> {
    files.clone().flat_map(move |one| (one + 1..files.end).map(move |other| (one, other, 1.0)))
}

#[test]
fn cliques_in_a_row_are_communities() {
    // 4, 5 and 6 files, each tied to the next by one edge; and a file apart.
    let edges: Vec<_> =
        clique(0..4).chain(clique(4..9)).chain(clique(9..15)).chain([(3, 4, 1.0), (9, 8, 1.0)]).collect();
    let communities = found(&network(16, &edges));
    assert_eq!(communities.community, [2, 2, 2, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 3]);
    // Of 33 edges 6, 10 and 15 are inside, and 13, 22 and 31 ends of them.
    let expected = [(6.0, 13.0), (10.0, 22.0), (15.0, 31.0)]
        .map(|(inside, ends): (f64, f64)| inside / 33.0 - (ends / 66.0).powi(2));
    assert!((communities.modularity - expected.iter().sum::<f64>()).abs() < 1e-12, "{}", communities.modularity);
}

#[test]
fn weights_and_both_directions_count() {
    // A square; its strong sides are 0 - 1, one edge, and 2 - 3, two of half the weight.
    let edges = [(0, 1, 4.0), (1, 2, 1.0), (2, 3, 2.0), (3, 0, 1.0), (3, 2, 2.0)];
    assert_eq!(found(&network(4, &edges)).community, [0, 0, 1, 1]);
}

#[test]
fn the_unit_of_weight_does_not_count() {
    let edges: Vec<_> = clique(0..4).chain(clique(4..9)).chain([(3, 4, 1.0)]).collect();
    let expected = found(&network(9, &edges));
    for unit in [1e-100, 1e-3, 1e9, 1e100] {
        let scaled: Vec<_> = edges.iter().map(|&(source, target, weight)| (source, target, weight * unit)).collect();
        let found = found(&network(9, &scaled));
        assert_eq!(found.community, expected.community, "{unit}");
        assert!((found.modularity - expected.modularity).abs() < 1e-12, "{unit}: {}", found.modularity);
    }
}

#[test]
fn without_edges_every_file_is_alone() {
    for files in [0, 1, 3] {
        let expected = Communities { community: (0..files).collect(), modularity: 0.0 };
        assert_eq!(found(&network(files, &[])), expected);
    }
    assert_eq!(found(&network(2, &[(1, 0, 0.5)])).community, [0, 0]);
}

#[test]
fn a_long_chain_a_long_ring_and_a_large_star() {
    let count = 100_000_u32;
    let chain: Vec<_> = (1..count).map(|file| (file - 1, file, 1.0)).collect();
    let modularity = found(&network(count, &chain)).modularity;
    assert!(modularity > 0.99, "{modularity}");
    let ring: Vec<_> = (0..count).map(|file| (file, (file + 1) % count, 1.0)).collect();
    let modularity = found(&network(count, &ring)).modularity;
    assert!(modularity > 0.99, "{modularity}");
    let star: Vec<_> = (1..count).map(|file| (file, 0, 1.0)).collect();
    assert_eq!(found(&network(count, &star)), Communities { community: vec![0; count as usize], modularity: 0.0 });
}

#[test]
fn a_file_with_next_to_no_weight_is_not_left_behind() {
    // 3 is tied to 1 alone, which first joins the others around 13, then leaves them.
    let ties = [
        (21, 14),
        (15, 4),
        (21, 13),
        (0, 2),
        (1, 19),
        (8, 16),
        (4, 19),
        (1, 13),
        (0, 8),
        (5, 19),
        (2, 14),
        (9, 8),
        (6, 17),
    ];
    let edges: Vec<_> =
        ties.map(|(source, target)| (source, target, 1e100)).into_iter().chain([(3, 1, 1e-3)]).collect();
    let graph = network(24, &edges);
    let community = found(&graph).community;
    let files: Vec<u32> = (0..24).filter(|file| community[*file as usize] == community[3]).collect();
    assert!(is_connected(&graph, &files), "{files:?}");
}

#[test]
fn broken_graphs_are_errors() {
    let mut graph = network(3, &[(0, 1, 1.0), (1, 2, 1.0)]);
    graph.edge_weight[0] = f64::NAN;
    assert_eq!(find_communities(&graph), Err(GraphError::Corrupt("edge-weight: not from 1e-100 to 1e100".into())));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_holds_for_all(
        edges in prop::collection::vec((0u32..24, 0u32..24, prop_oneof![1e-3..1e3f64, Just(1.0), Just(1e-100), Just(1e100)]), 0..80),
    ) {
        let edges: Vec<_> = edges.into_iter().filter(|(source, target, _)| source != target).collect();
        let graph = network(24, &edges);
        let Communities { community, modularity } = found(&graph);
        prop_assert_eq!(found(&graph).community, community.clone());
        prop_assert!((modularity - plain_modularity(&graph, &community)).abs() < 1e-9);
        prop_assert!((-1e-12..1.0).contains(&modularity));

        let mut files: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (file, &number) in (0..).zip(&community) {
            files.entry(number).or_default().push(file);
        }
        let sizes: Vec<_> = files.values().map(|files| (std::cmp::Reverse(files.len()), files[0])).collect();
        prop_assert!(sizes.is_sorted() && files.keys().copied().eq(0..files.len() as u32), "{:?}", files);
        for files in files.values() {
            prop_assert!(is_connected(&graph, files), "{files:?} of {community:?}");
        }
    }
}

/// Modularity by its definition, from the edges as they are.
fn plain_modularity(graph: &RepositoryGraph, community: &[u32]) -> f64 {
    let unit = graph.edge_weight.iter().copied().fold(0.0, f64::max);
    let all: f64 = graph.edges().map(|(.., weight)| weight / unit).sum();
    let (mut inside, mut ends) = (BTreeMap::<u32, f64>::new(), BTreeMap::<u32, f64>::new());
    for (source, target, weight) in graph.edges() {
        let (one, other) = (community[source as usize], community[target as usize]);
        *inside.entry(one).or_default() += if one == other { weight / unit } else { 0.0 };
        *ends.entry(one).or_default() += weight / unit;
        *ends.entry(other).or_default() += weight / unit;
    }
    inside.values().map(|inside| inside / all).sum::<f64>()
        - ends.values().map(|ends| (ends / all / 2.0).powi(2)).sum::<f64>()
}

fn is_connected(graph: &RepositoryGraph, files: &[u32]) -> bool {
    let mut met = vec![files[0]];
    let mut at = 0;
    while let Some(&file) = met.get(at) {
        for (source, target, _) in graph.edges() {
            for (from, to) in [(source, target), (target, source)] {
                if from == file && files.contains(&to) && !met.contains(&to) {
                    met.push(to);
                }
            }
        }
        at += 1;
    }
    met.len() == files.len()
}

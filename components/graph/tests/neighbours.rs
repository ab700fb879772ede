//! Dependencies and dependents: on a graph small enough to draw, and against a plain search on random ones.

#![expect(clippy::expect_used, reason = "a test may end there")]

mod network;

use std::collections::BTreeMap;

use astlas_graph::{GraphError, Neighbour, dependencies, dependents};
use astlas_model::RepositoryGraph;
use network::network;
use proptest::prelude::*;

fn triples(found: Result<Vec<Neighbour>, GraphError>) -> Vec<(u32, u32, f64)> {
    found.expect("a sound graph").iter().map(|found| (found.file, found.depth, found.weight)).collect()
}

/// 0 → 1 → 3 → 0, 0 → 2 → 3, 3 → 4, 2 → 1, and 5 apart.
fn drawn() -> RepositoryGraph {
    let edges = [(0, 1, 1.0), (0, 2, 3.0), (1, 3, 2.0), (2, 1, 9.0), (2, 3, 0.5), (3, 0, 1.0), (3, 4, 1.0)];
    network(6, &edges)
}

#[test]
fn nearest_first_then_heaviest() {
    // 2 → 1 is the heaviest edge into 1, but not on a shortest way; into 3 there are two shortest ways.
    assert_eq!(triples(dependencies(&drawn(), 0, 0)), [(2, 1, 3.0), (1, 1, 1.0), (3, 2, 2.0), (4, 3, 1.0)]);
    assert_eq!(triples(dependents(&drawn(), 3, 0)), [(1, 1, 2.0), (2, 1, 0.5), (0, 2, 3.0)]);
}

#[test]
fn equal_weights_come_in_order_of_file() {
    let graph = network(4, &[(0, 3, 1.0), (0, 1, 1.0), (0, 2, 1.0)]);
    assert_eq!(triples(dependencies(&graph, 0, 1)), [(1, 1, 1.0), (2, 1, 1.0), (3, 1, 1.0)]);
}

#[test]
fn depth_bounds_the_way() {
    assert_eq!(triples(dependencies(&drawn(), 0, 1)), [(2, 1, 3.0), (1, 1, 1.0)]);
    assert_eq!(triples(dependencies(&drawn(), 0, 2)).len(), 3);
    assert_eq!(triples(dependencies(&drawn(), 0, u32::MAX)), triples(dependencies(&drawn(), 0, 0)));
}

#[test]
fn a_file_without_edges_has_no_neighbours() {
    assert_eq!(triples(dependencies(&drawn(), 5, 0)), []);
    assert_eq!(triples(dependents(&drawn(), 5, 0)), []);
}

#[test]
fn unknown_files_and_broken_graphs_are_errors() {
    assert_eq!(dependencies(&drawn(), 6, 0), Err(GraphError::UnknownFile(6)));
    assert_eq!(dependents(&RepositoryGraph::default(), 0, 0), Err(GraphError::UnknownFile(0)));
    let mut graph = drawn();
    graph.edge_target[0] = 6;
    assert_eq!(dependents(&graph, 0, 0), Err(GraphError::Corrupt("edge-target: not a file".into())));
}

proptest! {
    #[test]
    fn equals_the_plain_search(
        edges in prop::collection::vec((0u32..12, 0u32..12, 1u8..4), 0..30),
        start in 0u32..12,
        depth in 0u32..5,
    ) {
        let edges: Vec<_> = edges
            .iter()
            .filter(|(source, target, _)| source != target)
            .map(|&(source, target, weight)| (source, target, f64::from(weight)))
            .collect();
        let graph = network(12, &edges);
        prop_assert_eq!(triples(dependencies(&graph, start, depth)), plain(&graph, start, depth, false));
        prop_assert_eq!(triples(dependents(&graph, start, depth)), plain(&graph, start, depth, true));
    }
}

/// Distances by relaxing all edges until nothing changes; then the heaviest edge from one distance to the next.
fn plain(graph: &RepositoryGraph, start: u32, limit: u32, turned: bool) -> Vec<(u32, u32, f64)> {
    let edges: Vec<_> = graph
        .edges()
        .map(|(source, target, weight)| if turned { (target, source, weight) } else { (source, target, weight) })
        .collect();
    let mut distance = BTreeMap::from([(start, 0)]);
    for _ in 0..graph.files.len() {
        for &(from, to, _) in &edges {
            if let Some(&near) = distance.get(&from) {
                let far = distance.entry(to).or_insert(near + 1);
                *far = (*far).min(near + 1);
            }
        }
    }
    let mut found: Vec<_> = distance
        .iter()
        .filter(|&(_, &far)| far > 0 && (limit == 0 || far <= limit))
        .map(|(&file, &far)| {
            let last = edges.iter().filter(|(from, to, _)| *to == file && distance.get(from) == Some(&(far - 1)));
            (file, far, last.map(|(.., weight)| *weight).fold(0.0, f64::max))
        })
        .collect();
    found.sort_by(|one, other| one.1.cmp(&other.1).then(other.2.total_cmp(&one.2)).then(one.0.cmp(&other.0)));
    found
}

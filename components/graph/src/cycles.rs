//! Cycles: files that all use each other, directly or over others.

use std::cmp::Reverse;

use astlas_model::{RepositoryGraph, stages::Cycles};
use petgraph::{algo::kosaraju_scc, graph::DiGraph};

use crate::{GraphError, checked};

/// Most edges to look at in the search for shortest cycles, over all components. Only a large component without a short
/// cycle needs so many; its cycles are all of much the same length, and the shortest one met by then is told.
const WORK: usize = 100_000_000;

/// The strongly connected components of two files or more, largest first, then by smallest file; of each one a shortest
/// cycle.
pub fn find_cycles(graph: &RepositoryGraph) -> Result<Cycles, GraphError> {
    checked(graph)?;
    let edges = graph.edges().map(|(source, target, _)| (source, target));
    let mut network = DiGraph::<(), (), u32>::from_edges(edges);
    while network.node_count() < graph.files.len() {
        network.add_node(());
    }
    // Of petgraph's two ways this is the one that does not call itself: depth is no concern.
    let mut components: Vec<Vec<u32>> = kosaraju_scc(&network)
        .into_iter()
        .filter(|component| component.len() > 1)
        .map(|component| component.iter().map(|file| file.index() as u32).collect())
        .collect();
    drop(network);
    components.iter_mut().for_each(|component| component.sort_unstable());
    components.sort_unstable_by_key(|component| (Reverse(component.len()), component.first().copied()));

    let mut search = Search::new(graph);
    let mut cycles = Cycles::default();
    for (component, number) in components.iter().zip(1..) {
        cycles.file.extend(component);
        cycles.file_ends.push(cycles.file.len() as u32);
        cycles.shortest.extend(search.shortest(component, number));
        cycles.shortest_ends.push(cycles.shortest.len() as u32);
    }
    Ok(cycles)
}

/// Searches from file to file.
struct Search<'a> {
    graph: &'a RepositoryGraph,
    /// Where each file's edges start.
    starts: Vec<usize>,
    /// Which component's search may still go over a file; 0 for none.
    open: Vec<u32>,
    /// The file before each one on the way, and the search that found it.
    before: Vec<(u32, u32)>,
    searches: u32,
    /// Files of the search at hand, nearest first.
    met: Vec<u32>,
    /// Edges looked at so far.
    work: usize,
}

impl<'a> Search<'a> {
    fn new(graph: &'a RepositoryGraph) -> Self {
        let files = graph.files.len();
        let starts = (0..=files as u32).map(|file| graph.edge_source.partition_point(|&source| source < file));
        Self {
            graph,
            starts: starts.collect(),
            open: vec![0; files],
            before: vec![(0, 0); files],
            searches: 0,
            met: vec![],
            work: 0,
        }
    }

    /// A shortest cycle of a component: in the order of its edges, its smallest file first.
    fn shortest(&mut self, component: &[u32], number: u32) -> Vec<u32> {
        if let Some((one, other)) = self.closest_pair(component) {
            return vec![one, other];
        }
        component.iter().for_each(|&file| self.open[file as usize] = number);
        let mut best: Vec<u32> = vec![];
        for &start in component {
            if !best.is_empty() && self.work >= WORK {
                break;
            }
            let longest = if best.is_empty() { usize::MAX } else { best.len() - 1 };
            if let Some(found) = self.cycle(start, number, longest) {
                best = found;
            }
            // All that lead over this file have been looked at.
            self.open[start as usize] = 0;
        }
        component.iter().for_each(|&file| self.open[file as usize] = 0);
        best
    }

    /// Two files of a component that use each other. There are often many; of these the two that do so most, by the
    /// weaker of their edges, tell most. Of equals the first.
    fn closest_pair(&self, component: &[u32]) -> Option<(u32, u32)> {
        let (mut best, mut most) = (None, 0.0);
        for &one in component {
            let edges = self.starts[one as usize]..self.starts[one as usize + 1];
            for (&other, &weight) in self.graph.edge_target[edges.clone()].iter().zip(&self.graph.edge_weight[edges]) {
                let back = self.starts[other as usize]..self.starts[other as usize + 1];
                // Only an edge that could be better is worth the search for the one back.
                if one > other || weight <= most {
                    continue;
                }
                if let Ok(at) = self.graph.edge_target[back.clone()].binary_search(&one) {
                    let weaker = weight.min(self.graph.edge_weight[back.start + at]);
                    if weaker > most {
                        (best, most) = (Some((one, other)), weaker);
                    }
                }
            }
        }
        best
    }

    /// A shortest cycle over `start` of at most `longest` files, all of them open.
    fn cycle(&mut self, start: u32, number: u32, longest: usize) -> Option<Vec<u32>> {
        self.searches += 1;
        self.met.clear();
        self.met.push(start);
        let (mut ring, mut length) = (0, 1);
        while ring < self.met.len() && length <= longest {
            let end = self.met.len();
            for at in ring..end {
                let file = self.met[at];
                let targets = &self.graph.edge_target[self.starts[file as usize]..self.starts[file as usize + 1]];
                self.work += targets.len();
                for &target in targets {
                    if target == start && length > 1 {
                        return Some(self.way_to(file, start, length));
                    }
                    let before = &mut self.before[target as usize];
                    if self.open[target as usize] == number && before.1 != self.searches && target != start {
                        *before = (file, self.searches);
                        self.met.push(target);
                    }
                }
            }
            (ring, length) = (end, length + 1);
        }
        None
    }

    fn way_to(&self, last: u32, start: u32, length: usize) -> Vec<u32> {
        let mut way = Vec::with_capacity(length);
        let mut file = last;
        while file != start {
            way.push(file);
            file = self.before[file as usize].0;
        }
        way.push(start);
        way.reverse();
        way
    }
}

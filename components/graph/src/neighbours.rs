//! Who uses a file, and what it uses, over any number of edges.

use astlas_model::{RepositoryGraph, stages::Neighbour};
use petgraph::{Direction, csr::Csr, visit::EdgeRef};

use crate::{GraphError, checked};

/// The files that `file` uses, up to `depth` edges away (0: without bound), by depth, then weight, then file.
pub fn dependencies(graph: &RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
    reached(graph, file, depth, Direction::Outgoing)
}

/// The files that use `file`; otherwise as [`dependencies`].
pub fn dependents(graph: &RepositoryGraph, file: u32, depth: u32) -> Result<Vec<Neighbour>, GraphError> {
    reached(graph, file, depth, Direction::Incoming)
}

fn reached(graph: &RepositoryGraph, file: u32, depth: u32, way: Direction) -> Result<Vec<Neighbour>, GraphError> {
    checked(graph)?;
    if file as usize >= graph.files.len() {
        return Err(GraphError::UnknownFile(file));
    }
    let network = Network::new(graph, way)?;
    let mut depths: Vec<Option<u32>> = vec![None; graph.files.len()];
    let mut weights = vec![0.0; graph.files.len()];
    depths[file as usize] = Some(0);
    let mut found: Vec<Neighbour> = Vec::new();
    let (mut ring, mut distance) = (vec![file], 0);
    // Ring by ring, so that every edge into the next ring is seen before that ring is put in order.
    while !ring.is_empty() && (depth == 0 || distance < depth) {
        distance += 1;
        let mut next = Vec::new();
        for &from in &ring {
            for (to, weight) in network.edges(from) {
                let known = depths[to as usize].get_or_insert_with(|| {
                    next.push(to);
                    distance
                });
                if *known == distance {
                    weights[to as usize] = weight.max(weights[to as usize]);
                }
            }
        }
        let first = found.len();
        found.extend(next.iter().map(|&file| Neighbour { file, depth: distance, weight: weights[file as usize] }));
        found[first..]
            .sort_unstable_by(|one, other| other.weight.total_cmp(&one.weight).then(one.file.cmp(&other.file)));
        ring = next;
    }
    Ok(found)
}

/// The graph's edges as petgraph keeps them, row by row; files are known by their indices.
struct Network(Csr<(), f64>);

impl Network {
    /// The edges as they point, or turned around.
    fn new(graph: &RepositoryGraph, way: Direction) -> Result<Self, GraphError> {
        let edges = match way {
            Direction::Outgoing => graph.edges().collect(),
            Direction::Incoming => turned(graph),
        };
        let unsorted = |_| GraphError::Corrupt("edge-source, edge-target: not in ascending order".into());
        let mut network = Csr::from_sorted_edges(&edges).map_err(unsorted)?;
        // The last files may have no edges to be known by.
        while network.node_count() < graph.files.len() {
            network.add_node(());
        }
        Ok(Self(network))
    }

    /// The files a file's edges lead to, and the edges' weights.
    fn edges(&self, file: u32) -> impl Iterator<Item = (u32, f64)> {
        self.0.edges(file).map(|edge| (edge.target(), *edge.weight()))
    }
}

/// All edges from target to source, sorted as the graph's are: laid out by target in one pass, which keeps the order of
/// sources.
fn turned(graph: &RepositoryGraph) -> Vec<(u32, u32, f64)> {
    let mut places = vec![0; graph.files.len() + 1];
    for &target in &graph.edge_target {
        places[target as usize + 1] += 1;
    }
    for file in 1..places.len() {
        places[file] += places[file - 1];
    }
    let mut turned = vec![(0, 0, 0.0); graph.edge_target.len()];
    for (source, target, weight) in graph.edges() {
        let place: &mut usize = &mut places[target as usize];
        turned[*place] = (target, source, weight);
        *place += 1;
    }
    turned
}

//! The undirected graph that communities are found on.

use astlas_model::RepositoryGraph;

/// Node, other node, weight.
type Edge = (u32, u32, f64);

/// Nodes, each with the weights of its edges to others and of all that is inside it.
#[derive(Clone, Debug)]
pub struct Network {
    /// Where each node's edges start.
    starts: Vec<usize>,
    /// Each edge twice, once at either node; by node, then other node.
    others: Vec<u32>,
    weights: Vec<f64>,
    /// Of each node, the weight of edges inside it, each counted twice.
    inside: Vec<f64>,
    /// Of each node, the weight of all its edges: `inside` and those to others.
    pub degree: Vec<f64>,
    /// Of all nodes together: twice the weight of all edges.
    pub total: f64,
}

impl Network {
    /// The files: two of them are tied by the edges that point from one to the other, either way.
    pub fn of_files(graph: &RepositoryGraph) -> Self {
        // Modularity does not change with the unit of weight. In this one no sum of weights can outgrow a number.
        let unit = graph.edge_weight.iter().copied().fold(0.0, f64::max);
        let edges = graph.edges().flat_map(|(source, target, weight)| {
            let weight = weight / unit;
            [(source, target, weight), (target, source, weight)]
        });
        Self::new(edges.collect(), vec![0.0; graph.files.len()])
    }

    /// From edges given at either node, in any order; those of the same nodes are added up.
    fn new(edges: Vec<Edge>, inside: Vec<f64>) -> Self {
        // By other node, then by node, which keeps the former order of equals: sums are always taken in the order given.
        let edges = laid_out(&laid_out(&edges, inside.len(), |edge| edge.1), inside.len(), |edge| edge.0);
        let mut network = Self {
            starts: vec![0; inside.len() + 1],
            others: Vec::with_capacity(edges.len()),
            weights: Vec::with_capacity(edges.len()),
            degree: inside.clone(),
            inside,
            total: 0.0,
        };
        let mut last = None;
        for (node, other, weight) in edges {
            match network.weights.last_mut().filter(|_| last == Some((node, other))) {
                Some(sum) => *sum += weight,
                None => {
                    network.starts[node as usize + 1] += 1;
                    network.others.push(other);
                    network.weights.push(weight);
                }
            }
            network.degree[node as usize] += weight;
            last = Some((node, other));
        }
        for node in 1..network.starts.len() {
            network.starts[node] += network.starts[node - 1];
        }
        network.total = network.degree.iter().sum();
        network
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.inside.len()
    }

    /// The nodes that a node is tied to, and how much.
    pub fn ties(&self, node: u32) -> impl Iterator<Item = (u32, f64)> {
        let range = self.starts[node as usize]..self.starts[node as usize + 1];
        self.others[range.clone()].iter().copied().zip(self.weights[range].iter().copied())
    }

    /// The graph whose nodes are these parts of this one's, of which there are `count`.
    pub fn merged(&self, parts: &[u32], count: usize) -> Self {
        let mut inside = vec![0.0; count];
        let mut edges = vec![];
        for (node, &part) in (0..).zip(parts) {
            inside[part as usize] += self.inside[node as usize];
            for (other, weight) in self.ties(node) {
                match parts[other as usize] {
                    same if same == part => inside[part as usize] += weight,
                    other => edges.push((part, other, weight)),
                }
            }
        }
        Self::new(edges, inside)
    }

    /// How much more weight is inside communities than would be if the same ends of edges met by chance, as a part of
    /// all weight; 0 where there are no edges.
    pub fn modularity(&self, community: &[u32]) -> f64 {
        if self.total <= 0.0 {
            return 0.0;
        }
        let (mut inside, mut degree) = (vec![0.0; self.len()], vec![0.0; self.len()]);
        for (node, &own) in (0..).zip(community) {
            let ties = self.ties(node).filter(|(other, _)| community[*other as usize] == own);
            inside[own as usize] += self.inside[node as usize] + ties.map(|(_, weight)| weight).sum::<f64>();
            degree[own as usize] += self.degree[node as usize];
        }
        let of_one = |(inside, degree): (f64, f64)| inside / self.total - (degree / self.total) * (degree / self.total);
        inside.into_iter().zip(degree).map(of_one).sum()
    }
}

/// Edges in order of one of their nodes, of which there are `count`; those of one node in the order given.
fn laid_out(edges: &[Edge], count: usize, node: impl Fn(&Edge) -> u32) -> Vec<Edge> {
    let mut places = vec![0; count + 1];
    for edge in edges {
        places[node(edge) as usize + 1] += 1;
    }
    for at in 1..places.len() {
        places[at] += places[at - 1];
    }
    let mut laid_out = vec![(0, 0, 0.0); edges.len()];
    for edge in edges {
        let place: &mut usize = &mut places[node(edge) as usize];
        laid_out[*place] = *edge;
        *place += 1;
    }
    laid_out
}

//! Which community each node is in, and how nodes move between them.

use std::collections::VecDeque;

use super::network::Network;

/// What a move has to gain, as a part of the weight of all edges: more than sums can be off by.
pub const LEAST_GAIN: f64 = 1e-13;

/// A community for every node.
pub struct Partition {
    /// Of each node; numbers of nodes are enough for all communities.
    pub community: Vec<u32>,
    /// Sum of the degrees in each community.
    degree: Vec<f64>,
    /// Nodes in each community.
    size: Vec<u32>,
    /// Communities without nodes. Always one, once a community has two nodes.
    empty: Vec<u32>,
}

/// The weights of one node's ties to each community; 0 for all between nodes.
pub struct Weights {
    of: Vec<f64>,
    /// Communities with a tie.
    pub met: Vec<u32>,
}

impl Weights {
    pub fn new(communities: usize) -> Self {
        Self { of: vec![0.0; communities], met: vec![] }
    }

    /// Adds a tie.
    pub fn add(&mut self, community: u32, weight: f64) {
        let sum = &mut self.of[community as usize];
        if *sum == 0.0 {
            self.met.push(community);
        }
        *sum += weight;
    }

    /// To one community.
    pub fn to(&self, community: u32) -> f64 {
        self.of[community as usize]
    }

    /// Puts `met` in order of number.
    pub fn sort(&mut self) {
        self.met.sort_unstable();
        // A tie so weak that its weight is 0 may be met twice.
        self.met.dedup();
    }

    /// Forgets all.
    pub fn clear(&mut self) {
        for community in self.met.drain(..) {
            self.of[community as usize] = 0.0;
        }
    }
}

impl Partition {
    pub fn new(network: &Network, community: Vec<u32>) -> Self {
        // Numbers below the number of nodes, in order of first node.
        let count = community.iter().max().map_or(0, |last| *last as usize + 1);
        let (mut number, mut next) = (vec![u32::MAX; count], 0);
        let renumber = |old: u32| {
            let number = &mut number[old as usize];
            if *number == u32::MAX {
                (*number, next) = (next, next + 1);
            }
            *number
        };
        let community: Vec<u32> = community.into_iter().map(renumber).collect();
        let (mut degree, mut size) = (vec![0.0; network.len()], vec![0; network.len()]);
        for (&own, own_degree) in community.iter().zip(&network.degree) {
            degree[own as usize] += own_degree;
            size[own as usize] += 1;
        }
        let empty = (0..network.len() as u32).rev().filter(|&number| size[number as usize] == 0).collect();
        Self { community, degree, size, empty }
    }

    /// Moves nodes until none gains from it. A node whose neighbour moved away is looked at again.
    pub fn improve(&mut self, network: &Network) {
        let mut queue: VecDeque<u32> = (0..network.len() as u32).collect();
        let mut is_queued = vec![true; network.len()];
        let mut weights = Weights::new(network.len());
        while let Some(node) = queue.pop_front() {
            is_queued[node as usize] = false;
            let to = self.best(network, node, &mut weights);
            if to == self.community[node as usize] {
                continue;
            }
            self.shift(network, node, to);
            for (other, _) in network.ties(node) {
                if self.community[other as usize] != to && !is_queued[other as usize] {
                    is_queued[other as usize] = true;
                    queue.push_back(other);
                }
            }
        }
    }

    /// Where a node is best: where it is, with some that it is tied to, or alone. Of equals the first of these, then
    /// the smallest number.
    fn best(&self, network: &Network, node: u32, weights: &mut Weights) -> u32 {
        let own = self.community[node as usize];
        for (other, weight) in network.ties(node) {
            weights.add(self.community[other as usize], weight);
        }
        let degree = network.degree[node as usize];
        // What a community gains by the node, were it in none; in twice the unit of weight, as `total` is.
        let gain = |community: u32, weight: f64| {
            let others = self.degree[community as usize] - if community == own { degree } else { 0.0 };
            weight - degree * (others / network.total)
        };
        let least = LEAST_GAIN * network.total;
        let (mut best, mut most) = (own, gain(own, weights.to(own)) + least);
        weights.sort();
        for &community in &weights.met {
            let gain = gain(community, weights.to(community));
            if community != own && gain > most {
                (best, most) = (community, gain);
            }
        }
        weights.clear();
        match self.empty.last() {
            Some(&empty) if most < 0.0 && self.size[own as usize] > 1 => empty,
            _ => best,
        }
    }

    fn shift(&mut self, network: &Network, node: u32, to: u32) {
        let from = std::mem::replace(&mut self.community[node as usize], to);
        let degree = network.degree[node as usize];
        if self.empty.last() == Some(&to) {
            self.empty.pop();
        }
        self.size[to as usize] += 1;
        self.degree[to as usize] += degree;
        self.size[from as usize] -= 1;
        self.degree[from as usize] -= degree;
        if self.size[from as usize] == 0 {
            // What rounding left of the sum.
            self.degree[from as usize] = 0.0;
            self.empty.push(from);
        }
    }
}

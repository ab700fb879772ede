//! Taking communities apart, and putting together what holds together.

use super::{
    network::Network,
    partition::{LEAST_GAIN, Weights},
};

/// Parts of each community: numbered from 0, by smallest node, none left out. Nodes join, one by one, the part of their
/// community that gains most by them. Only parts that are well tied to the rest of their community are joined, and only
/// by nodes that are: so whatever was in a community by accident is free to leave it later.
pub fn parts(network: &Network, community: &[u32]) -> Vec<u32> {
    let count = network.len();
    // The part of each node, called by one of its nodes; the degrees in it, and its ties to the rest of its community.
    let mut part: Vec<u32> = (0..count as u32).collect();
    let mut degree = network.degree.clone();
    let mut is_alone = vec![true; count];
    let mut around = vec![0.0; count];
    for (&community, degree) in community.iter().zip(&network.degree) {
        around[community as usize] += degree;
    }
    let own = |node: u32| community[node as usize];
    let cut = |node: u32| network.ties(node).filter(|&(other, _)| own(other) == own(node)).map(|tie| tie.1).sum();
    let mut rest: Vec<f64> = (0..count as u32).map(cut).collect();

    let mut weights = Weights::new(count);
    for node in 0..count as u32 {
        let at = node as usize;
        let all = around[own(node) as usize];
        let is_well_tied =
            |rest: f64, degree: f64| rest >= degree * ((all - degree) / network.total) - LEAST_GAIN * network.total;
        if !is_alone[at] || !is_well_tied(rest[at], degree[at]) {
            continue;
        }
        for (other, weight) in network.ties(node).filter(|&(other, _)| own(other) == own(node)) {
            weights.add(part[other as usize], weight);
        }
        weights.sort();
        // What neither gains nor loses is joined: else a community could stay in one piece that is in none.
        let (mut best, mut most) = (node, -LEAST_GAIN * network.total);
        for &to in &weights.met {
            let of = to as usize;
            if is_well_tied(rest[of], degree[of]) {
                let gain = weights.to(to) - network.degree[at] * (degree[of] / network.total);
                if gain > most {
                    (best, most) = (to, gain);
                }
            }
        }
        if best != node {
            let to = best as usize;
            rest[to] += rest[at] - 2.0 * weights.to(best);
            degree[to] += degree[at];
            part[at] = best;
            (is_alone[at], is_alone[to]) = (false, false);
        }
        weights.clear();
    }
    numbered(part)
}

fn numbered(mut part: Vec<u32>) -> Vec<u32> {
    let (mut number, mut next) = (vec![u32::MAX; part.len()], 0);
    for part in &mut part {
        let number = &mut number[*part as usize];
        if *number == u32::MAX {
            (*number, next) = (next, next + 1);
        }
        *part = *number;
    }
    part
}

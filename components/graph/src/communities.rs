//! Communities: files that are tied to each other more than to the rest, by the Leiden method (Traag, Waltman and van
//! Eck, 2019) on the undirected graph.
//!
//! Files move, one by one, to the community that gains most modularity. Each community is then refined: taken apart and
//! put together anew from parts that hold together. The parts become the nodes of a smaller graph, on which the same
//! begins again. Where the original draws lots, this takes the best, and of equals the first: the result is the same
//! every time, and every community is connected.

mod network;
mod partition;
mod refine;

use std::cmp::Reverse;

use astlas_model::{RepositoryGraph, stages::Communities};
use network::Network;
use partition::Partition;

use crate::{GraphError, checked};

/// Most times the whole is begun again from what was found: a bound on the work, should each time gain a little.
const ROUNDS: usize = 10;

/// A round that gains less modularity than this is the last one.
const SETTLED: f64 = 1e-9;

/// The community of every file, and how good they are.
pub fn find_communities(graph: &RepositoryGraph) -> Result<Communities, GraphError> {
    checked(graph)?;
    let files = Network::of_files(graph);
    let mut found: Vec<u32> = (0..graph.files.len() as u32).collect();
    let mut modularity = files.modularity(&found);
    for _ in 0..ROUNDS {
        let better = round(&files, &found);
        let reached = files.modularity(&better);
        if reached <= modularity {
            break;
        }
        let gained = reached - modularity;
        (found, modularity) = (better, reached);
        if gained < SETTLED {
            break;
        }
    }
    Ok(Communities { community: numbered(&found), modularity })
}

/// From a partition of the files to a better one.
fn round(files: &Network, start: &[u32]) -> Vec<u32> {
    let mut network = files.clone();
    let mut partition = Partition::new(&network, start.to_vec());
    // The node of each file in the network at hand.
    let mut node: Vec<u32> = (0..start.len() as u32).collect();
    loop {
        partition.improve(&network);
        let parts = refine::parts(&network, &partition.community);
        let count = parts.iter().max().map_or(0, |last| *last as usize + 1);
        if count == network.len() {
            let found: Vec<u32> = node.iter().map(|&node| partition.community[node as usize]).collect();
            return connected(files, &found);
        }
        let mut community = vec![0; count];
        for (&part, &of) in parts.iter().zip(&partition.community) {
            community[part as usize] = of;
        }
        network = network.merged(&parts, count);
        partition = Partition::new(&network, community);
        node.iter_mut().for_each(|node| *node = parts[*node as usize]);
    }
}

/// Each community, taken apart where no edge holds it together. A file whose ties weigh next to nothing gains too little
/// by any move, and stays where it is when the only file that it is tied to leaves.
fn connected(files: &Network, community: &[u32]) -> Vec<u32> {
    let mut piece = vec![u32::MAX; files.len()];
    let mut met = vec![];
    for first in 0..files.len() as u32 {
        if piece[first as usize] != u32::MAX {
            continue;
        }
        piece[first as usize] = first;
        met.push(first);
        while let Some(file) = met.pop() {
            for (other, _) in files.ties(file) {
                let is_met = piece[other as usize] != u32::MAX;
                if !is_met && community[other as usize] == community[file as usize] {
                    piece[other as usize] = first;
                    met.push(other);
                }
            }
        }
    }
    piece
}

/// The same communities, numbered by size, largest first, then by smallest file.
fn numbered(found: &[u32]) -> Vec<u32> {
    let mut sizes: Vec<(usize, u32, u32)> = (0..found.len() as u32).map(|number| (0, u32::MAX, number)).collect();
    for (file, &community) in (0..).zip(found) {
        let size = &mut sizes[community as usize];
        size.0 += 1;
        size.1 = size.1.min(file);
    }
    sizes.sort_unstable_by_key(|&(size, first, _)| (Reverse(size), first));
    let mut place = vec![0; found.len()];
    for (number, (_, _, community)) in (0..).zip(sizes) {
        place[community as usize] = number;
    }
    found.iter().map(|&community| place[community as usize]).collect()
}

//! Cycles that were not there before.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use astlas_model::RepositoryGraph;

use super::graph::{Sides, edges_of};
use crate::{
    Atlas,
    cycles::Cycle,
    ports::{Cache, StageError, Stages},
};

/// New edges that are tried for the shortest way round. A change makes few; a rename storm may make thousands.
const MOST_EDGES: usize = 64;

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The cycles after the change whose files were not all in one cycle before, largest first.
    pub(super) fn new_cycles(&self, sides: &Sides<'_>) -> Result<Vec<Cycle>, StageError> {
        let mut component: BTreeMap<String, usize> = BTreeMap::new();
        let old_cycles = sides.before.map_or(Ok(vec![]), |before| self.cycles(before))?;
        for (at, cycle) in old_cycles.iter().enumerate() {
            component.extend(cycle.files.iter().map(|file| (sides.now(file).to_owned(), at)));
        }
        let is_old = |cycle: &Cycle| {
            let before: BTreeSet<_> = cycle.files.iter().map(|file| component.get(file)).collect();
            before.len() == 1 && !before.contains(&None)
        };
        let mut cycles = self.cycles(sides.after)?;
        cycles.retain(|cycle| !is_old(cycle));
        for cycle in &mut cycles {
            if let Some(shortest) = new_way_round(sides, &cycle.files) {
                cycle.shortest = shortest;
            }
        }
        Ok(cycles)
    }
}

/// A shortest cycle among these files over an edge that was not there before; begins with its smallest path.
fn new_way_round(sides: &Sides<'_>, files: &[String]) -> Option<Vec<String>> {
    let graph = &sides.after.snapshot.graph;
    let inside: BTreeSet<u32> = files.iter().filter_map(|file| sides.after.file(file)).collect();
    let path = |file: u32| graph.files.get(file as usize).unwrap_or_default();
    let was_there = |source: u32, target: u32| {
        let before = sides.before?;
        let (source, target) = (before.file(sides.then(path(source)))?, before.file(sides.then(path(target)))?);
        let old = &before.snapshot.graph;
        old.edge_target[edges_of(old, source)].binary_search(&target).ok()
    };
    let edges =
        inside.iter().flat_map(|&source| edges_of(graph, source).map(move |at| (source, graph.edge_target[at])));
    let new = edges.filter(|&(source, target)| inside.contains(&target) && was_there(source, target).is_none());
    let ways = new.take(MOST_EDGES).filter_map(|(source, target)| way(graph, &inside, target, source));
    let mut shortest = ways.min_by_key(Vec::len)?;
    let first = shortest.iter().enumerate().min_by_key(|(_, file)| **file)?.0;
    shortest.rotate_left(first);
    Some(shortest.into_iter().map(|file| path(file).to_owned()).collect())
}

/// A shortest way from one file to another inside a set; both ends are part of it.
fn way(graph: &RepositoryGraph, inside: &BTreeSet<u32>, from: u32, to: u32) -> Option<Vec<u32>> {
    let (mut came_from, mut waiting) = (BTreeMap::from([(from, from)]), VecDeque::from([from]));
    while let Some(file) = waiting.pop_front() {
        if file == to {
            let mut way = vec![to];
            while let Some(&last) = way.last().filter(|&&last| last != from) {
                way.push(came_from[&last]);
            }
            way.reverse();
            return Some(way);
        }
        for &next in &graph.edge_target[edges_of(graph, file)] {
            if inside.contains(&next) && !came_from.contains_key(&next) {
                came_from.insert(next, file);
                waiting.push_back(next);
            }
        }
    }
    None
}

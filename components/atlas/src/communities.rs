//! Which files belong together.

use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, StageError, Stages},
};

/// The files of a repository, by community.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Communities {
    /// How much more of the edges' weight is inside communities than would be by chance; at most 1.
    pub modularity: f64,
    /// Paths of each community's files, the one most tied to the others first, ties by path. Largest community first,
    /// then by smallest path.
    pub communities: Vec<Vec<String>>,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The communities of all files. A file without edges is alone in its own.
    pub fn communities(&self, indexed: &Indexed) -> Result<Communities, StageError> {
        let graph = &indexed.snapshot.graph;
        let found = self.stages.communities(graph)?;
        if found.community.len() != graph.files.len() {
            let message = format!("answered for {} of {} files", found.community.len(), graph.files.len());
            return Err(StageError { stage: "graph", message });
        }
        let mut inside = vec![0.0; graph.files.len()];
        for (source, target, weight) in graph.edges() {
            if found.community[source as usize] == found.community[target as usize] {
                inside[source as usize] += weight;
                inside[target as usize] += weight;
            }
        }
        let mut files: Vec<usize> = (0..graph.files.len()).collect();
        let community = |file: usize| found.community[file];
        files.sort_by(|&one, &other| {
            let by_community = community(one).cmp(&community(other));
            by_community.then(inside[other].total_cmp(&inside[one])).then(one.cmp(&other))
        });
        let paths = |files: &[usize]| {
            files.iter().map(|&file| graph.files.get(file).unwrap_or_default().to_owned()).collect::<Vec<_>>()
        };
        let communities = files.chunk_by(|&one, &other| community(one) == community(other)).map(paths).collect();
        Ok(Communities { modularity: found.modularity, communities })
    }
}

//! Source files in, a map out: the use cases index and map over files and a cache in memory. No logic of its own; what
//! `wit/pipeline` says of paths is checked here.

#[cfg(target_family = "wasm")]
mod component;

use std::collections::{BTreeMap, BTreeSet};

use astlas_atlas::{
    Atlas,
    index::IndexError,
    map::{Map, MapRequest},
    memory::{MemoryCache, MemoryFiles},
    ports::{StageError, Stages},
    source,
};

/// Why there is no map.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// Two files have this path.
    #[error("{0}: there twice")]
    DuplicatePath(String),
    /// A path that nothing can be called.
    #[error("{0:?}: not a path")]
    InvalidPath(String),
    /// There is nothing to draw, or a stage did not answer.
    #[error(transparent)]
    Index(#[from] IndexError),
}

impl From<StageError> for MapError {
    fn from(error: StageError) -> Self {
        Self::Index(error.into())
    }
}

/// A map, and what is not on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// The map.
    pub map: Map,
    /// Source files that are not on it.
    pub omitted: Vec<String>,
    /// Context files that are not among the sources.
    pub unknown: Vec<String>,
}

fn atlas<S: Stages>(stages: S) -> Atlas<S, MemoryCache> {
    Atlas { stages, cache: MemoryCache::default(), repository: String::new() }
}

/// Those of these paths whose files may be source.
pub async fn select_sources(stages: impl Stages, paths: Vec<String>) -> Result<Vec<String>, StageError> {
    let detector = atlas(stages).detector().await?;
    Ok(paths.into_iter().filter(|path| source::may_be(&detector, path)).collect())
}

/// The map of files, given as path and text.
pub async fn draw_map(
    stages: impl Stages,
    files: Vec<(String, String)>,
    request: &MapRequest,
) -> Result<Drawn, MapError> {
    let mut contents = BTreeMap::new();
    for (path, text) in files {
        if path.is_empty() || path.contains(['\n', '\r']) {
            return Err(MapError::InvalidPath(path));
        }
        if contents.contains_key(&path) {
            return Err(MapError::DuplicatePath(path));
        }
        contents.insert(path, text.into_bytes());
    }
    let (atlas, files) = (atlas(stages), MemoryFiles::new(contents));
    let indexed = atlas.index(&files, &()).await?;
    let map = atlas.map(&indexed, &files, request).await?;
    let shown: BTreeSet<&str> = map.files.iter().map(|file| file.path.as_str()).collect();
    let omitted = indexed.snapshot.graph.files.iter().filter(|path| !shown.contains(path)).map(str::to_owned).collect();
    let unknown = request.context.unknown(&indexed).into_iter().map(str::to_owned).collect();
    Ok(Drawn { map, omitted, unknown })
}

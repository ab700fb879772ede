//! A cache that has something else in one place than what was put there.

use std::cell::{Cell, OnceCell};

use astlas_atlas::{
    Atlas,
    index::IndexError,
    indexed::Indexed,
    map::{Map, MapRequest},
    memory::{MemoryCache, MemoryFiles},
    ports::{Cache, StageError},
    rank::Context,
    symbols::Symbol,
};
use astlas_model::{History, stages::SearchMode};
use pollster::block_on;

use crate::{native::Native, repository};

/// The newest commit of which the history is known.
pub const NEWEST: &str = "newest";

/// A cache that answers with `value` for keys of one kind, whatever they were asked for.
#[derive(Default)]
pub struct Planted {
    kind: String,
    value: Vec<u8>,
    cache: MemoryCache,
    asked: Cell<usize>,
}

impl Planted {
    /// A cache with this value for keys that begin with `kind:`. It has all that was made of the small repository, but
    /// what is made from values of this kind.
    pub fn new(kind: &str, value: Vec<u8>) -> Self {
        let made_from: &[&str] = match kind {
            "ast" => &["graph", "ledger", "symbols", "rank", "map"],
            "graph" => &["rank", "map"],
            "history" => &["rank", "map"],
            "rank" => &["map"],
            _ => &[],
        };
        let planted = Self { kind: format!("{kind}:"), value, ..Self::default() };
        let is_kept = |key: &str| !made_from.contains(&kind_of(key));
        block_on(planted.cache.put(stored().into_iter().filter(|(key, _)| is_kept(key)).collect()));
        planted
    }

    /// How often the value was given.
    pub fn asked(&self) -> usize {
        self.asked.get()
    }
}

fn kind_of(key: &str) -> &str {
    key.split(':').next().unwrap_or_default()
}

thread_local! {
    static STORED: OnceCell<Vec<(String, Vec<u8>)>> = const { OnceCell::new() };
}

/// All that is kept of the small repository, by key.
pub fn stored() -> Vec<(String, Vec<u8>)> {
    let make = || {
        let (answers, cache) = ask(Planted::default());
        assert!(answers.is_ok_and(|answers| answers.map.is_ok()));
        cache.cache.entries()
    };
    STORED.with(|stored| stored.get_or_init(make).clone())
}

impl Cache for Planted {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        let mut found = self.cache.get(keys).await;
        for (key, value) in keys.iter().zip(&mut found) {
            if self.kind.len() > 1 && key.starts_with(&self.kind) {
                self.asked.set(self.asked.get() + 1);
                *value = Some(self.value.clone());
            }
        }
        found
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        self.cache.put(entries).await;
    }
}

/// All that is asked of a repository, with a cache in which something is wrong.
pub struct Answers {
    /// The index itself.
    pub indexed: Indexed,
    /// A map with a context and a history.
    pub map: Result<Map, StageError>,
    /// Files by rank, with the same context.
    pub ranks: Result<Vec<(String, f64)>, StageError>,
    /// Definitions with an `e`.
    pub symbols: Result<Vec<Symbol>, StageError>,
}

/// What the map was asked for.
pub fn request(history: Option<History>) -> MapRequest {
    let context = Context {
        files: vec!["app/main.py".into()],
        mentioned: vec!["slugify".into()],
        explain: vec!["lib/main.rs".into()],
        history,
        ..Context::default()
    };
    MapRequest { context, budget: 60, full: true, ..MapRequest::default() }
}

/// Asks everything of the small repository.
pub fn ask(cache: Planted) -> (Result<Answers, IndexError>, Planted) {
    let atlas = Atlas { stages: Native, cache, repository: "here".into() };
    let files = MemoryFiles::new(repository::contents());
    let answers = block_on(atlas.index(&files, &())).map(|indexed| ask_index(&atlas, &files, indexed));
    (answers, atlas.cache)
}

/// Asks everything of an index.
pub fn ask_index(atlas: &Atlas<Native, Planted>, files: &MemoryFiles, indexed: Indexed) -> Answers {
    let history = || {
        let paths = ["app/main.py", "app/tools.py"].iter().collect();
        let (commit_ends, commit_path) = (vec![2], vec![0, 1]);
        Some((History { paths, commit_ends, commit_path, commit_age: vec![0], commit_size: vec![2] }, true))
    };
    let request = request(block_on(atlas.history(NEWEST, history)));
    let map = block_on(atlas.map(&indexed, files, &request));
    let ranks = block_on(atlas.ranked_files(&indexed, &request.context));
    let symbols = block_on(atlas.symbols(&indexed, files, "e", SearchMode::Fuzzy, 9));
    // That they end is all that is asked of these.
    drop(block_on(atlas.explained(&indexed, &request.context)));
    for reverse in [false, true] {
        let _ = atlas.dependencies(&indexed, 0, 0, reverse);
    }
    let _ = (atlas.communities(&indexed), atlas.cycles(&indexed));
    Answers { indexed, map, ranks, symbols }
}

//! The cache of the command line: a SQLite file, or memory with `--no-cache`.

use std::time::Duration;

use astlas_atlas::{memory::MemoryCache, ports::Cache};
use astlas_cache::Entry;

const HOUR: Duration = Duration::from_secs(3600);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Where values are kept between runs.
pub enum CommandCache {
    /// In one file, for all commands and runs.
    File(Box<astlas_cache::Cache>),
    /// Only as long as this command runs.
    Memory(MemoryCache),
}

impl Cache for CommandCache {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        match self {
            Self::File(cache) => cache.get(keys),
            Self::Memory(cache) => cache.get(keys).await,
        }
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        match self {
            Self::File(cache) => {
                cache.put(&entries.iter().map(|(key, value)| entry(key, value)).collect::<Vec<_>>());
            }
            Self::Memory(cache) => cache.put(entries).await,
        }
    }
}

fn entry<'a>(key: &'a str, value: &'a [u8]) -> Entry<'a> {
    Entry { key, value, ttl: lifetime(key) }
}

/// How long a value is kept after it was written, by the kind its key names. None goes stale: each is named by what it
/// was made from or, what was seen of a tree, compared with it. But once a tree has changed, what was made of it before
/// is hardly asked for again. Tags are shared by all trees, so they stay until the size limit pushes out what was not
/// used for longest.
fn lifetime(key: &str) -> Option<Duration> {
    let kind = key.split(':').next().unwrap_or_default();
    match kind {
        "languages" => Some(7 * DAY),
        "graph" | "ledger" | "symbols" | "rank" => Some(DAY),
        "history" => Some(7 * DAY),
        "map" => Some(HOUR),
        "merkle" => Some(30 * DAY),
        _ => None,
    }
}

//! The cache of the command line: a SQLite file, or memory with `--no-cache`.

use astlas_atlas::{keys::lifetime, memory::MemoryCache, ports::Cache};
use astlas_cache::Entry;

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

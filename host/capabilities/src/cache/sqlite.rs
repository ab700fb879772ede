//! The second layer without a server: a SQLite file. Its calls wait for the disk, so each goes to a thread that may.

use std::sync::Arc;

use astlas_cache::{Cache, Entry, Mode, Settings};
use astlas_conventions::own_lifetime;
use bytes::Bytes;

use super::statistics::{Counted, LayerStatistics};
use crate::threads;

/// The file.
pub struct Sqlite(Arc<Cache>);

impl Sqlite {
    pub fn open(settings: Settings) -> Self {
        Self(Arc::new(Cache::open(settings)))
    }

    /// The values of these keys.
    pub async fn get(&self, keys: Vec<String>) -> Vec<Option<Bytes>> {
        let count = keys.len();
        let values = self.run(move |cache| cache.get(&keys)).await;
        // What cannot be read is not there.
        values.map_or_else(|| vec![None; count], |values| values.into_iter().map(|value| Some(value?.into())).collect())
    }

    /// Keeps values.
    pub async fn put(&self, entries: Vec<(String, Bytes)>) {
        let put = move |cache: &Cache| {
            let entry = |(key, value): &'_ (String, Bytes)| (key.clone(), value.clone(), own_lifetime(key));
            let entries: Vec<_> = entries.iter().map(entry).collect();
            let entry = |(key, value, ttl)| Entry { key, value, ttl };
            let entries: Vec<_> =
                entries.iter().map(|(key, value, ttl)| (key.as_str(), &value[..], *ttl)).map(entry).collect();
            cache.put(&entries);
        };
        // What cannot be kept is made again.
        let _ = self.run(put).await;
    }

    /// Forgets values.
    pub async fn remove(&self, keys: Vec<String>) {
        let _ = self.run(move |cache| cache.remove(&keys)).await;
    }

    /// What is in the file, and what is the matter with it.
    pub async fn statistics(&self) -> LayerStatistics {
        let mut statistics = LayerStatistics { name: "sqlite", ..LayerStatistics::default() };
        if let Some(stats) = self.run(Cache::stats).await {
            (statistics.entries, statistics.bytes) = (Some(stats.entries), Some(stats.bytes));
            let counted = |entries, bytes| Counted { entries: Some(entries), bytes: Some(bytes), ..Counted::default() };
            statistics.kinds =
                stats.kinds.into_iter().map(|kind| (kind.name, counted(kind.entries, kind.bytes))).collect();
        }
        statistics
    }

    /// Whether it reads and keeps.
    pub async fn check(&self) -> Result<(), String> {
        let mode = self.run(|cache| cache.mode()).await;
        match mode {
            Some(Mode::ReadWrite) => Ok(()),
            Some(Mode::ReadOnly) => Err("the file can only be read; see that its folder can be written".into()),
            Some(Mode::Off) | None => Err("the file cannot be opened; see that its folder can be written".into()),
        }
    }

    async fn run<T: Send + 'static>(&self, call: impl FnOnce(&Cache) -> T + Send + 'static) -> Option<T> {
        let cache = self.0.clone();
        let result = threads::run(move || call(&cache)).await.ok();
        for warning in self.0.take_warnings() {
            tracing::warn!(name: "cache.sqlite", "{warning}");
        }
        result
    }
}

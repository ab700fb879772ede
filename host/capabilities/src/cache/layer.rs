//! The layer below memory.

use std::{sync::Arc, time::Duration};

use astlas_conventions::own_lifetime;
use bytes::Bytes;

use super::{
    aside::Aside,
    local::Local,
    redis::{Address, Lock, Redis},
    sqlite::Sqlite,
    statistics::LayerStatistics,
};
use crate::{CacheSettings, Health, OpenError};

/// Redis, which instances share; or SQLite, beside which claims and sets are this process's own.
pub enum Layer {
    Redis(Redis),
    Sqlite(Sqlite, Aside),
}

/// Where Redis is, if the settings say so, and how long it is waited for. Nobody is asked yet.
pub fn address(settings: &CacheSettings) -> Result<Option<(Address, Duration)>, OpenError> {
    let timeout = Duration::from_millis(settings.timeout);
    let Some(address) = Address::of(settings, timeout)? else { return Ok(None) };
    if timeout.is_zero() {
        return Err(OpenError::new("cache.timeout", "0 ms is too short for any answer; give 1000"));
    }
    Ok(Some((address, timeout)))
}

impl Layer {
    pub async fn open(
        settings: &CacheSettings,
        embedded: astlas_cache::Settings,
        local: Arc<Local>,
    ) -> Result<Self, OpenError> {
        let Some((address, timeout)) = address(settings)? else {
            let opened = tokio::task::spawn_blocking(move || Sqlite::open(embedded)).await;
            let opened = opened.map_err(|error| OpenError::new("cache", error.to_string()))?;
            return Ok(Self::Sqlite(opened, Aside::default()));
        };
        Ok(Self::Redis(Redis::open(address, &settings.prefix, timeout, local).await))
    }

    /// The values of these keys; `Err`: there was no answer.
    pub async fn get(&self, keys: &[String]) -> Result<Vec<Option<Bytes>>, ()> {
        match self {
            Self::Redis(redis) => redis.get(keys).await,
            Self::Sqlite(sqlite, _) => Ok(sqlite.get(keys.to_vec()).await),
        }
    }

    /// Keeps values; false if there was no answer.
    pub async fn put(&self, entries: Vec<(String, Bytes)>) -> bool {
        match self {
            Self::Redis(redis) => redis.put(entries).await,
            Self::Sqlite(sqlite, _) => {
                sqlite.put(entries).await;
                true
            }
        }
    }

    /// Values of which there are copies are still used.
    pub async fn prolong(&self, entries: Vec<(String, Bytes)>) {
        match self {
            Self::Redis(redis) => redis.prolong(&entries.into_iter().map(|(key, _)| key).collect::<Vec<_>>()).await,
            Self::Sqlite(sqlite, _) => {
                let is_limited = |(key, _): &(String, Bytes)| own_lifetime(key).is_some();
                sqlite.put(entries.into_iter().filter(is_limited).collect()).await;
            }
        }
    }

    /// Whether reading a value is to have it live on: if it has no lifetime of its own. SQLite notes by itself what was
    /// used.
    pub fn is_touched(&self, key: &str) -> bool {
        matches!(self, Self::Redis(_)) && own_lifetime(key).is_none()
    }

    /// Whether a value that was read now is left alone for half of its lifetime. In SQLite, where rewriting it costs, it
    /// may go at the end of that.
    pub fn is_fresh(&self, key: &str) -> bool {
        matches!(self, Self::Sqlite(..)) || self.is_touched(key)
    }

    /// Has values live on that were read.
    pub async fn touch(&self, keys: Vec<String>) {
        if let Self::Redis(redis) = self {
            redis.prolong(&keys).await;
        }
    }

    pub async fn remove(&self, keys: &[String]) {
        match self {
            Self::Redis(redis) => redis.remove(keys).await,
            Self::Sqlite(sqlite, aside) => {
                aside.remove(keys);
                sqlite.remove(keys.to_vec()).await;
            }
        }
    }

    /// Takes the lock that says which instance makes a value. Where there is one instance, nobody needs to be asked.
    pub async fn lock(&self, key: &str, token: &str, time: Duration) -> Lock {
        match self {
            Self::Redis(redis) => redis.lock(key, token, time).await,
            Self::Sqlite(..) => Lock::Gone,
        }
    }

    /// Opens locks.
    pub async fn unlock(&self, locks: Vec<(String, String)>) {
        if let Self::Redis(redis) = self
            && !locks.is_empty()
        {
            redis.unlock(locks).await;
        }
    }

    pub async fn claim(&self, key: &str, token: &str, time: Duration) -> bool {
        match self {
            Self::Redis(redis) => redis.claim(key, token, time).await,
            Self::Sqlite(_, aside) => aside.claim(key, token, time),
        }
    }

    pub async fn give_back(&self, taken: &[(String, String)]) {
        match self {
            Self::Redis(redis) => redis.give_back(taken).await,
            Self::Sqlite(_, aside) => taken.iter().for_each(|(key, token)| aside.give_back(key, token)),
        }
    }

    pub async fn add_member(&self, set: &str, member: &str) -> u64 {
        match self {
            Self::Redis(redis) => redis.add_member(set, member).await,
            Self::Sqlite(_, aside) => aside.add_member(set, member),
        }
    }

    pub async fn count_members(&self, set: &str) -> u64 {
        match self {
            Self::Redis(redis) => redis.count_members(set).await,
            Self::Sqlite(_, aside) => aside.count_members(set),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Redis(_) => "redis",
            Self::Sqlite(..) => "sqlite",
        }
    }

    /// What there is; what was asked is counted elsewhere.
    pub async fn statistics(&self) -> LayerStatistics {
        match self {
            Self::Redis(redis) => {
                let (entries, bytes) = redis.size().await;
                LayerStatistics { name: self.name(), entries, bytes, ..LayerStatistics::default() }
            }
            Self::Sqlite(sqlite, _) => sqlite.statistics().await,
        }
    }

    pub async fn check(&self) -> Health {
        match self {
            Self::Redis(redis) => Health::of(self.name(), redis.check()).await,
            Self::Sqlite(sqlite, _) => Health::of(self.name(), sqlite.check()).await,
        }
    }
}

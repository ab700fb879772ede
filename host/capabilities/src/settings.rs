//! What the capabilities are made of: sections of the configuration file.

use std::path::PathBuf;

use serde::Deserialize;

use crate::{Blobs, Events, OpenError, cache};

/// All capabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Bytes between requests.
    pub cache: CacheSettings,
    /// Large values.
    pub blobs: BlobsSettings,
    /// Work for whoever takes it.
    pub events: EventsSettings,
    /// Where archives are fetched from, and who says what was pushed.
    pub forge: ForgeSettings,
}

impl Settings {
    /// Whether these can be used, as far as nobody has to be asked: the first setting that cannot, and what would be right.
    pub fn check(&self) -> Result<(), OpenError> {
        Blobs::open(&self.blobs, &self.forge, PathBuf::new())?;
        Events::open(&self.events, &self.forge)?;
        cache::address(&self.cache).map(drop)
    }
}

/// Bytes between requests: memory over Redis or, without an address, over SQLite.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CacheSettings {
    /// Most bytes in memory.
    pub memory: u64,
    /// Address of a Redis: `redis://user:password@host:port/database`, or `rediss://` for TLS; of a cluster:
    /// `redis+cluster://host:port,host:port` (`rediss+cluster://`); of what sentinels watch:
    /// `redis+sentinel://host:port,host:port/name/database` (`rediss+sentinel://`). None: SQLite.
    pub url: Option<String>,
    /// File of certificates (PEM), one of which Redis's must be signed with. None: those that the system trusts.
    pub certificates: Option<PathBuf>,
    /// In front of every key in Redis.
    pub prefix: String,
    /// How long is waited for Redis, in milliseconds, before it counts as gone.
    pub timeout: u64,
}

impl Default for CacheSettings {
    fn default() -> Self {
        Self { memory: 256 << 20, url: None, certificates: None, prefix: "astlas:".into(), timeout: 1000 }
    }
}

impl std::fmt::Debug for CacheSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The address may hold a password, and secrets stay out of logs.
        let mut settings = formatter.debug_struct("CacheSettings");
        settings.field("memory", &self.memory).field("prefix", &self.prefix).field("timeout", &self.timeout);
        settings.finish_non_exhaustive()
    }
}

/// Large values: a bucket of Cloud Storage or, without one, a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlobsSettings {
    /// The folder; none: `blobs` in the folder of the cache.
    pub folder: Option<PathBuf>,
    /// Name of the bucket.
    pub bucket: Option<String>,
    /// In front of every name.
    pub prefix: String,
    /// Address of Cloud Storage; none: `STORAGE_EMULATOR_HOST`, else Google's.
    pub endpoint: Option<String>,
}

/// Work for whoever takes it: Pub/Sub or, without a topic, a queue in this process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventsSettings {
    /// Google's name of the project.
    pub project: Option<String>,
    /// Where messages are published.
    pub topic: Option<String>,
    /// Where `astlas worker` takes messages from. Not needed where Pub/Sub pushes to `/pubsub/push`.
    pub subscription: Option<String>,
    /// Address of Pub/Sub; none: `PUBSUB_EMULATOR_HOST`, else Google's.
    pub endpoint: Option<String>,
}

/// The forge.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForgeSettings {
    /// Address of its interface.
    pub api: String,
    /// What it lets us in with.
    pub token: Option<String>,
    /// What it signs its messages with. Without one, none is believed.
    pub secret: Option<String>,
}

impl Default for ForgeSettings {
    fn default() -> Self {
        Self { api: "https://api.github.com".into(), token: None, secret: None }
    }
}

impl std::fmt::Debug for ForgeSettings {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Secrets stay out of logs.
        formatter.debug_struct("ForgeSettings").field("api", &self.api).finish_non_exhaustive()
    }
}

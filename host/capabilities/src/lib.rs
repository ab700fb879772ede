//! The four capabilities that functions reach the world through, by configuration. Without any, they need no server: a
//! SQLite file, a folder, a queue in this process.

mod blobs;
pub mod cache;
mod crypto;
mod error;
mod events;
mod health;
pub mod redis;
mod settings;
pub mod threads;
mod web;

use std::{path::PathBuf, sync::Arc};

pub use blobs::Blobs;
pub use cache::Cache;
pub use crypto::install as install_crypto;
pub use error::{HIDDEN, OpenError, without_password};
pub use events::{Events, Failed, Pulling, given_up, pull, tenant};
pub use health::Health;
pub use settings::{BlobsSettings, CacheSettings, EventsSettings, ForgeSettings, Settings};
pub use web::{client as http_client, exchange, told as told_without_address};

/// All of them.
pub struct Capabilities {
    /// Bytes between requests.
    pub cache: Cache,
    /// Large values.
    pub blobs: Arc<Blobs>,
    /// Work for whoever takes it.
    pub events: Events,
}

impl Capabilities {
    /// Opens what the settings name. Servers need not be there yet; a setting that cannot be right is an error. Without a
    /// Redis, the cache is a file opened as `embedded` says; without a bucket or folder, blobs are in
    /// `default_blob_folder`.
    pub async fn open(
        settings: Settings,
        embedded: astlas_cache::Settings,
        default_blob_folder: PathBuf,
    ) -> Result<Self, OpenError> {
        Ok(Self {
            blobs: Arc::new(Blobs::open(&settings.blobs, &settings.forge, default_blob_folder)?),
            events: Events::open(&settings.events, &settings.forge)?,
            cache: Cache::open(&settings.cache, embedded).await?,
        })
    }
}

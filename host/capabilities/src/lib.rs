//! The four capabilities that functions reach the world through, by configuration. Without any, they need no server: a
//! SQLite file, a folder, a queue in this process.

pub mod cache;
mod crypto;
mod error;
mod health;
mod settings;

pub use cache::Cache;
pub use error::OpenError;
pub use health::Health;
pub use settings::{BlobsSettings, CacheSettings, EventsSettings, ForgeSettings, Settings};

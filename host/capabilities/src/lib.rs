//! The four capabilities that functions reach the world through, by configuration. Without any, they need no server: a
//! SQLite file, a folder, a queue in this process.

mod settings;

pub use settings::{BlobsSettings, CacheSettings, EventsSettings, ForgeSettings, Settings};

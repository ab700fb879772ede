//! The embedded cache: bytes under string keys in one SQLite file, shared by threads and by processes.
//!
//! In goes a directory; out comes what was put there before, or nothing. The cache is the command line's twin of the
//! service's Redis and keeps the same bargain: losing it costs time, never an answer. So no call returns an error. What
//! goes wrong becomes a [`Warning`] for the caller to print, once each. What cannot be read is not there; what cannot be
//! written is kept in memory, for as long as the cache is open.
//!
//! Values are opaque here and carry their own checksum: a byte altered inside a value is its reader's to notice.
//!
//! ```
//! use astlas_cache::{Cache, Entry, Settings};
//!
//! let directory = tempfile::tempdir()?;
//! let cache = Cache::open(Settings::new(directory.path()));
//! cache.put(&[Entry { key: "ast:1:python:af13", value: b"tags", ttl: None }]);
//! assert_eq!(cache.get(&["ast:1:python:af13", "ast:1:python:0000"]), [Some(b"tags".to_vec()), None]);
//! assert_eq!(cache.take_warnings(), []);
//! # Ok::<(), std::io::Error>(())
//! ```

mod aside;
mod cache;
mod clock;
mod components;
mod connection;
mod evict;
mod fault;
mod gate;
mod opening;
mod pause;
mod place;
mod read;
mod schema;
mod settings;
mod stats;
mod store;
mod unwritten;
mod warning;
mod write;

pub use cache::Cache;
pub use settings::{Clock, Settings};
pub use stats::{Kind, Mode, Stats};
pub use warning::{Reason, Warning};
pub use write::Entry;

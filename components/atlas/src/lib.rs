//! The use cases, written once: index a tree, then map, rank, deps, symbols and context over what the index holds.
//!
//! Portable Rust without I/O of its own: files, cache and stages come in through the traits of [`ports`]. The command
//! line links this crate natively; the HTTP functions compile it to wasm. Either way the stages are the same artifacts.

mod advance;
mod assemble;
pub mod blobs;
pub mod commits;
pub mod communities;
pub mod context;
pub mod cycles;
pub mod deps;
pub mod history;
pub mod index;
pub mod indexed;
pub mod keys;
pub mod map;
pub mod memory;
pub mod outline;
pub mod ports;
pub mod rank;
mod recall;
pub mod snapshot;
pub mod source;
pub mod symbols;
mod update;
pub mod upload;
pub mod versions;

pub use assemble::file_names;
pub use recall::Parsed;

use astlas_model::{Detector, stored};

use ports::{Cache, StageError, Stages};

/// The use cases over one set of ports, for one repository.
pub struct Atlas<S, C> {
    /// The sandboxed stages.
    pub stages: S,
    /// Where values are kept between runs.
    pub cache: C,
    /// Name of the repository: part of the keys of what belongs to it as a whole.
    pub repository: String,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The languages the parser knows: asked once for each build of it, then cached.
    pub async fn detector(&self) -> Result<Detector, StageError> {
        let key = keys::languages(self.stages.revision());
        if let Some(languages) = self.recall(&key).await {
            return Ok(Detector::new(languages));
        }
        let languages = self.stages.languages()?;
        self.remember(key, &languages).await;
        Ok(Detector::new(languages))
    }

    /// A value of the cache; one that does not decode is as good as none.
    async fn recall<T: serde::de::DeserializeOwned>(&self, key: &str) -> Option<T> {
        let found = self.cache.get(&[key.to_owned()]).await;
        found.into_iter().next().flatten().and_then(|bytes| stored::decode(&bytes).ok())
    }

    async fn remember<T: serde::Serialize>(&self, key: String, value: &T) {
        self.cache.put(vec![(key, stored::encode(value))]).await;
    }
}

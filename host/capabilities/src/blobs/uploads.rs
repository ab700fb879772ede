//! Uploads to a bucket that are under way in this process.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use astlas_google::storage::{self, Upload};
use uuid::Uuid;

/// More than so many are many: each keeps a part in memory.
const MANY: usize = 32;

/// All of them, by names that cannot be guessed.
pub struct Uploads {
    known: Mutex<storage::Uploads>,
    begun: Instant,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { known: Mutex::new(storage::Uploads::new(MANY)), begun: Instant::now() }
    }
}

impl Uploads {
    /// Adds one of the value `name`: its own name.
    pub fn add(&self, name: String, address: String) -> String {
        let id = Uuid::new_v4().simple().to_string();
        self.put(id.clone(), Upload::new(name, address));
        id
    }

    /// Takes one out, to work on it.
    pub fn take(&self, id: &str) -> Option<Upload> {
        self.lock().take(id)
    }

    /// Puts one back.
    pub fn put(&self, id: String, upload: Upload) {
        self.lock().put(id, upload, self.now());
    }

    /// Takes out those that nobody goes on with.
    pub fn take_stale(&self) -> Vec<Upload> {
        self.lock().take_stale(self.now())
    }

    fn now(&self) -> u64 {
        self.begun.elapsed().as_secs()
    }

    fn lock(&self) -> MutexGuard<'_, storage::Uploads> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

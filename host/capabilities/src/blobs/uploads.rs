//! Uploads to a bucket that are under way in this process.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use astlas_google::storage::Upload;
use uuid::Uuid;

/// More are many: each keeps a part in memory.
const MANY: usize = 32;

/// All of them, by names that cannot be guessed.
pub struct Uploads {
    all: Mutex<astlas_conventions::Uploads<Upload>>,
    begun: Instant,
}

impl Default for Uploads {
    fn default() -> Self {
        Self { all: Mutex::new(astlas_conventions::Uploads::new(MANY)), begun: Instant::now() }
    }
}

impl Uploads {
    /// Adds one: its own name.
    pub fn add(&self, upload: Upload) -> String {
        let id = Uuid::new_v4().simple().to_string();
        self.put(&id, upload);
        id
    }

    /// Takes one out, to work on it.
    pub fn take(&self, id: &str) -> Option<Upload> {
        self.lock().take(id)
    }

    /// Puts one back.
    pub fn put(&self, id: &str, upload: Upload) {
        self.lock().put(id.into(), upload, self.begun.elapsed());
    }

    /// Takes out those that nobody goes on with.
    pub fn take_stale(&self) -> Vec<Upload> {
        self.lock().take_stale(self.begun.elapsed())
    }

    fn lock(&self) -> MutexGuard<'_, astlas_conventions::Uploads<Upload>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

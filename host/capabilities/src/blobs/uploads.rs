//! Uploads to a bucket that are under way. The last part of each is kept back: it is sent another way, and that it is
//! the last is known at the end.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use bytes::Bytes;
use uuid::Uuid;

/// An upload of which nothing was heard for so long is given up.
const STALE: Duration = Duration::from_secs(3600);
/// The same where there are many: each keeps a part in memory.
const MANY: usize = 32;
const STALE_OF_MANY: Duration = Duration::from_secs(120);

/// An upload.
#[derive(Clone)]
pub struct Upload {
    /// Where its parts go. Not shown to functions: whoever knows it may write.
    pub address: String,
    /// Where the part that was kept back begins, and the part.
    pub offset: u64,
    pub part: Bytes,
    heard: Instant,
}

/// All of them, by names that cannot be guessed.
#[derive(Default)]
pub struct Uploads(Mutex<BTreeMap<String, Upload>>);

impl Uploads {
    /// Adds one: its name.
    pub fn add(&self, address: String) -> String {
        let name = Uuid::new_v4().simple().to_string();
        self.put(name.clone(), Upload { address, offset: 0, part: Bytes::new(), heard: Instant::now() });
        name
    }

    /// Takes one out, to work on it.
    pub fn take(&self, name: &str) -> Option<Upload> {
        self.lock().remove(name)
    }

    /// Puts one back.
    pub fn put(&self, name: String, upload: Upload) {
        self.lock().insert(name, Upload { heard: Instant::now(), ..upload });
    }

    /// Takes out those that nobody goes on with.
    pub fn take_stale(&self) -> Vec<Upload> {
        let mut uploads = self.lock();
        let limit = if uploads.len() > MANY { STALE_OF_MANY } else { STALE };
        let stale = uploads.iter().filter(|(_, upload)| upload.heard.elapsed() > limit).map(|(name, _)| name.clone());
        let stale: Vec<_> = stale.collect();
        stale.iter().filter_map(|name| uploads.remove(name)).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Upload>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

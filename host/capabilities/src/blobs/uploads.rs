//! Uploads to a bucket that are under way. The last part of each is kept back: it is sent another way, and that it is
//! the last is known at the end.

use std::{
    collections::BTreeMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use astlas_google::storage::Content;
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
    /// Of the value.
    pub name: String,
    /// Where its parts go. Not shown to functions: whoever knows it may write.
    pub address: String,
    /// Where the part that was kept back begins, and the part.
    pub offset: u64,
    pub part: Bytes,
    /// What came so far, that part included.
    pub whole: Content,
    heard: Instant,
}

/// All of them, by names that cannot be guessed.
#[derive(Default)]
pub struct Uploads(Mutex<BTreeMap<String, Upload>>);

impl Uploads {
    /// Adds one of the value `name`: its own name.
    pub fn add(&self, name: String, address: String) -> String {
        let upload = Uuid::new_v4().simple().to_string();
        let (part, whole, heard) = (Bytes::new(), Content::default(), Instant::now());
        self.put(upload.clone(), Upload { name, address, offset: 0, part, whole, heard });
        upload
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

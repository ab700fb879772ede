//! A store of the test's own: in memory, counted, and out of reach when the test says so.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use astlas_atlas::ports::Unavailable;
use astlas_identity::Store;
use bytes::Bytes;
use futures_util::future::BoxFuture;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    Well,
    /// Answers that it cannot.
    Failing,
    /// Does not answer.
    Silent,
}

pub struct Scripted {
    pub values: Mutex<BTreeMap<String, Bytes>>,
    pub mood: Mutex<Mood>,
    pub reads: AtomicUsize,
}

impl Default for Scripted {
    fn default() -> Self {
        Self { values: Mutex::default(), mood: Mutex::new(Mood::Well), reads: AtomicUsize::new(0) }
    }
}

impl Scripted {
    pub fn set(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }

    /// How many reads there were since this was asked last.
    pub fn reads(&self) -> usize {
        self.reads.swap(0, SeqCst)
    }

    async fn answer(&self) -> Result<(), Unavailable> {
        tokio::task::yield_now().await;
        let mood = *self.mood.lock().unwrap();
        match mood {
            Mood::Well => Ok(()),
            Mood::Failing => Err(Unavailable("the store is away".into())),
            Mood::Silent => std::future::pending().await,
        }
    }
}

impl Store for Scripted {
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, Unavailable>> {
        Box::pin(async move {
            self.reads.fetch_add(1, SeqCst);
            self.answer().await?;
            Ok(self.values.lock().unwrap().get(name).cloned())
        })
    }

    fn write<'a>(&'a self, name: &'a str, value: Bytes) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            self.answer().await?;
            self.values.lock().unwrap().insert(name.into(), value);
            Ok(())
        })
    }

    fn list<'a>(&'a self, prefix: &'a str, after: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        Box::pin(async move {
            self.answer().await?;
            let values = self.values.lock().unwrap();
            // Two at once, so that a listing has pages.
            Ok(values
                .keys()
                .filter(|name| name.starts_with(prefix) && name.as_str() > after)
                .take(2)
                .cloned()
                .collect())
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move {
            self.answer().await?;
            self.values.lock().unwrap().remove(name);
            Ok(())
        })
    }
}

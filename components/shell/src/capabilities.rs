//! The capabilities, imported.

use astlas_atlas::ports::{Blobs, Cache, Clock, Events, Unavailable};

use crate::{
    Imports,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
};

impl Cache for Imports {
    async fn get(&self, keys: &[String]) -> Vec<Option<Vec<u8>>> {
        if keys.is_empty() { vec![] } else { cache::get(keys.to_vec()).await }
    }

    async fn put(&self, entries: Vec<(String, Vec<u8>)>) {
        if !entries.is_empty() {
            cache::put(entries.into_iter().map(|(key, value)| cache::Entry { key, value }).collect()).await;
        }
    }
}

impl Blobs for Imports {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        blobs::read(name.to_owned(), offset, length).await.map_err(Unavailable)
    }

    async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        blobs::begin(name.to_owned()).await.map_err(Unavailable)
    }

    async fn append(&self, upload: &str, offset: u64, part: Vec<u8>) -> Result<(), Unavailable> {
        blobs::append(upload.to_owned(), offset, part).await.map_err(Unavailable)
    }

    async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        blobs::finish(upload.to_owned(), size).await.map_err(Unavailable)
    }
}

impl Events for Imports {
    async fn publish(&self, message: Vec<u8>) -> Result<(), Unavailable> {
        events::publish(message).await.map_err(Unavailable)
    }
}

impl Clock for Imports {
    fn microseconds(&self) -> u64 {
        telemetry::microseconds()
    }
}

//! The capabilities, as a function imports them. The store is not held while they wait.

use std::sync::Arc;

use wasmtime::{Result, component::Accessor};

use crate::{
    Shared,
    bindings::astlas::{blobs::blobs, cache::cache, events::events, telemetry::telemetry},
    state::{Imports, State},
};

/// What the request shares with all others.
fn shared<T: Send + 'static>(store: &Accessor<T, Imports>) -> Arc<Shared> {
    store.with(|mut access| access.get().shared.clone())
}

impl cache::Host for State {}

impl<T: Send + 'static> cache::HostWithStore<T> for Imports {
    async fn get(store: &Accessor<T, Self>, keys: Vec<String>) -> Result<Vec<Option<Vec<u8>>>> {
        Ok(shared(store).cache.get(keys).await)
    }

    async fn put(store: &Accessor<T, Self>, entries: Vec<cache::Entry>) -> Result<()> {
        shared(store).cache.put(entries.into_iter().map(|cache::Entry { key, value }| (key, value)).collect()).await;
        Ok(())
    }
}

impl blobs::Host for State {}

impl<T: Send + 'static> blobs::HostWithStore<T> for Imports {
    async fn read(
        store: &Accessor<T, Self>,
        name: String,
        offset: u64,
        length: u64,
    ) -> Result<Result<Option<Vec<u8>>, String>> {
        Ok(shared(store).blobs.read(&name, offset, length).await)
    }

    async fn begin(store: &Accessor<T, Self>, name: String) -> Result<Result<String, String>> {
        Ok(shared(store).blobs.begin(&name).await)
    }

    async fn append(
        store: &Accessor<T, Self>,
        upload: String,
        offset: u64,
        part: Vec<u8>,
    ) -> Result<Result<(), String>> {
        Ok(shared(store).blobs.append(&upload, offset, &part).await)
    }

    async fn finish(store: &Accessor<T, Self>, upload: String, size: u64) -> Result<Result<(), String>> {
        Ok(shared(store).blobs.finish(&upload, size).await)
    }
}

impl events::Host for State {}

impl<T: Send + 'static> events::HostWithStore<T> for Imports {
    async fn publish(store: &Accessor<T, Self>, message: Vec<u8>) -> Result<Result<(), String>> {
        Ok(shared(store).queue.publish(message).await)
    }
}

impl telemetry::Host for State {
    fn microseconds(&mut self) -> Result<u64> {
        Ok(u64::try_from(self.shared.started.elapsed().as_micros()).unwrap_or(u64::MAX))
    }
}

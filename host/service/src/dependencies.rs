//! What the service depends on, as its health and its metrics see it.

use std::sync::Arc;

use astlas_capabilities::{Health, cache::LayerStatistics};

use crate::{
    Shared,
    health::{Checked, Dependency},
    metrics::Sample,
};

/// All of them.
pub fn all(shared: &Arc<Shared>) -> Vec<Arc<dyn Dependency>> {
    // What cannot be read from the cache is made again; the others have no substitute.
    let named = [("cache", false), ("blobs", true), ("events", true)];
    named
        .into_iter()
        .map(|(name, is_needed)| {
            Arc::new(Capability { shared: shared.clone(), name, is_needed }) as Arc<dyn Dependency>
        })
        .collect()
}

struct Capability {
    shared: Arc<Shared>,
    name: &'static str,
    is_needed: bool,
}

impl Dependency for Capability {
    fn name(&self) -> &'static str {
        self.name
    }

    fn is_needed(&self) -> bool {
        self.is_needed
    }

    fn check(&self) -> Checked<'_> {
        Box::pin(async {
            let capabilities = &self.shared.capabilities;
            let Health { name, state } = match self.name {
                "cache" => capabilities.cache.check().await,
                "blobs" => capabilities.blobs.check().await,
                _ => capabilities.events.check().await,
            };
            state.map(drop).map_err(|error| format!("{name}: {error}"))
        })
    }
}

/// What the layers of the cache count.
pub fn samples(layers: Vec<LayerStatistics>) -> Vec<Sample> {
    let mut samples = vec![];
    for LayerStatistics { name: layer, entries, bytes, kinds } in layers {
        if let (Some(entries), Some(bytes)) = (entries, bytes) {
            samples.push(Sample::CacheSize { layer, entries, bytes });
        }
        samples.extend(kinds.into_iter().map(|(kind, counted)| Sample::CacheRequests {
            layer,
            kind,
            hits: counted.hits,
            misses: counted.misses,
            errors: counted.errors,
        }));
    }
    samples
}

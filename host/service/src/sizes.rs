//! What the capabilities count for themselves, as metrics.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use astlas_capabilities::cache::LayerStatistics;

use crate::{Shared, metrics::Sample};

/// How often the sizes of layers are asked for that have to look: of a large file, that takes a tenth of a second.
const LOOK: Duration = Duration::from_secs(60);

/// Adds the samples; sizes are kept up to date for as long as there is something to ask.
pub fn measure(shared: &Arc<Shared>) {
    let seen = Arc::new(Mutex::new(vec![]));
    let (weak, known) = (Arc::downgrade(shared), seen.clone());
    shared.metrics.add(move || {
        let Some(shared) = weak.upgrade() else { return vec![] };
        let mut samples: Vec<_> = known.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for layer in shared.capabilities.cache.asked() {
            samples.extend(requests(&layer));
            samples.extend(size(&layer));
        }
        let events = &shared.capabilities.events;
        samples.extend(events.waiting().map(|depth| Sample::Queue { depth: depth as u64, age: events.age() }));
        samples
    });
    let weak = Arc::downgrade(shared);
    tokio::spawn(async move {
        while let Some(shared) = weak.upgrade() {
            let layers = shared.capabilities.cache.statistics().await;
            drop(shared);
            // Memory, which comes first, is asked whenever somebody wants to know.
            let sizes = layers.iter().skip(1).filter_map(size).collect();
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = sizes;
            tokio::time::sleep(LOOK).await;
        }
    });
}

fn requests(layer: &LayerStatistics) -> Vec<Sample> {
    let sample = |(kind, counted): (&String, &astlas_capabilities::cache::Counted)| Sample::CacheRequests {
        layer: layer.name,
        kind: kind.clone(),
        hits: counted.hits,
        misses: counted.misses,
        errors: counted.errors,
    };
    layer.kinds.iter().map(sample).collect()
}

fn size(layer: &LayerStatistics) -> Option<Sample> {
    Some(Sample::CacheSize { layer: layer.name, entries: layer.entries?, bytes: layer.bytes? })
}

//! What the service depends on, as its health sees it.

use std::sync::Arc;

use crate::{
    Shared,
    health::{Checked, Dependency},
};

/// All of them.
pub fn all(shared: &Arc<Shared>) -> Vec<Arc<dyn Dependency>> {
    let (cache, blobs) = (Arc::new(Cache(shared.clone())), Arc::new(Blobs(shared.clone())));
    vec![cache, blobs, Arc::new(Room(shared.clone())), Arc::new(Events(shared.clone()))]
}

struct Cache(Arc<Shared>);

impl Dependency for Cache {
    fn name(&self) -> &'static str {
        "cache"
    }

    /// What cannot be read is made again.
    fn is_needed(&self) -> bool {
        false
    }

    fn check(&self) -> Checked<'_> {
        Box::pin(async { self.0.capabilities.cache.check().await.state.map(drop) })
    }
}

struct Blobs(Arc<Shared>);

impl Dependency for Blobs {
    fn name(&self) -> &'static str {
        "blobs"
    }

    fn is_needed(&self) -> bool {
        true
    }

    fn check(&self) -> Checked<'_> {
        Box::pin(async { self.0.capabilities.blobs.check().await.state.map(drop) })
    }
}

struct Room(Arc<Shared>);

impl Dependency for Room {
    fn name(&self) -> &'static str {
        "room"
    }

    /// What is kept is answered from; only new work has to wait.
    fn is_needed(&self) -> bool {
        false
    }

    fn check(&self) -> Checked<'_> {
        Box::pin(async { self.0.capabilities.blobs.check_room().await.state.map(drop) })
    }
}

struct Events(Arc<Shared>);

impl Dependency for Events {
    fn name(&self) -> &'static str {
        "events"
    }

    /// What is indexed is answered from; only new work has to wait.
    fn is_needed(&self) -> bool {
        false
    }

    fn check(&self) -> Checked<'_> {
        Box::pin(async { self.0.capabilities.events.check().await.state.map(drop) })
    }
}

//! What the service depends on, as its health sees it.

use std::sync::Arc;

use crate::{
    Shared,
    health::{Checked, Dependency},
};

/// Names that nothing is kept under.
const NOTHING: &str = "health";

/// All of them.
pub fn all(shared: &Arc<Shared>) -> Vec<Arc<dyn Dependency>> {
    vec![Arc::new(Cache(shared.clone())), Arc::new(Blobs(shared.clone()))]
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
        Box::pin(async {
            self.0.cache.get(vec![NOTHING.to_owned()]).await;
            Ok(())
        })
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
        Box::pin(async { self.0.blobs.read(NOTHING, 0, 1).await.map(drop) })
    }
}

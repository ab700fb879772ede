//! What the read side needs from outside.

use astlas_atlas::ports::{Blobs, Clock, SharedCache, Stages};

/// The stages, the cache, the blobs and the clock.
pub trait Ports: Stages + SharedCache + Blobs + Clock + Clone {}

impl<P: Stages + SharedCache + Blobs + Clock + Clone> Ports for P {}

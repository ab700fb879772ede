//! What counts for itself and is asked when somebody reads the metrics.

use std::time::Duration;

/// Something that counts for itself. Asked often, so it answers from what it knows.
pub trait Source: Send + Sync {
    /// What there is to say now.
    fn samples(&self) -> Vec<Sample>;
}

impl<F: Fn() -> Vec<Sample> + Send + Sync> Source for F {
    fn samples(&self) -> Vec<Sample> {
        self()
    }
}

/// What a source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sample {
    /// How often values were asked for, since the start.
    CacheRequests {
        /// `memory`, `redis` or `sqlite`.
        layer: &'static str,
        /// How the key begins: one of few.
        kind: String,
        /// Values that were there.
        hits: u64,
        /// Values that were not.
        misses: u64,
        /// Times that the layer did not answer.
        errors: u64,
    },
    /// What a layer of the cache keeps.
    CacheSize {
        /// `memory`, `redis` or `sqlite`.
        layer: &'static str,
        /// Their number.
        entries: u64,
        /// Bytes of them.
        bytes: u64,
    },
    /// Messages of the queue in this process that wait.
    Queue {
        /// How many.
        depth: u64,
        /// How long the oldest could have been worked on.
        age: Duration,
    },
    /// Instances that wait with a repository open.
    Warm {
        /// How many.
        instances: u64,
        /// Their memory.
        bytes: u64,
    },
    /// Instances of a function.
    Instances {
        /// `query` or `ingest`.
        function: &'static str,
        /// How many work.
        used: u64,
        /// How many may at once.
        limit: u64,
    },
}

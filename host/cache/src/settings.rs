//! What the caller decides about a cache.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::components;

/// Where the cache takes the time of day from.
pub type Clock = fn() -> SystemTime;

/// Room for the tags of some 200,000 files.
const LIMIT_BYTES: u64 = 1 << 30;

/// Longer than the longest write takes on a busy machine: one that evicts a fifth of the default limit.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Where a cache lives and what it may take.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The directory of the cache file; made when missing, readable by its owner only.
    pub directory: PathBuf,
    /// Most bytes that the compiled components and what is in use of the file may take together; what was not used for
    /// longest goes first. Half of it is the file's in any case. Default 1 GiB.
    pub limit_bytes: u64,
    /// Longest wait for another process. Default 5 s.
    pub busy_timeout: Duration,
    /// The time of day, for lifetimes and for what was used last. Default the system's clock, which may jump.
    pub clock: Clock,
}

impl Settings {
    /// The defaults, in `directory`.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            limit_bytes: LIMIT_BYTES,
            busy_timeout: BUSY_TIMEOUT,
            clock: SystemTime::now,
        }
    }

    /// The folder for compiled components: counted and cleared with the cache, and no longer kept once they are old.
    pub fn components(&self) -> PathBuf {
        self.directory.join(components::FOLDER)
    }
}

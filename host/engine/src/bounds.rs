//! What bounds an instance of a stage from outside: its memory, and whoever watches the call.

use std::{fmt, ops::ControlFlow, sync::Arc};

use wasmtime::{ResourceLimiter, Result, StoreLimits, StoreLimitsBuilder};

use crate::config::MEMORY_LIMIT;

/// Growing a memory by so many bytes is beyond what 32-bit addresses reach. No program needs that: it is how a finished
/// component asks whether it may go on (xtask/src/meter.rs).
const ALL_ADDRESSES: usize = 1 << 32;

/// Looked at while a stage computes, every few milliseconds, on the thread that does.
pub trait Watch: Send + Sync {
    /// Whether the call may go on. Should it not, its instance is thrown away.
    fn look(&self) -> ControlFlow<()>;
}

/// A call was ended by whoever watched it.
#[derive(Debug)]
pub struct Ended;

impl fmt::Display for Ended {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ended: nobody waits for the answer any more")
    }
}

impl std::error::Error for Ended {}

/// The state of a store.
pub struct Bounds {
    limits: StoreLimits,
    watch: Option<Arc<dyn Watch>>,
}

impl Bounds {
    /// A component that asks for more memory than there may be, or than the host has, ends there and then. Left to go on,
    /// it would end itself, and nothing would tell the one from the other.
    pub fn new() -> Self {
        let limits = StoreLimitsBuilder::new().memory_size(MEMORY_LIMIT).trap_on_grow_failure(true).build();
        Self { limits, watch: None }
    }

    /// From now on this one watches, or nobody.
    pub fn watched_by(&mut self, watch: Option<Arc<dyn Watch>>) {
        self.watch = watch;
    }
}

impl ResourceLimiter for Bounds {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        if desired.saturating_sub(current) < ALL_ADDRESSES {
            return self.limits.memory_growing(current, desired, maximum);
        }
        match self.watch.as_ref().map_or(ControlFlow::Continue(()), |watch| watch.look()) {
            ControlFlow::Continue(()) => Ok(false),
            ControlFlow::Break(()) => Err(Ended.into()),
        }
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> Result<()> {
        self.limits.memory_grow_failed(error)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.limits.table_growing(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> Result<()> {
        self.limits.table_grow_failed(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_limited_and_the_host_may_lack_it() {
        let mut bounds = Bounds::new();
        assert!(bounds.memory_growing(0, MEMORY_LIMIT, None).unwrap());
        assert!(bounds.memory_growing(0, MEMORY_LIMIT + 1, None).is_err());
        let no_memory = wasmtime::Error::from(std::io::Error::from_raw_os_error(12));
        assert!(bounds.memory_grow_failed(no_memory).is_err());
    }

    #[test]
    fn who_watches_is_asked_and_may_end_the_call() {
        struct Says(ControlFlow<()>);
        impl Watch for Says {
            fn look(&self) -> ControlFlow<()> {
                self.0
            }
        }
        let mut bounds = Bounds::new();
        let mut ask = |watch: Option<Arc<dyn Watch>>| {
            bounds.watched_by(watch);
            bounds.memory_growing(MEMORY_LIMIT, MEMORY_LIMIT + ALL_ADDRESSES, None)
        };
        assert!(!ask(None).unwrap());
        assert!(!ask(Some(Arc::new(Says(ControlFlow::Continue(()))))).unwrap());
        assert!(ask(Some(Arc::new(Says(ControlFlow::Break(()))))).unwrap_err().is::<Ended>());
    }
}

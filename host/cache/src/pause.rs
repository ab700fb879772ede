//! A rest after a failure, so that a cache that is locked or out of room does not slow every call.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A rest lasts this many times the longest wait: at most a tenth of the time goes into waiting in vain.
const LENGTH: u32 = 10;

/// Until when nothing is tried.
#[derive(Debug, Default)]
pub(crate) struct Pause(Mutex<Option<Instant>>);

impl Pause {
    pub(crate) fn begin(&self, busy_timeout: Duration) {
        let end = Instant::now().checked_add(busy_timeout.saturating_mul(LENGTH));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = end;
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|end| Instant::now() < end)
    }
}

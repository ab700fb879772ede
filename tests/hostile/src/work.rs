//! How much the stages of this crate may work.

use crate::native;

/// Limits the work on each file, in the parser's units, on this thread; 0 is the parser's own limit.
pub fn limit(units: u64) {
    native::WORK_LIMIT.set(units);
}

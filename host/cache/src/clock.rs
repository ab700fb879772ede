//! Times as the file holds them: milliseconds since 1970, and what follows from them.
//!
//! Clocks jump, and processes on one file may disagree. A time in the future says nothing about age, so what bears one
//! counts as old: it is dropped first, and a lifetime that began in the future is over.

use std::time::{Duration, UNIX_EPOCH};

use crate::settings::Clock;

/// Age at which a use is noted again. Within it a warm run writes nothing.
const NOTE_AGAIN_AFTER: i64 = 60 * 60 * 1000;

/// How far ahead a time may lie and still count as now: clocks are corrected by small steps all day.
pub(crate) const AHEAD: i64 = 5 * 60 * 1000;

/// What `ttl` holds for a value without a lifetime.
pub(crate) const FOR_EVER: i64 = -1;

/// Milliseconds since 1970; a clock before that reads 0.
pub(crate) fn now(clock: Clock) -> i64 {
    clock().duration_since(UNIX_EPOCH).map_or(0, millis)
}

/// A lifetime as it is stored.
pub(crate) fn lifetime(ttl: Option<Duration>) -> i64 {
    ttl.map_or(FOR_EVER, millis)
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// Whether a value written at `written` to live for `ttl` is over.
pub(crate) fn is_over(written: i64, ttl: i64, now: i64) -> bool {
    ttl != FOR_EVER && (now >= written.saturating_add(ttl) || written > now.saturating_add(AHEAD))
}

/// Whether a use noted at `used` is too long ago to leave as it is.
pub(crate) fn is_stale(used: i64, now: i64) -> bool {
    now.saturating_sub(used) >= NOTE_AGAIN_AFTER || used > now.saturating_add(AHEAD)
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    const HOUR: i64 = NOTE_AGAIN_AFTER;

    fn before_1970() -> SystemTime {
        UNIX_EPOCH - Duration::from_secs(1)
    }

    #[test]
    fn a_clock_before_1970_reads_zero() {
        assert_eq!(now(before_1970), 0);
    }

    #[test]
    fn a_lifetime_ends_on_time_and_for_ever_does_not() {
        assert!(!is_over(1000, 500, 1499));
        assert!(is_over(1000, 500, 1500));
        assert!(!is_over(1000, FOR_EVER, i64::MAX));
        assert!(!is_over(1000, i64::MAX, i64::MAX - 1));
        assert_eq!(lifetime(Some(Duration::MAX)), i64::MAX);
    }

    #[test]
    fn what_began_in_the_future_is_over_unless_it_is_a_small_step() {
        assert!(!is_over(AHEAD, HOUR, 0));
        assert!(is_over(AHEAD + 1, HOUR, 0));
    }

    #[test]
    fn a_use_is_noted_again_after_an_hour_or_when_it_lies_ahead() {
        assert!(!is_stale(0, HOUR - 1));
        assert!(is_stale(0, HOUR));
        assert!(!is_stale(AHEAD, 0));
        assert!(is_stale(AHEAD + 1, 0));
        assert!(is_stale(i64::MIN, i64::MAX));
        assert!(is_stale(i64::MAX, i64::MIN));
    }
}

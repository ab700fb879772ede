//! How long tenants are believed that what they ask for is short.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use astlas_limits::Name;

/// What a tenant may have had of the short lane for what was long after all.
const MOST: Duration = Duration::from_millis(100);
/// Time after which a second of it is forgiven, in seconds.
const FORGIVEN: u32 = 50;
/// Tenants that are remembered before those who owe nothing are looked for.
const MANY: usize = 1000;

/// What each tenant had of the short lane for work that was long: a leaky bucket.
#[derive(Default)]
pub struct Credits {
    owed: Mutex<HashMap<Name, Owed>>,
}

#[derive(Clone, Copy)]
struct Owed {
    time: Duration,
    at: Instant,
}

impl Owed {
    fn at(self, now: Instant) -> Duration {
        self.time.saturating_sub(now.saturating_duration_since(self.at) / FORGIVEN)
    }
}

impl Credits {
    /// Whether a tenant's work is taken to be short until it turns out not to be.
    pub fn are_left(&self, tenant: &Name) -> bool {
        self.owed().get(tenant).is_none_or(|owed| owed.at(Instant::now()) < MOST)
    }

    /// Work of this tenant was long, and had so much of the short lane before that was known.
    pub fn charge(&self, tenant: &Name, time: Duration) {
        let (mut all, now) = (self.owed(), Instant::now());
        if all.len() >= MANY {
            all.retain(|_, owed| !owed.at(now).is_zero());
        }
        let before = all.get(tenant).map_or(Duration::ZERO, |owed| owed.at(now));
        // Work that was begun in good faith may overdraw, by as much again.
        all.insert(tenant.clone(), Owed { time: (before + time).min(2 * MOST), at: now });
    }

    fn owed(&self) -> MutexGuard<'_, HashMap<Name, Owed>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

    use super::*;

    #[test]
    fn who_was_wrong_too_often_is_not_believed_for_a_while() {
        let (credits, one, other) = (Credits::default(), Name::new("one").unwrap(), Name::new("other").unwrap());
        for _ in 0..1000 {
            credits.charge(&one, Duration::from_millis(5));
        }
        assert!(!credits.are_left(&one) && credits.are_left(&other));
        // As if five seconds had passed: a tenth of a second is forgiven, which leaves the other one.
        credits.owed().get_mut(&one).unwrap().at -= Duration::from_secs(5) + Duration::from_millis(50);
        assert!(credits.are_left(&one));
    }

    #[test]
    fn who_owes_nothing_is_forgotten() {
        let credits = Credits::default();
        for number in 0..3 * MANY {
            credits.charge(&Name::new(&format!("tenant-{number}")).unwrap(), Duration::from_nanos(1));
        }
        assert!(credits.owed().len() <= MANY, "{}", credits.owed().len());
    }
}

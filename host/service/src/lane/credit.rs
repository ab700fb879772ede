//! What tenants had of the processors lately. Who had little is not kept waiting for the length of what it asks; who had much
//! is, and who had much of the short lane for work that turned out to be long is not believed that it will be short.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use astlas_limits::Name;

/// What a tenant may have had to count as one that asks for little.
const LITTLE: Duration = Duration::from_millis(500);
/// How much of that is forgotten while time passes: an eighth of all cores.
const FORGOTTEN: u32 = 8;
/// What it may have had of the short lane for work that was long after all.
const WASTE: Duration = Duration::from_millis(100);
/// How much of that is forgotten while time passes: a fiftieth of a core.
const WASTE_FORGOTTEN: u32 = 50;
/// Tenants that are remembered before those that had nothing lately are looked for.
const MANY: usize = 1000;

/// What each tenant had: leaky buckets.
pub struct Credits {
    cores: u32,
    of: Mutex<HashMap<Name, Had>>,
}

#[derive(Clone, Copy)]
struct Had {
    used: Duration,
    wasted: Duration,
    at: Instant,
}

impl Credits {
    pub fn new(cores: usize) -> Self {
        Self { cores: u32::try_from(cores).unwrap_or(u32::MAX), of: Mutex::default() }
    }

    /// Whether a tenant had so little that what it asks for may be long.
    pub fn had_little(&self, tenant: &Name) -> bool {
        self.had(tenant).is_none_or(|had| had.used < LITTLE)
    }

    /// Whether its work is taken to be short until it turns out not to be.
    pub fn is_believed(&self, tenant: &Name) -> bool {
        self.had(tenant).is_none_or(|had| had.used < LITTLE || had.wasted < WASTE)
    }

    /// It had so much of a processor.
    pub fn used(&self, tenant: &Name, time: Duration) {
        self.add(tenant, time, Duration::ZERO);
    }

    /// It had so much of the short lane for work that was long.
    pub fn wasted(&self, tenant: &Name, time: Duration) {
        self.add(tenant, Duration::ZERO, time);
    }

    fn had(&self, tenant: &Name) -> Option<Had> {
        self.all().get(tenant).map(|had| self.at(*had, Instant::now()))
    }

    fn at(&self, Had { used, wasted, at }: Had, now: Instant) -> Had {
        let passed = now.saturating_duration_since(at);
        let used = used.saturating_sub(passed.saturating_mul(self.cores) / FORGOTTEN);
        Had { used, wasted: wasted.saturating_sub(passed / WASTE_FORGOTTEN), at: now }
    }

    fn add(&self, tenant: &Name, used: Duration, wasted: Duration) {
        let (mut all, now) = (self.all(), Instant::now());
        if all.len() >= MANY {
            all.retain(|_, had| {
                let had = self.at(*had, now);
                had.used > Duration::ZERO || had.wasted > Duration::ZERO
            });
        }
        let before = all
            .get(tenant)
            .map_or(Had { used: Duration::ZERO, wasted: Duration::ZERO, at: now }, |had| self.at(*had, now));
        // What was begun in good faith may be more than there is, by as much again.
        let (used, wasted) = ((before.used + used).min(2 * LITTLE), (before.wasted + wasted).min(2 * WASTE));
        all.insert(tenant.clone(), Had { used, wasted, at: now });
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Name, Had>> {
        self.of.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

    use super::*;

    fn pass(credits: &Credits, tenant: &Name, time: Duration) {
        credits.all().get_mut(tenant).unwrap().at -= time;
    }

    #[test]
    fn who_had_much_is_one_that_had_little_after_a_while() {
        let (credits, one, other) = (Credits::new(2), Name::new("one").unwrap(), Name::new("other").unwrap());
        for _ in 0..1000 {
            credits.used(&one, Duration::from_millis(5));
        }
        assert!(!credits.had_little(&one) && credits.had_little(&other));
        // It wasted nothing.
        assert!(credits.is_believed(&one));
        // Of two cores a quarter of a second in each.
        pass(&credits, &one, Duration::from_millis(1900));
        assert!(!credits.had_little(&one));
        pass(&credits, &one, Duration::from_millis(200));
        assert!(credits.had_little(&one));
    }

    #[test]
    fn who_was_wrong_too_often_is_not_believed_for_a_while() {
        let (credits, one) = (Credits::new(1), Name::new("one").unwrap());
        for _ in 0..1000 {
            credits.used(&one, Duration::from_millis(5));
            credits.wasted(&one, Duration::from_millis(5));
        }
        assert!(!credits.is_believed(&one));
        pass(&credits, &one, Duration::from_secs(6));
        assert!(credits.is_believed(&one));
    }

    #[test]
    fn who_had_nothing_lately_is_forgotten() {
        let credits = Credits::new(1);
        for number in 0..3 * MANY {
            credits.used(&Name::new(&format!("tenant-{number}")).unwrap(), Duration::from_nanos(1));
        }
        assert!(credits.all().len() <= MANY, "{}", credits.all().len());
    }
}

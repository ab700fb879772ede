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

impl Had {
    fn is_little(self) -> bool {
        self.used < LITTLE
    }

    fn is_believed(self) -> bool {
        self.is_little() || self.wasted < WASTE
    }
}

impl Credits {
    pub fn new(cores: usize) -> Self {
        Self { cores: u32::try_from(cores).unwrap_or(u32::MAX), of: Mutex::default() }
    }

    /// Whether a tenant had so little that what it asks for may be long.
    pub fn had_little(&self, tenant: &Name) -> bool {
        self.had(tenant).is_none_or(Had::is_little)
    }

    /// Whether its work is taken to be short until it turns out not to be.
    pub fn is_believed(&self, tenant: &Name) -> bool {
        self.had(tenant).is_none_or(Had::is_believed)
    }

    /// It had so much of a processor.
    pub fn used(&self, tenant: &Name, time: Duration) {
        self.add(tenant, time, Duration::ZERO, Instant::now());
    }

    /// It had so much of the short lane for work that was long.
    pub fn wasted(&self, tenant: &Name, time: Duration) {
        self.add(tenant, Duration::ZERO, time, Instant::now());
    }

    fn had(&self, tenant: &Name) -> Option<Had> {
        self.all().get(tenant).map(|had| self.at(*had, Instant::now()))
    }

    fn at(&self, Had { used, wasted, at }: Had, now: Instant) -> Had {
        let passed = now.saturating_duration_since(at);
        let used = used.saturating_sub(passed.saturating_mul(self.cores) / FORGOTTEN);
        Had { used, wasted: wasted.saturating_sub(passed / WASTE_FORGOTTEN), at: now }
    }

    fn add(&self, tenant: &Name, used: Duration, wasted: Duration, now: Instant) {
        let mut all = self.all();
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

    /// What a tenant had so long after the last time.
    fn after(credits: &Credits, tenant: &Name, time: Duration) -> Had {
        let had = credits.all()[tenant];
        credits.at(had, had.at + time)
    }

    #[test]
    fn who_had_much_is_one_that_had_little_after_a_while() {
        let (credits, one, now) = (Credits::new(2), Name::new("one").unwrap(), Instant::now());
        for _ in 0..1000 {
            credits.add(&one, Duration::from_millis(5), Duration::ZERO, now);
        }
        let had = after(&credits, &one, Duration::ZERO);
        // It wasted nothing.
        assert!(!had.is_little() && had.is_believed());
        // Of two cores a quarter of a second in each.
        assert!(!after(&credits, &one, Duration::from_millis(1900)).is_little());
        assert!(after(&credits, &one, Duration::from_millis(2100)).is_little());
    }

    #[test]
    fn who_was_wrong_too_often_is_not_believed_for_a_while() {
        let (credits, one, now) = (Credits::new(1), Name::new("one").unwrap(), Instant::now());
        for _ in 0..1000 {
            credits.add(&one, Duration::from_millis(5), Duration::from_millis(5), now);
        }
        assert!(!after(&credits, &one, Duration::ZERO).is_believed());
        assert!(after(&credits, &one, Duration::from_secs(6)).is_believed());
    }

    #[test]
    fn nobody_has_had_much_before_he_asked() {
        let (credits, one, other) = (Credits::new(0), Name::new("one").unwrap(), Name::new("other").unwrap());
        credits.used(&one, LITTLE);
        credits.wasted(&one, 2 * WASTE);
        assert!(!credits.had_little(&one) && credits.had_little(&other) && credits.is_believed(&other));
    }

    #[test]
    fn who_had_nothing_lately_is_forgotten() {
        let (credits, mut now) = (Credits::new(1), Instant::now());
        for number in 0..3 * MANY {
            now += Duration::from_micros(1);
            let tenant = Name::new(&format!("tenant-{number}")).unwrap();
            credits.add(&tenant, Duration::from_nanos(1), Duration::ZERO, now);
        }
        assert!(credits.all().len() <= MANY, "{}", credits.all().len());
    }
}

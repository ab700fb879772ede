//! Limits to test.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use astlas_capabilities::CacheSettings;
use astlas_limits::{Ask, Clock, Decision, Limits, LimitsSettings, Name};

/// How long is waited for Redis in tests of faults: longer than a busy machine holds anybody up.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A time that tests set.
#[derive(Clone, Default)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// At a time in milliseconds since 1970.
    pub fn at(now: u64) -> Self {
        let clock = Self::default();
        clock.set(now);
        clock
    }

    pub fn set(&self, now: u64) {
        self.0.store(now, Ordering::Relaxed);
    }

    pub fn pass(&self, milliseconds: u64) {
        self.0.fetch_add(milliseconds, Ordering::Relaxed);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// Settings in which `plan` is everybody's.
pub fn settings(plan: &str) -> LimitsSettings {
    toml::from_str(&format!("plan = \"all\"\n[plans.all]\n{plan}")).unwrap()
}

/// Limits in this process, and their clock.
pub fn embedded(settings: &LimitsSettings, now: u64) -> (Limits, ManualClock) {
    let clock = ManualClock::at(now);
    (Limits::embedded(settings, Box::new(clock.clone())).unwrap(), clock)
}

/// Limits over a Redis that has all the time it needs.
pub async fn over(settings: &LimitsSettings, url: &str) -> Limits {
    within(settings, url, Duration::from_secs(60)).await
}

/// Limits over a Redis that may take so long.
pub async fn within(settings: &LimitsSettings, url: &str, timeout: Duration) -> Limits {
    let settings = LimitsSettings { timeout: u64::try_from(timeout.as_millis()).unwrap(), ..settings.clone() };
    let cache = CacheSettings { url: Some(url.into()), ..CacheSettings::default() };
    Limits::open(&settings, &cache).await.unwrap()
}

/// Asks for one call by the route `query`.
pub async fn ask(limits: &Limits, tenant: &str) -> Decision {
    limits.check(&Ask::call(&name(tenant), &name("query"))).await
}

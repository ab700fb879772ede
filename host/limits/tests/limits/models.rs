//! Each algorithm beside a plain model that remembers every call, with simulated time.

use std::time::Duration;

use astlas_limits::{Ask, Limits, LimitsSettings, Verdict};
use futures_util::FutureExt;
use proptest::{prelude::*, test_runner::TestCaseResult};

use crate::scene::{ManualClock, embedded, name, settings};

/// Calls that were taken: when, and how many.
type Log = Vec<(u64, u64)>;

/// A rule, by its settings; the window in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Rule {
    kind: &'static str,
    limit: u64,
    window: u64,
    burst: u64,
}

impl Rule {
    /// Whether a call may come, by all that came before.
    fn allows(&self, log: &Log, now: u64, calls: u64) -> bool {
        let Self { limit, window, burst, .. } = *self;
        let taken = |from: u64, to: u64| -> u64 {
            log.iter().filter(|(at, _)| (from..to).contains(at)).map(|(_, calls)| calls).sum()
        };
        let start = now / window * window;
        match self.kind {
            "fixed-window" => taken(start, u64::MAX) + calls <= limit,
            "sliding-window" => {
                let before = taken(start - window, start) * (start + window - now);
                before + (taken(start, u64::MAX) + calls) * window <= limit * window
            }
            // Since any moment, no more than was in the bucket and came into it: the arrival curve of a token bucket.
            _ => log
                .iter()
                .map(|(at, _)| *at)
                .chain([now])
                .all(|since| (taken(since, u64::MAX) + calls) * window <= burst * window + limit * (now - since)),
        }
    }

    fn settings(&self) -> LimitsSettings {
        let burst = if self.kind == "token-bucket" { format!(", burst = {}", self.burst) } else { String::new() };
        let (kind, limit, window) = (self.kind, self.limit, self.window / 1000);
        settings(&format!(
            "rules = [{{ name = \"rule\", algorithm = \"{kind}\", limit = {limit}, window = {window}{burst} }}]"
        ))
    }
}

/// Asks, and compares all that is answered with the model.
fn step(rule: &Rule, (limits, clock): &(Limits, ManualClock), log: &mut Log, now: u64, calls: u64) -> TestCaseResult {
    clock.set(now);
    let (tenant, query) = (name("acme"), name("query"));
    let ask = Ask { calls, ..Ask::call(&tenant, &query) };
    let decision = limits.check(&ask).now_or_never().unwrap();
    prop_assert_eq!(decision.is_allowed, rule.allows(log, now, calls));
    let applied = &decision.applied[0];
    match applied.verdict {
        Verdict::Allowed => log.push((now, calls)),
        Verdict::Refused(Some(wait)) => {
            let then = now + u64::try_from(wait.as_millis()).unwrap();
            prop_assert!(!rule.allows(log, then - 1, calls) && rule.allows(log, then, calls), "{:?}", wait);
        }
        Verdict::Refused(None) => prop_assert!(calls > rule.burst),
    }
    let most = rule.burst;
    let remaining = applied.remaining;
    prop_assert!(rule.allows(log, now, remaining) && (remaining == most || !rule.allows(log, now, remaining + 1)));
    let reset = u64::try_from(applied.reset.unwrap().as_millis()).unwrap();
    if remaining < most {
        let then = now + reset;
        prop_assert!(rule.allows(log, then, remaining + 1) && !rule.allows(log, then - 1, remaining + 1));
    }
    prop_assert_eq!(applied.reset == Some(Duration::ZERO), remaining == most);
    Ok(())
}

fn rules() -> impl Strategy<Value = Rule> {
    let kinds = prop_oneof![Just("fixed-window"), Just("sliding-window"), Just("token-bucket")];
    (kinds, 1..15u64, 1..5u64, 1..25u64).prop_map(|(kind, limit, seconds, burst)| {
        let burst = if kind == "token-bucket" { burst } else { limit };
        Rule { kind, limit, window: seconds * 1000, burst }
    })
}

fn pauses() -> impl Strategy<Value = u64> {
    prop_oneof![Just(0), 0..20u64, 0..1500u64, 0..12_000u64]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn decisions_are_those_of_the_model(
        rule in rules(),
        begin in 1_700_000_000_000..1_700_000_010_000u64,
        steps in prop::collection::vec((pauses(), 0..8u64), 1..80),
    ) {
        let (scene, mut log, mut now) = (embedded(&rule.settings(), begin), vec![], begin);
        for (pause, calls) in steps {
            now += pause;
            step(&rule, &scene, &mut log, now, calls)?;
        }
    }
}

#[test]
fn tenants_that_asked_longest_ago_are_forgotten() {
    let rule = Rule { kind: "fixed-window", limit: 1, window: 60_000, burst: 1 };
    let (limits, _clock) = embedded(&LimitsSettings { most_tenants: 2, ..rule.settings() }, 1_700_000_000_000);
    let asks = |tenant: &str| {
        let (tenant, query) = (name(tenant), name("query"));
        limits.check(&Ask::call(&tenant, &query)).now_or_never().unwrap().is_allowed
    };
    assert!(asks("one") && asks("two") && !asks("one"));
    assert!(asks("three") && !asks("one") && asks("two"));
}

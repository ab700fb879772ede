//! What was used by day and by month, beside a plain model; and what it costs.

use astlas_limits::{Ask, Charge, Stored};
use futures_util::FutureExt;
use proptest::prelude::*;

use crate::scene::{embedded, name, settings};

const DAY: u64 = 86_400_000;

/// When months begin, in milliseconds since 1970, from January 2023 to the end of 2050.
fn months() -> Vec<u64> {
    let (mut day, mut begins) = (19_358, vec![]);
    for year in 2023..2051 {
        for days in [31, if year % 4 == 0 { 29 } else { 28 }, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            begins.push(day * DAY);
            day += days;
        }
    }
    begins
}

/// Something that was counted.
#[derive(Clone, Copy, Debug)]
struct Event {
    at: u64,
    calls: u64,
    parsed: u64,
    stored: u64,
}

/// Calls and bytes of a time, and bytes stored times milliseconds.
fn sums(events: &[Event], from: u64, to: u64) -> (u64, u64, f64) {
    let within = events.iter().filter(|event| (from..to).contains(&event.at));
    let (calls, parsed) = within.fold((0, 0), |(calls, parsed), event| (calls + event.calls, parsed + event.parsed));
    let ends = events.iter().skip(1).map(|event| event.at).chain([to]);
    let held = events
        .iter()
        .zip(ends)
        .map(|(event, end)| event.stored as f64 * end.min(to).saturating_sub(event.at.max(from)) as f64);
    (calls, parsed, held.sum())
}

fn pauses() -> impl Strategy<Value = u64> {
    prop_oneof![0..1000u64, 0..DAY, 0..3 * DAY, 0..80 * DAY]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn usage_is_that_of_the_model(
        steps in prop::collection::vec((pauses(), 0..5u64, 0..1_000_000u64, 0..10_000_000_000u64), 1..40),
    ) {
        let begin = 1_700_000_000_000;
        let (limits, clock) = embedded(&settings(""), begin);
        let (tenant, query, begins) = (name("acme"), name("query"), months());
        let (mut events, mut now) = (vec![], begin);
        for (pause, calls, parsed, stored) in steps {
            now += pause;
            clock.set(now);
            let asked = limits.check(&Ask { calls, ..Ask::call(&tenant, &query) }).now_or_never().unwrap();
            prop_assert!(asked.is_allowed && asked.applied.is_empty());
            let charge = Charge { parsed_bytes: parsed, stored: Stored::Counted(stored) };
            limits.charge(&tenant, charge).now_or_never().unwrap();
            events.push(Event { at: now, calls, parsed, stored });
            let usage = limits.usage(&tenant).now_or_never().unwrap();
            let (day_calls, day_parsed, _) = sums(&events, now / DAY * DAY, now + 1);
            prop_assert_eq!((usage.day.calls, usage.day.parsed_bytes, usage.at_ms), (day_calls, day_parsed, now));
            let this = begins.iter().rposition(|begin| *begin <= now).unwrap();
            for (period, from, to) in [(&usage.month, begins[this], now + 1), (&usage.last_month, begins[this - 1], begins[this])] {
                let (calls, parsed, _) = sums(&events, from, to);
                prop_assert_eq!((period.calls, period.parsed_bytes), (calls, parsed));
                let days = sums(&events, from, to.min(now)).2 / 1e9 / DAY as f64;
                prop_assert!((period.stored_gb_days.unwrap() - days).abs() <= 1e-9 * (1.0 + days));
            }
        }
    }
}

#[tokio::test]
async fn usage_costs_what_the_prices_say() {
    let mut settings = settings("calls_per_month = 10");
    settings.prices = toml::from_str("call = 1000\nparsed_mb = 20_000\nstored_gb_day = 500_000").unwrap();
    // The second of May 2026, at noon.
    let (limits, clock) = embedded(&settings, 1_777_723_200_000);
    let tenant = name("acme");
    for _ in 0..3 {
        assert!(limits.check(&Ask::call(&tenant, &name("query"))).await.is_allowed);
    }
    limits.charge(&tenant, Charge { parsed_bytes: 2_500_000, stored: Stored::Added(2_000_000_000) }).await;
    clock.pass(36 * 3_600_000);
    let usage = serde_json::to_value(limits.usage(&tenant).await).unwrap();
    let expected = serde_json::json!({
        "tenant": "acme", "plan": "all", "at_ms": 1_777_852_800_000u64, "is_shared": false, "stored_bytes": 2_000_000_000,
        "day": {
            "calls": 0, "parsed_bytes": 0, "stored_gb_days": null,
            "cost": { "calls": 0, "parsed": 0, "stored": 0, "total": 0 },
        },
        "month": {
            "calls": 3, "parsed_bytes": 2_500_000, "stored_gb_days": 3.0,
            "cost": { "calls": 3000, "parsed": 50_000, "stored": 1_500_000, "total": 1_553_000 },
        },
        "last_month": {
            "calls": 0, "parsed_bytes": 0, "stored_gb_days": 0.0,
            "cost": { "calls": 0, "parsed": 0, "stored": 0, "total": 0 },
        },
        "quotas": [{ "name": "calls-per-month", "limit": 10, "used": 3, "reset_seconds": 28 * 86_400 }],
    });
    assert_eq!(usage, expected);
}

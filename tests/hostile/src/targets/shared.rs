//! What instances share: any bytes as what a Redis, or somebody in between, answers.

use std::sync::LazyLock;

use astlas_conventions::{
    News,
    form::{self, checksum},
};
use astlas_limits::{Ask, Limits, Name, SystemClock};
use http::HeaderValue;
use serde_json::json;

/// A value is asked for by this name.
pub const KEY: &str = "graph:0123";
/// What a message of instances is called, for its checksum.
const NEWS: &str = "news";
/// Largest number that is counted to.
const MOST: u64 = 1 << 52;

/// A plan with a limit of every kind, and all quotas.
static LIMITS: LazyLock<Limits> = LazyLock::new(|| {
    let rules = json!([
        {"name": "fixed", "algorithm": "fixed-window", "limit": 40, "window": 7},
        {"name": "sliding", "routes": ["query"], "limit": 30, "window": 5},
        {"name": "bucket", "algorithm": "token-bucket", "limit": 7, "window": 3, "burst": 50},
    ]);
    let plan = json!({
        "rules": rules, "calls_per_day": 300, "calls_per_month": 400, "parsed_bytes_per_day": 100_000,
        "parsed_bytes_per_month": 300_000, "stored_bytes": 1_000_000,
    });
    let prices = json!({"call": 5, "parsed_mb": 1_000_000, "stored_gb_day": 1_000});
    let settings = json!({"plan": "all", "plans": {"all": plan}, "prices": prices});
    Limits::embedded(&serde_json::from_value(settings).unwrap(), Box::new(SystemClock)).unwrap()
});

/// How many limits of that plan are for the routes that are asked about.
const APPLIED: [usize; 2] = [8, 7];

/// The first byte is the question: about a request on either route, or a tenant's ledger. The rest is the answer, as it
/// comes over the wire.
pub fn counters(bytes: &[u8]) {
    let Some((&question, answer)) = bytes.split_first() else { return };
    let Ok(answer) = redis::parse_redis_value(answer) else { return };
    let (tenant, routes) = (Name::new("acme").unwrap(), ["query", "other"].map(|route| Name::new(route).unwrap()));
    if question % 3 == 2 {
        let Ok((now, ledger)) = redis::from_redis_value::<(u64, Vec<u8>)>(answer) else { return };
        let Some(usage) = LIMITS.used(&tenant, now, &ledger) else { return };
        let is_counted = |number: f64| number.is_finite() && number >= 0.0;
        assert!(usage.month.stored_gb_days.is_some_and(is_counted), "{usage:?}");
        assert!(usage.quotas.len() == 5 && usage.quotas.iter().all(|quota| quota.used <= MOST), "{usage:?}");
        assert!(usage.quotas.iter().all(|quota| quota.reset_seconds.is_none_or(|reset| reset <= 63 * 86_400)));
        return assert!(serde_json::to_vec(&usage).is_ok());
    }
    let at = usize::from(question % 3);
    let Ok(answer) = redis::from_redis_value::<Vec<i64>>(answer) else { return };
    let Some(decision) = LIMITS.decided(&Ask::call(&tenant, &routes[at]), &answer) else { return };
    assert_eq!((decision.applied.len(), decision.refusal().is_none()), (APPLIED[at], decision.is_allowed));
    for (name, value) in decision.headers() {
        assert!(HeaderValue::from_str(&value).is_ok(), "{name}: {value}");
    }
}

/// The first byte says what came: a value, as it is or under a checksum that fits it; a message of another instance.
pub fn kept(bytes: &[u8]) {
    let Some((&kind, rest)) = bytes.split_first() else { return };
    let fitting = |form: &[u8], name: &str, content: &[u8]| [form, &checksum(name, content), content].concat();
    let value = match (kind % 3, rest.split_first()) {
        (0, _) => rest.to_vec(),
        (1, Some((form, content))) => fitting(&[*form], KEY, content),
        _ => {
            let Some(news) = News::decode(&fitting(&[], NEWS, rest)) else { return };
            return assert_eq!(News::decode(&news.encode()), Some(news));
        }
    };
    let Ok(read) = form::decode(KEY, value.clone()) else { return };
    assert_eq!(form::decode(KEY, form::encode(KEY, &read)).as_ref(), Ok(&read));
    assert!(form::decode("graph:0124", value).is_err(), "the value of another key");
}

//! Scripts and `Embedded` come to the same, at whatever time.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use astlas_test_servers::RedisServer;

use super::*;
use crate::{Clock, LimitsSettings, embedded::Embedded, ledger::Ledger, plan::Plans};

const STEPS: usize = 4000;
const SECOND: u64 = 1000;
const DAY: u64 = 86_400 * SECOND;

const PLAN: &str = r#"
    plan = "all"
    [plans.all]
    calls_per_day = 300
    calls_per_month = 400
    parsed_bytes_per_day = 100_000
    parsed_bytes_per_month = 300_000
    stored_bytes = 1_000_000
    rules = [
        { name = "fixed", algorithm = "fixed-window", limit = 40, window = 7 },
        { name = "sliding", limit = 30, window = 5 },
        { name = "sparse", routes = ["a"], limit = 100, window = 86400 },
        { name = "bucket", algorithm = "token-bucket", limit = 7, window = 3, burst = 50 },
        { name = "large", routes = ["a"], algorithm = "token-bucket", limit = 52_000_000, window = 86400 },
    ]
"#;

#[derive(Clone)]
struct Told(Arc<AtomicU64>);

impl Clock for Told {
    fn now(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// A script that is told the time by its last two arguments, and whose keys do not expire.
fn told(script: &str) -> Script {
    let told = script.replace("redis.call('TIME')", "{ ARGV[#ARGV - 1], ARGV[#ARGV] }");
    let told = told.replace(", 'PX', string.format('%.0f', life)", "");
    assert!(!told.contains("TIME") && !told.contains("'PX'"));
    Script::new(&told)
}

/// Mostly moments later; sometimes days or months, or a clock that is set back.
fn later(random: &mut fastrand::Rng, now: u64) -> u64 {
    match random.u32(..100) {
        0..60 => now + random.u64(..200),
        60..85 => now + random.u64(..10 * SECOND),
        85..90 => now + random.u64(..2 * DAY),
        90..93 => now + random.u64(..70 * DAY),
        93..98 => now - random.u64(..10 * SECOND),
        _ => now - random.u64(..2 * DAY),
    }
}

#[test]
fn redis_and_this_process_decide_alike() {
    let server = RedisServer::start();
    let mut connection = redis::Client::open(server.url()).unwrap().get_connection().unwrap();
    let scripts = Scripts { prefix: String::new(), check: told(CHECK), charge: told(CHARGE) };
    let settings: LimitsSettings = toml::from_str(PLAN).unwrap();
    let plans = Plans::of(&settings).unwrap();
    let clock = Told(Arc::default());
    let embedded = Embedded::new(Box::new(clock.clone()), NonZeroUsize::new(10).unwrap());
    let tenants = [Name::new("one").unwrap(), Name::new("two").unwrap()];
    let routes = [Name::new("a").unwrap(), Name::new("b").unwrap()];
    let mut random = fastrand::Rng::with_seed(7);
    let (mut now, mut allowed, mut refused) = (1_767_225_600_000, 0, 0);
    for step in 0..STEPS {
        now = later(&mut random, now);
        clock.0.store(now, Ordering::Relaxed);
        let tenant = random.choice(&tenants).unwrap();
        let (seconds, microseconds) = (now / 1000, now % 1000 * 1000 + random.u64(..1000));
        if random.u32(..4) == 0 {
            let set = (random.u32(..10) == 0).then(|| random.u64(..2_000_000));
            let delta = random.i64(-500_000..500_000);
            let entry = Entry { calls: random.u64(..3), parsed: random.u64(..50_000), set, delta };
            let mut call = scripts.charged(tenant, &entry);
            call.arg(seconds).arg(microseconds);
            let (at, ledger): (u64, Vec<u8>) = call.invoke(&mut connection).unwrap();
            assert_eq!((at, Ledger::read(at, &ledger).unwrap()), embedded.charge(tenant, &entry), "step {step}");
            continue;
        }
        let bytes = |random: &mut fastrand::Rng| random.bool().then(|| random.u64(..200_000));
        let calls = if random.u32(..20) == 0 { 200 } else { random.u64(..12) };
        let (parsed_bytes, stored_bytes) = (bytes(&mut random), bytes(&mut random));
        let other = [(random.choice(&routes).unwrap(), random.u64(..12))];
        let others = &other[..usize::from(random.u32(..4) == 0)];
        let ask = Ask { tenant, route: random.choice(&routes).unwrap(), calls, others, parsed_bytes, stored_bytes };
        let plan = plans.get(tenant);
        let mut call = scripts.asked(&ask, plan);
        call.arg(seconds).arg(microseconds);
        let answered: Vec<i64> = call.invoke(&mut connection).unwrap();
        let shared = decided(&answered, &ask, plan).unwrap();
        let here = embedded.check(&ask, plan);
        assert_eq!(Decision { is_shared: false, ..shared }, here, "step {step} at {now}: {ask:?}");
        *(if here.is_allowed { &mut allowed } else { &mut refused }) += 1;
    }
    assert!(allowed > STEPS / 10 && refused > STEPS / 10, "{allowed} {refused}");
}

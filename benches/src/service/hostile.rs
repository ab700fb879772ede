//! What one tenant's questions take while another one does its worst, and while the machine only has something else to do:
//! that much no service can do about.

use std::{io::Write, path::Path, thread};

use anyhow::{Context, Result, anyhow};
use astlas_test_servers::RedisServer;
use serde_json::json;
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

use super::{
    attack::{HOSTILE, beside},
    load::{CALLERS, load},
    pace::{Pace, paced},
    tenants::{PATH, Place, corpus},
};
use crate::{
    measure::Runs,
    report::{row, runs, short, table},
};

/// What the hostile one may: all, as fast as it can.
const OPEN: &str = "[identity]\nknown_for = 10\n";
/// Or ten requests a second.
const LIMITED: &str = r#"
[identity]
known_for = 10
[limits.plans.free]
rules = [{ name = "minute", algorithm = "sliding-window", limit = 600, window = 60 }]
[limits.tenants]
bad = "free"
"#;
/// Answers that are there, and as many seconds that nobody has to think.
const KEPT: Pace = Pace { per_second: 200, seconds: 20, callers: 8 };
/// Questions that nobody asked before.
const NEW: Pace = Pace { per_second: 2, seconds: 60, callers: 8 };

/// In milliseconds.
#[derive(Default)]
struct Times {
    p50: Runs,
    p99: Runs,
}

/// Of each way to ask.
type All = [Times; 3];

pub fn bench(rounds: u32) -> Result<()> {
    let (archive, bodies) = corpus()?;
    let mut file = tempfile::NamedTempFile::new()?;
    file.write_all(&archive)?;
    for (redis, configuration) in [(true, OPEN), (true, LIMITED), (false, OPEN)] {
        bench_over(redis, configuration, rounds, (&archive, file.path()), &bodies)?;
    }
    Ok(())
}

/// With Redis as the cache, as where there are many tenants, or with a file of SQLite.
fn bench_over(
    has_redis: bool,
    configuration: &str,
    rounds: u32,
    (archive, file): (&[u8], &Path),
    bodies: &[String],
) -> Result<()> {
    let (mut alone, mut on_busy, mut attacked) = (All::default(), All::default(), All::default());
    let mut hostile = 0;
    let file = file.to_str().context("the folder of temporary files has a name that is no text")?;
    for _ in 0..rounds {
        // Nothing is left over of the round before.
        let redis = has_redis.then(RedisServer::start);
        let place = Place::start(configuration, redis.as_ref())?;
        let (good, bad) = (place.key("good")?, place.key("bad")?);
        place.server.index(Some(&good), "c1", archive)?;
        place.server.index(Some(&bad), "c1", archive)?;
        ask(&place, &good, bodies, "alone", &mut alone)?;
        beside(&["--busy"], || ask(&place, &good, bodies, "busy", &mut on_busy))?;
        let attack = ["--attack", &place.server.address, "--key", &bad, "--archive", file];
        hostile += beside(&attack, || ask(&place, &good, bodies, "attacked", &mut attacked))?;
    }
    let cache = if has_redis { "Redis" } else { "SQLite" };
    let may = if configuration == LIMITED { "that may ask ten times a second" } else { "without limits" };
    let title = format!(
        "One tenant beside {HOSTILE} callers of a hostile one {may}, {hostile} requests of theirs; cache in {cache}"
    );
    table(
        &title,
        &[
            "",
            "p50 alone",
            "busy machine",
            "hostile tenant",
            "p99 alone",
            "busy machine",
            "ratio",
            "hostile tenant",
            "ratio",
        ],
    );
    let names = [
        format!("`{PATH}`, {} a second", KEPT.per_second),
        format!("a map that nobody asked for before, {} a second", NEW.per_second),
        format!("`{PATH}`, {CALLERS} callers without a pause"),
    ];
    for (index, name) in names.into_iter().enumerate() {
        let [alone, busy, attacked] = [&alone, &on_busy, &attacked].map(|all| &all[index]);
        let ms = |times: &Runs| runs(times, 1.0, "ms");
        let ratio = |times: &Times| short(times.p99.median() / alone.p99.median());
        row(&[
            name,
            ms(&alone.p50),
            ms(&busy.p50),
            ms(&attacked.p50),
            ms(&alone.p99),
            ms(&busy.p99),
            ratio(busy),
            ms(&attacked.p99),
            ratio(attacked),
        ]);
    }
    Ok(())
}

/// Asks in each way, from threads that have a processor as soon as they want one: as if they were on a machine of their own.
fn ask(place: &Place, key: &str, bodies: &[String], round: &str, into: &mut All) -> Result<()> {
    let first = || {
        let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
        set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy)
            .map_err(|error| anyhow!("callers cannot go before the service ({error}); run this as root"))?;
        ask_now(place, key, bodies, round, into)
    };
    // What it starts has its priority, so it is a thread that ends.
    thread::scope(|scope| scope.spawn(first).join().map_err(|_| anyhow!("a caller panicked"))?)
}

fn ask_now(place: &Place, key: &str, bodies: &[String], round: &str, into: &mut All) -> Result<()> {
    let kept = |turn: usize| bodies[turn * 7919 % bodies.len()].clone();
    let new = |turn: usize| {
        let mentioned = format!("{round}-{turn}");
        json!({"repo_id": "acme/app", "commit_sha": "c1", "mentioned": [mentioned], "max_tokens": 4000}).to_string()
    };
    let loaded = [
        paced(&place.server, PATH, KEPT, key, &kept)?,
        paced(&place.server, "/api/v1/repomap", NEW, key, &new)?,
        load(&place.server, PATH, bodies, Some(key)).map(|loaded| (loaded.p50, loaded.p99))?,
    ];
    for (times, (p50, p99)) in into.iter_mut().zip(loaded) {
        times.p50.push(p50);
        times.p99.push(p99);
    }
    Ok(())
}

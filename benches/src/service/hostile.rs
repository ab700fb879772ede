//! What one tenant's questions take while another one does its worst.

use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::Duration,
};

use anyhow::Result;
use astlas_test_servers::RedisServer;
use serde_json::json;

use super::{
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
/// Callers of the hostile tenant.
const HOSTILE: usize = 64;
/// Their threads leave the processor to the service and to whoever measures, as if they were on a machine of their own.
const NICE: i32 = 19;
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
    for redis in [true, false] {
        bench_over(redis, rounds, &archive, &bodies)?;
    }
    Ok(())
}

/// With Redis as the cache, as where there are many tenants, or with a file of SQLite.
fn bench_over(has_redis: bool, rounds: u32, archive: &[u8], bodies: &[String]) -> Result<()> {
    let (mut alone, mut beside) = (All::default(), All::default());
    let mut hostile = 0;
    for _ in 0..rounds {
        // Nothing is left over of the round before.
        let redis = has_redis.then(RedisServer::start);
        let place = Place::start(OPEN, redis.as_ref())?;
        let (good, bad) = (place.key("good")?, place.key("bad")?);
        place.index(Some(&good), "c1", archive)?;
        place.index(Some(&bad), "c1", archive)?;
        ask(&place, &good, bodies, "alone", &mut alone)?;
        hostile += attacked(&place, &bad, archive, || ask(&place, &good, bodies, "beside", &mut beside))?;
    }
    let cache = if has_redis { "Redis" } else { "SQLite" };
    let title =
        format!("One tenant beside {HOSTILE} callers of a hostile one, {hostile} requests of theirs; cache in {cache}");
    table(&title, &["", "p50 alone", "p50 beside", "p99 alone", "p99 beside", "ratio of p99"]);
    let names = [
        format!("`{PATH}`, {} a second", KEPT.per_second),
        format!("a map that nobody asked for before, {} a second", NEW.per_second),
        format!("`{PATH}`, {CALLERS} callers without a pause"),
    ];
    for (name, (alone, beside)) in names.into_iter().zip(alone.iter().zip(&beside)) {
        let times = [&alone.p50, &beside.p50, &alone.p99, &beside.p99].map(|times| runs(times, 1.0, "ms"));
        let ratio = short(beside.p99.median() / alone.p99.median());
        row(&[[name].as_slice(), &times, &[ratio]].concat());
    }
    Ok(())
}

/// Asks in each way.
fn ask(place: &Place, key: &str, bodies: &[String], round: &str, into: &mut All) -> Result<()> {
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

/// Attacks while something is done; how many requests came from there.
fn attacked(place: &Place, key: &str, archive: &[u8], work: impl FnOnce() -> Result<()>) -> Result<u64> {
    let (stop, counted) = (AtomicBool::new(false), AtomicU64::new(0));
    thread::scope(|scope| {
        for caller in 0..HOSTILE {
            let (stop, counted) = (&stop, &counted);
            scope.spawn(move || {
                // One that keeps its priority disturbs more.
                let _ = rustix::process::setpriority_process(None, NICE);
                for turn in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    // What is refused or broken off counts as well.
                    let _ = attack(place, key, archive, caller, &format!("{caller}-{turn}"));
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        thread::sleep(Duration::from_secs(1));
        let done = work();
        stop.store(true, Ordering::Relaxed);
        done
    })?;
    Ok(counted.into_inner())
}

/// One of the worst things to be asked for.
fn attack(place: &Place, key: &str, archive: &[u8], caller: usize, name: &str) -> Result<()> {
    let headers = [("x-api-key", key)];
    match caller % 4 {
        // A whole index, and a bomb: 200 MB of one letter.
        0 => place.index(Some(key), name, archive),
        1 => {
            let source = json!({"repo_id": "a/b", "file_path": "a.py", "content": "a(".repeat(1 << 20)}).to_string();
            place.server.send("/api/v1/ast/parse", &headers, &source).map(drop)
        }
        2 => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "mentioned": [name], "max_tokens": 8000});
            place.server.send("/api/v1/repomap", &headers, &body.to_string()).map(drop)
        }
        _ => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "strategy": "betweenness", "limit": caller});
            place.server.send("/api/v1/graph/important_files", &headers, &body.to_string()).map(drop)
        }
    }
}

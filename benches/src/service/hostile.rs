//! What one tenant's questions take while another one does its worst.

use std::{
    env, fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use astlas_test_servers::RedisServer;
use serde_json::json;
use thread_priority::{
    RealtimeThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy,
    thread_native_id,
};

use super::{
    client::Client,
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
/// Callers of the hostile tenant.
const HOSTILE: usize = 64;
/// How long they go on when nobody tells them to end.
const LONGEST: Duration = Duration::from_mins(5);
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
    let (mut alone, mut beside) = (All::default(), All::default());
    let mut hostile = 0;
    for _ in 0..rounds {
        // Nothing is left over of the round before.
        let redis = has_redis.then(RedisServer::start);
        let place = Place::start(configuration, redis.as_ref())?;
        let (good, bad) = (place.key("good")?, place.key("bad")?);
        place.server.index(Some(&good), "c1", archive)?;
        place.server.index(Some(&bad), "c1", archive)?;
        ask(&place, &good, bodies, "alone", &mut alone)?;
        hostile += attacked(&place, &bad, file, || ask(&place, &good, bodies, "beside", &mut beside))?;
    }
    let cache = if has_redis { "Redis" } else { "SQLite" };
    let may = if configuration == LIMITED { "that may ask ten times a second" } else { "without limits" };
    let title = format!(
        "One tenant beside {HOSTILE} callers of a hostile one {may}, {hostile} requests of theirs; cache in {cache}"
    );
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

/// Attacks while something is done; how many requests came from there.
fn attacked(place: &Place, key: &str, archive: &Path, work: impl FnOnce() -> Result<()>) -> Result<u64> {
    // From a process of its own: whoever measures shares no lock with it.
    let mut callers = Command::new(env::current_exe()?)
        .args(["--attack", &place.server.address, "--key", key, "--archive"])
        .arg(archive)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    thread::sleep(Duration::from_secs(1));
    let done = work();
    // They end when their input does.
    drop(callers.stdin.take());
    let said = callers.wait_with_output()?.stdout;
    done?;
    let said = String::from_utf8_lossy(&said);
    said.trim().parse().with_context(|| format!("the hostile callers said {said:?}"))
}

/// The hostile callers: until the input ends, and five minutes at most. Prints how many requests they sent.
pub fn attack(address: String, key: &str, archive: &Path) -> Result<()> {
    // One that keeps its priority disturbs more. Threads have that of the one that starts them.
    rustix::process::setpriority_process(None, NICE)?;
    let (service, archive) = (Client::new(address), fs::read(archive)?);
    let (is_over, counted, begun) = (AtomicBool::new(false), AtomicU64::new(0), Instant::now());
    thread::scope(|scope| {
        for caller in 0..HOSTILE {
            let (service, archive, is_over, counted) = (&service, &archive, &is_over, &counted);
            scope.spawn(move || {
                for turn in 0.. {
                    if is_over.load(Ordering::Relaxed) || begun.elapsed() > LONGEST {
                        break;
                    }
                    // What is refused or broken off counts as well.
                    let _ = worst(service, key, archive, caller, &format!("{caller}-{turn}"));
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let _ = io::copy(&mut io::stdin(), &mut io::sink());
        is_over.store(true, Ordering::Relaxed);
    });
    println!("{}", counted.into_inner());
    Ok(())
}

/// One of the worst things to be asked for.
fn worst(service: &Client, key: &str, archive: &[u8], caller: usize, name: &str) -> Result<()> {
    let headers = [("x-api-key", key)];
    match caller % 4 {
        // A whole index, and a bomb: 200 MB of one letter.
        0 => service.index(Some(key), name, archive),
        1 => {
            let source = json!({"repo_id": "a/b", "file_path": "a.py", "content": "a(".repeat(1 << 20)}).to_string();
            service.send("/api/v1/ast/parse", &headers, &source).map(drop)
        }
        2 => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "mentioned": [name], "max_tokens": 8000});
            service.send("/api/v1/repomap", &headers, &body.to_string()).map(drop)
        }
        _ => {
            let body = json!({"repo_id": "acme/app", "commit_sha": "c1", "strategy": "betweenness", "limit": caller});
            service.send("/api/v1/graph/important_files", &headers, &body.to_string()).map(drop)
        }
    }
}

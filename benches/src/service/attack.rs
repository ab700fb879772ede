//! What comes over a service while somebody else is asked: hostile callers, or a machine that is busy. Processes of their
//! own, which share no lock with whoever measures.

use std::{
    env, fs, io,
    num::NonZero,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow};
use serde_json::json;
use thread_priority::{
    NormalThreadSchedulePolicy, ThreadPriority, ThreadSchedulePolicy, set_thread_priority_and_policy, thread_native_id,
};

use super::client::Client;

/// Callers of the hostile tenant.
pub const HOSTILE: usize = 64;
/// How long they go on when nobody tells them to end.
const LONGEST: Duration = Duration::from_mins(5);
/// Their threads leave the processor to the service and to whoever measures, as if they were on a machine of their own.
const NICE: i32 = 19;

/// Does something beside such a process, which has these arguments; what that counted.
pub fn beside(arguments: &[&str], work: impl FnOnce() -> Result<()>) -> Result<u64> {
    let mut process =
        Command::new(env::current_exe()?).args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
    thread::sleep(Duration::from_secs(1));
    let done = work();
    // It ends when its input does.
    drop(process.stdin.take());
    let said = process.wait_with_output()?.stdout;
    done?;
    let said = String::from_utf8_lossy(&said);
    said.trim().parse().with_context(|| format!("the process beside said {said:?}"))
}

/// The hostile callers. Prints how many requests they sent.
pub fn attack(address: String, key: &str, archive: &Path) -> Result<()> {
    // One that keeps its priority disturbs more. Threads have that of the one that starts them.
    rustix::process::setpriority_process(None, NICE)?;
    let (service, archive) = (Client::new(address), fs::read(archive)?);
    until_told(HOSTILE, |caller, turn| {
        // What is refused or broken off counts as well.
        let _ = worst(&service, key, &archive, caller, &format!("{caller}-{turn}"));
    })
}

/// A machine that is busy: twice as many threads as processors, which count and do nothing else, and which Linux runs only
/// where nothing else wants to (its idle policy). Prints how often they counted to a million.
pub fn busy() -> Result<()> {
    let policy = ThreadSchedulePolicy::Normal(NormalThreadSchedulePolicy::Idle);
    // Threads have the policy of the one that starts them.
    set_thread_priority_and_policy(thread_native_id(), ThreadPriority::Min, policy)
        .map_err(|error| anyhow!("no thread of the idle policy can be had: {error}"))?;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    until_told(2 * processors, |_, _| {
        for number in 0..1_000_000_u64 {
            std::hint::black_box(number);
        }
    })
}

/// Does it again and again from so many threads, until the input ends, and five minutes at most; prints how often.
fn until_told(threads: usize, work: impl Fn(usize, u64) + Sync) -> Result<()> {
    let (is_over, counted, begun) = (AtomicBool::new(false), AtomicU64::new(0), Instant::now());
    thread::scope(|scope| {
        for thread in 0..threads {
            let (work, is_over, counted) = (&work, &is_over, &counted);
            scope.spawn(move || {
                for turn in (0..).take_while(|_| !is_over.load(Ordering::Relaxed) && begun.elapsed() < LONGEST) {
                    work(thread, turn);
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        let told = io::copy(&mut io::stdin(), &mut io::sink());
        is_over.store(true, Ordering::Relaxed);
        told
    })?;
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

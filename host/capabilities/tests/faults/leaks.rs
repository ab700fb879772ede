//! After many faults the process has no more descriptors, threads, tasks or connections than before.

use std::{fs, time::Duration};

use astlas_capabilities::{Blobs, Cache};
use astlas_test_servers::{Fault, FaultProxy, GcsServer, RedisServer, Way, until};
use bytes::Bytes;

use crate::{
    alone,
    scene::{self, TIMEOUT, bucket, is_as},
};

/// Three times each fault; the first time, what is made once is made.
const CYCLES: u64 = 21;
/// How long everything may take to be as before: the machine is busy with all the other faults.
const BACK: Duration = Duration::from_secs(60);

#[test]
fn nothing_is_left_of_faults() {
    const NAME: &str = "leaks::nothing_is_left_of_faults";
    if alone::folder().is_none() {
        return alone::run(NAME, std::path::Path::new("/"));
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(cycles());
}

/// Descriptors and tasks of this process.
fn has() -> (usize, usize) {
    let descriptors = fs::read_dir("/proc/self/fd").unwrap().count();
    (descriptors, tokio::runtime::Handle::current().metrics().num_alive_tasks())
}

async fn cycles() {
    let (redis, gcs) = (RedisServer::start(), GcsServer::start());
    gcs.make_bucket("astlas-test");
    let proxies = [FaultProxy::before(redis.port()), FaultProxy::before(gcs.port())];
    let (cache, blobs) = (scene::cache(proxies[0].port()).await, bucket(proxies[1].port(), "leaks"));
    let mut before = (0, 0);
    for cycle in 0..CYCLES {
        let faults = [
            Fault::Silent,
            Fault::Stalled,
            Fault::Refuse,
            Fault::CutAfter(Way::ToServer, 2000 * cycle),
            Fault::CutAfter(Way::ToClient, 200 * cycle),
            Fault::Corrupt { way: Way::Both, every: 300, seed: cycle },
            Fault::Delay(Way::Both, Duration::from_millis(TIMEOUT)),
        ];
        for proxy in &proxies {
            proxy.set(faults[(cycle % 7) as usize]);
        }
        ask(&cache, &blobs, cycle).await;
        for proxy in &proxies {
            proxy.set(Fault::Pass);
        }
        until("back", BACK, async || cache.check().await.state.is_ok() && blobs.check().await.state.is_ok()).await;
        if cycle == CYCLES / 3 - 1 {
            settle(&proxies).await;
            before = has();
        }
    }
    settle(&proxies).await;
    // What goes on by itself may be at work just now.
    let mut after = has();
    let is_same = async || {
        after = has();
        is_as(after, before)
    };
    let grown = tokio::time::timeout(BACK, until("as before", BACK * 2, is_same)).await;
    assert!(grown.is_ok(), "descriptors and tasks: {before:?} before, {after:?} after");
    // One that asks Redis and one that listens to it; none that was given up.
    until("few connections", BACK, async || {
        let [redis, gcs] = proxies.each_ref().map(|proxy| proxy.counts().open);
        redis <= 2 && gcs <= 8
    })
    .await;
    let made: u64 = proxies.iter().map(|proxy| proxy.counts().connections).sum();
    println!("tried: leaks: {CYCLES} faults, {made} connections; (descriptors, tasks) {before:?} then {after:?}");
}

/// Leaves idle connections to those who close them.
async fn settle(proxies: &[FaultProxy]) {
    proxies[1].cut();
    until("idle", BACK, async || proxies[0].counts().open <= 2 && proxies[1].counts().open == 0).await;
}

/// Asks more than connections hold, and gives up on what is not answered soon, as the functions' callers do.
async fn ask(cache: &Cache, blobs: &Blobs, cycle: u64) {
    let large = Bytes::from(vec![7; 3 << 20]);
    let patience = Duration::from_millis(TIMEOUT);
    for number in 0..3 {
        let key = format!("job:{cycle}:{number}");
        cache.put(vec![(key.clone(), large.clone())]).await;
        cache.get(std::slice::from_ref(&key)).await;
        // Given up in the middle.
        let _ = tokio::time::timeout(patience, blobs.write(&key, large.clone())).await;
        let _ = tokio::time::timeout(patience, blobs.read(&key, 0, u64::MAX)).await;
    }
}

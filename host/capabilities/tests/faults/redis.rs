//! The cache over a Redis behind the proxy.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use astlas_capabilities::{Cache, cache::Found};
use astlas_test_servers::{Fault, FaultProxy, RedisServer, Way, until};
use bytes::Bytes;
use futures_util::future::join_all;

use crate::scene::{self, BACK, TIMEOUT, Tally, Trial, losing, under, value, within};

/// A claim that nobody waits for the end of.
const LONG: Duration = Duration::from_secs(600);
/// How long Redis may take where it has to answer, in milliseconds: longer than a busy machine holds anybody up.
const PATIENT: u64 = 60_000;
/// One command, and what the redis client does around it.
const COMMAND: Duration = Duration::from_millis(TIMEOUT);
/// Keys asked for at once by `get`: three commands.
const MANY: usize = 600;
/// Lengths of values: as they are, compressed, longer than what is read at once.
const LENGTHS: [usize; 3] = [40, 6_000, 150_000];
/// Seeds of damage, on each way, and what damage is called there.
const SEEDS: u64 = 48;
const TO_SERVER: &str = "altered on the way in";
const TO_CLIENT: &str = "altered on the way back";

/// What is asked of a cache under one name, and counted.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    pub tally: &'a Tally,
    pub name: &'static str,
}

impl Asked<'_> {
    fn add(self, value: Option<Bytes>, key: &str, length: usize) {
        assert!(value.as_ref().is_none_or(|found| *found == scene::value(key, length)), "a wrong value of {key}");
        self.tally.count(self.name, |counts| {
            counts.asked += 1;
            *if value.is_some() { &mut counts.right } else { &mut counts.absent } += 1;
        });
    }
}

/// Keys of two kinds: copied into memory, and not.
fn keys() -> Vec<(String, usize)> {
    let kinds = ["job", "graph"];
    let of = |kind: &str| LENGTHS.map(|length| (format!("{kind}:{length}:kept"), length));
    kinds.iter().flat_map(|kind| of(kind)).collect()
}

async fn get(cache: &Cache, key: &str) -> Option<Bytes> {
    cache.get(&[key.to_string()]).await.pop().unwrap()
}

async fn put(cache: &Cache, key: &str, length: usize) {
    cache.put(vec![(key.to_string(), value(key, length))]).await;
}

/// Everything that is asked of a cache, each within its bound.
pub async fn ask_everything(cache: &Cache, round: &str, asked: Asked<'_>) {
    for (key, length) in keys() {
        let found = within("get", COMMAND, get(cache, &key)).await;
        asked.add(found, &key, length);
        let fresh = format!("{}:{round}:{length}", &key[..3]);
        within("put", COMMAND, put(cache, &fresh, length)).await;
        asked.add(within("get", COMMAND, get(cache, &fresh)).await, &fresh, length);
    }
    let many: Vec<_> = (0..MANY).map(|number| format!("job:many:{number}")).collect();
    let found = within("get of many", COMMAND * 3, cache.get(&many)).await;
    assert_eq!(found.len(), MANY);
    many.iter().zip(found).for_each(|(key, found)| asked.add(found, key, 40));
    let made = format!("job:made:{round}");
    match within("get_or_claim", COMMAND * 4, cache.get_or_claim(&made, LONG)).await {
        Found::Value(found) => asked.add(Some(found), &made, 40),
        Found::Claim(claim) => {
            within("put", COMMAND * 3, put(cache, claim.key(), 40)).await;
            // Waits for an answer at most.
            within("release", COMMAND * 2, cache.release(claim)).await;
        }
    }
    within("claim", COMMAND, cache.claim(&format!("lock:{round}"), LONG)).await;
    within("add_member", COMMAND, cache.add_member(&format!("job:set:{round}"), "member")).await;
    within("count_members", COMMAND, cache.count_members(&format!("job:set:{round}"))).await;
    within("statistics", COMMAND * 2, cache.statistics()).await;
    within("check", COMMAND, cache.check()).await;
    within("remove", COMMAND, cache.remove(&[format!("job:{round}:40")])).await;
    asked.tally.count(asked.name, |counts| counts.asked += 7);
}

/// A Redis with values in it, put where nothing was wrong.
async fn filled() -> RedisServer {
    let server = RedisServer::start();
    fill(server.port()).await;
    server
}

pub async fn fill(port: u16) {
    let cache = scene::cache_within(port, PATIENT).await;
    let mut entries: Vec<_> = keys().into_iter().map(|(key, length)| (key.clone(), value(&key, length))).collect();
    entries.extend((0..MANY).map(|number| format!("job:many:{number}")).map(|key| (key.clone(), value(&key, 40))));
    cache.put(entries).await;
    assert!(get(&cache, "job:many:599").await.is_some());
}

/// That everything works as it did, soon after a fault: how long that took.
pub async fn expect_back(cache: &Cache, round: &str) -> Duration {
    let key = format!("job:back:{round}");
    let took = until("back", BACK, async || {
        put(cache, &key, 40).await;
        cache.check().await.state.is_ok() && get(cache, &key).await.is_some()
    });
    let took = took.await;
    let mut fresh = 0;
    // Claims have no checksum: it may be two seconds until they are to be believed again.
    until("claims are right", BACK, async || {
        fresh += 1;
        let (one, other) = (format!("lock:{round}:{fresh}"), format!("lock:other:{round}:{fresh}"));
        let taken = [cache.claim(&one, LONG).await, cache.claim(&one, LONG).await, cache.claim(&other, LONG).await];
        taken == [true, false, true]
    })
    .await;
    until("members are counted", BACK, async || {
        fresh += 1;
        let set = format!("job:set:back:{round}:{fresh}");
        (cache.add_member(&set, "a").await, cache.add_member(&set, "b").await) == (1, 2)
    })
    .await;
    until("the value is there", BACK, async || {
        let found = get(cache, &key).await;
        assert!(found.as_ref().is_none_or(|found| *found == value(&key, 40)), "a wrong value of {key}");
        put(cache, &key, 40).await;
        found.is_some()
    })
    .await;
    took
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_cut_or_lost_costs_values_and_makes_none_wrong() {
    let server = filled().await;
    let late = Duration::from_millis(TIMEOUT / 10);
    let trials = losing(late).into_iter().chain(losing(Duration::from_millis(TIMEOUT * 2)).into_iter().take(3));
    let trials: Vec<_> = trials.enumerate().collect();
    // Side by side, each behind a proxy of its own.
    let (server, tally) = (&server, &Tally::default());
    let tried = trials.chunks(7).map(|trials| async move {
        for &(number, trial) in trials {
            let proxy = FaultProxy::before(server.port());
            let (cache, asked) = (scene::cache(proxy.port()).await, Asked { tally, name: trial.name });
            let ask = |round: u32| {
                let cache = &cache;
                async move { ask_everything(cache, &format!("{number}:{round}"), asked).await }
            };
            under(&proxy, trial, join_all((0..6).map(ask))).await;
            tally.back(trial.name, expect_back(&cache, &number.to_string()).await);
        }
    });
    join_all(tried).await;
    tally.tell("redis");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_a_little_longer_is_there_nevertheless() {
    let server = filled().await;
    let proxy = FaultProxy::before(server.port());
    let cache = scene::cache_within(proxy.port(), PATIENT).await;
    proxy.set(Fault::Delay(Way::Both, Duration::from_millis(TIMEOUT / 2)));
    for (key, length) in keys().into_iter().filter(|(_, length)| *length < 100_000) {
        assert_eq!(get(&cache, &key).await.unwrap(), value(&key, length));
    }
    assert!(cache.claim("lock:late", LONG).await && !cache.claim("lock:late", LONG).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_altered_byte_never_makes_a_value() {
    let server = filled().await;
    let (tally, changed) = (Tally::default(), AtomicU64::new(0));
    let tried = (0..8).map(|worker| {
        let (server, tally, changed) = (&server, &tally, &changed);
        async move {
            let proxy = FaultProxy::before(server.port());
            let cache = scene::cache(proxy.port()).await;
            for seed in (0..SEEDS).filter(|seed| seed % 8 == worker) {
                for (way, name) in [(Way::ToServer, TO_SERVER), (Way::ToClient, TO_CLIENT)] {
                    // From some bytes in a command to one in a large value.
                    let every = [50, 400, 3_000, 20_000][(seed / 8 % 4) as usize];
                    let trial = Trial { name, fault: Fault::Corrupt { way, every, seed }, cuts: false };
                    let round = format!("{seed}:{way:?}");
                    under(&proxy, trial, ask_everything(&cache, &round, Asked { tally, name })).await;
                    tally.back(name, expect_back(&cache, &round).await);
                }
            }
            changed.fetch_add(proxy.counts().corrupted, Ordering::Relaxed);
        }
    });
    join_all(tried).await;
    let changed = changed.load(Ordering::Relaxed);
    assert!(changed >= 100, "{changed}");
    // What was damaged on its way in is no value either, for anybody who asks where nothing is wrong.
    let (cache, kept) =
        (scene::cache_within(server.port(), PATIENT).await, Asked { tally: &tally, name: "altered, what was kept" });
    for seed in 0..SEEDS {
        for round in [format!("{seed}:ToServer"), format!("{seed}:ToClient")] {
            for (key, length) in keys() {
                let key = format!("{}:{round}:{length}", &key[..3]);
                kept.add(get(&cache, &key).await, &key, length);
            }
        }
    }
    tally.tell("redis");
    println!("tried: redis, altered: {changed} bytes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forgotten_while_redis_is_out_of_reach_stays_forgotten() {
    let server = filled().await;
    for (number, fault) in [Fault::Refuse, Fault::Silent, Fault::Stalled].into_iter().enumerate() {
        let proxy = FaultProxy::before(server.port());
        let (cache, other) = (scene::cache(proxy.port()).await, scene::cache_within(server.port(), PATIENT).await);
        let key = format!("graph:forgotten:{number}");
        put(&other, &key, 40).await;
        until("it is there", BACK, async || get(&cache, &key).await.is_some()).await;
        proxy.set(fault);
        proxy.cut();
        within("remove", COMMAND, cache.remove(std::slice::from_ref(&key))).await;
        assert_eq!(get(&cache, &key).await, None);
        proxy.set(Fault::Pass);
        until("forgotten by the other", BACK, async || get(&other, &key).await.is_none()).await;
        assert_eq!(get(&cache, &key).await, None);
    }
}

//! What a cache does, whatever is below.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use astlas_capabilities::{Cache, cache::Found};
use astlas_test_servers::{RedisServer, ValkeyServer, until};
use bytes::Bytes;

use crate::scene::{LONG, SOON, embedded, get, over, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_sqlite() {
    let (cache, _folder) = embedded().await;
    suite(&cache, "sqlite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_redis() {
    let server = RedisServer::start();
    suite(&over(&server.url()).await, "redis").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_valkey() {
    let server = ValkeyServer::start();
    suite(&over(&server.url()).await, "redis").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_cluster() {
    let server = RedisServer::cluster();
    suite(&over(&format!("redis+cluster://127.0.0.1:{}", server.port())).await, "redis").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_what_a_sentinel_watches() {
    let master = RedisServer::start();
    let sentinel = RedisServer::sentinel("main", &master);
    suite(&over(&format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port())).await, "redis").await;
}

async fn suite(cache: &Cache, below: &'static str) {
    values_come_back(cache).await;
    values_are_replaced_and_forgotten(cache).await;
    claims_are_granted_once(cache).await;
    sets_count_their_members(cache).await;
    one_of_a_hundred_makes_a_value(cache).await;
    a_claim_goes_on_to_the_next(cache).await;
    what_was_asked_is_counted(cache, below).await;
}

async fn values_come_back(cache: &Cache) {
    let sizes = [0, 1, 4095, 4096, 5000, 300_000, 9_000_000];
    // Of the first kind there are copies in memory, of the second there are none.
    for kind in ["ast", "job"] {
        let key = |size: usize| format!("{kind}:values:{size}");
        let noise = |size: usize| Bytes::from_iter((0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 7) as u8));
        cache.put(sizes.iter().map(|&size| (key(size), noise(size))).collect()).await;
        let mut keys: Vec<_> = sizes.iter().rev().map(|&size| key(size)).collect();
        keys.insert(3, format!("{kind}:values:none"));
        keys.push(keys[0].clone());
        let values = cache.get(&keys).await;
        assert_eq!(values.len(), keys.len());
        assert!(values[3].is_none() && values[0] == values[8]);
        for (size, value) in sizes.iter().rev().zip(values.into_iter().flatten()) {
            assert!(value == noise(*size), "{kind} of {size} bytes");
        }
    }
    // More than go at once.
    let key = |number: u32| format!("merkle:many:{number}");
    cache.put((0..1500).map(|number| (key(number), Bytes::from(number.to_string()))).collect()).await;
    let values = cache.get(&(0..3000).map(key).collect::<Vec<_>>()).await;
    for (number, value) in (0..3000).zip(values) {
        assert_eq!(value, (number < 1500).then(|| Bytes::from(number.to_string())));
    }
    assert!(cache.get(&[]).await.is_empty());
    cache.put(vec![]).await;
}

async fn values_are_replaced_and_forgotten(cache: &Cache) {
    for key in ["graph:r:t", "commit:r:c"] {
        put(cache, key, "one").await;
        put(cache, key, "two").await;
        assert_eq!(get(cache, key).await.unwrap(), "two");
        cache.remove(&[key.into(), "graph:none".into()]).await;
        assert_eq!(get(cache, key).await, None);
        put(cache, key, "three").await;
        assert_eq!(get(cache, key).await.unwrap(), "three");
    }
    cache.remove(&[]).await;
}

async fn claims_are_granted_once(cache: &Cache) {
    assert!(cache.claim("lock:a", LONG).await && !cache.claim("lock:a", LONG).await);
    let mut brief = String::new();
    // One that is over before it is asked for again was of no use.
    until("a brief claim holds", SOON, async || {
        brief.push('b');
        assert!(cache.claim(&format!("lock:{brief}"), Duration::from_millis(200)).await);
        !cache.claim(&format!("lock:{brief}"), LONG).await
    })
    .await;
    until("a brief claim is over", SOON, async || cache.claim(&format!("lock:{brief}"), LONG).await).await;
    cache.remove(&["lock:a".into()]).await;
    assert!(cache.claim("lock:a", LONG).await);
    // A value of that name is another thing.
    assert_eq!(get(cache, "lock:a").await, None);
    // Who was too slow gives nothing back that is somebody else's.
    let late = cache.take("lock:c", Duration::from_millis(100)).await.unwrap();
    tokio::time::sleep(Duration::from_millis(150)).await;
    let next = cache.take("lock:c", LONG).await.unwrap();
    cache.give_back(&[("lock:c".into(), late), ("lock:nobody".into(), next.clone())]).await;
    assert!(!cache.claim("lock:c", LONG).await);
    cache.give_back(&[("lock:c".into(), next)]).await;
    assert!(cache.claim("lock:c", LONG).await);
}

async fn sets_count_their_members(cache: &Cache) {
    assert_eq!(cache.count_members("job:1").await, 0);
    assert_eq!((cache.add_member("job:1", "a").await, cache.add_member("job:1", "a").await), (1, 1));
    assert_eq!((cache.add_member("job:1", "b").await, cache.count_members("job:1").await), (2, 2));
    put(cache, "job:1", "a value of that name").await;
    assert_eq!(cache.count_members("job:1").await, 2);
    cache.remove(&["job:1".into()]).await;
    assert_eq!((cache.count_members("job:1").await, get(cache, "job:1").await), (0, None));
}

async fn one_of_a_hundred_makes_a_value(cache: &Cache) {
    for key in ["map:r:c:1", "job:made"] {
        let made = Arc::new(AtomicU32::new(0));
        let ask = |cache: Cache, made: Arc<AtomicU32>| async move {
            match cache.get_or_claim(key, LONG).await {
                Found::Value(value) => value,
                Found::Claim(claim) => {
                    made.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    put(&cache, claim.key(), "made").await;
                    "made".into()
                }
            }
        };
        let asked: Vec<_> = (0..100).map(|_| tokio::spawn(ask(cache.clone(), made.clone()))).collect();
        for asked in asked {
            assert_eq!(asked.await.unwrap(), "made");
        }
        assert_eq!(made.load(Ordering::SeqCst), 1, "{key}");
        assert!(matches!(cache.get_or_claim(key, LONG).await, Found::Value(value) if value == "made"));
    }
}

async fn a_claim_goes_on_to_the_next(cache: &Cache) {
    let key = "rank:r:c:1";
    let claim = async |time| match cache.get_or_claim(key, time).await {
        Found::Claim(claim) => claim,
        Found::Value(value) => panic!("nobody put {value:?}"),
    };
    // Given back, dropped, and late: each time the next one has its turn, and not long after.
    let next = {
        let first = claim(LONG).await;
        let next = tokio::spawn({
            let cache = cache.clone();
            async move { cache.get_or_claim(key, LONG).await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!next.is_finished());
        cache.release(first).await;
        next.await.unwrap()
    };
    assert!(matches!(next, Found::Claim(_)));
    drop(next);
    let begun = Instant::now();
    let late = claim(Duration::from_millis(200)).await;
    let next = claim(LONG).await;
    assert!(begun.elapsed() >= Duration::from_millis(190) && begun.elapsed() < SOON);
    // Who is late takes nothing from the next one; what it puts after all is as good.
    drop(late);
    let waits = tokio::spawn({
        let cache = cache.clone();
        async move { cache.get_or_claim(key, LONG).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!waits.is_finished());
    put(cache, key, "late").await;
    assert!(matches!(waits.await.unwrap(), Found::Value(value) if value == "late"));
    drop(next);
    assert_eq!(get(cache, key).await.unwrap(), "late");
    // Forgetting a key, one forgets who makes it.
    cache.remove(&[key.into()]).await;
    let forgotten = claim(LONG).await;
    cache.remove(&[key.into()]).await;
    assert!(matches!(claim(LONG).await.key(), "rank:r:c:1"));
    drop(forgotten);
}

async fn what_was_asked_is_counted(cache: &Cache, below: &'static str) {
    put(cache, "symbols:r:1", "value").await;
    for key in ["symbols:r:1", "symbols:r:2"] {
        get(cache, key).await;
    }
    let statistics = cache.statistics().await;
    let [memory, second] = &statistics[..] else { panic!("{statistics:?}") };
    assert_eq!((memory.name, second.name), ("memory", below));
    let symbols = &memory.kinds["symbols"];
    assert_eq!((symbols.hits, symbols.misses, symbols.entries), (1, 1, Some(1)));
    assert!(symbols.bytes.unwrap() > 5 && memory.bytes.unwrap() >= symbols.bytes.unwrap());
    let symbols = &second.kinds["symbols"];
    assert_eq!((symbols.hits, symbols.misses, symbols.errors), (0, 1, 0));
    assert!(second.entries.unwrap() > 1500 && second.bytes.unwrap() > 1_000_000, "{second:?}");
    let health = cache.check().await;
    assert!(health.name == below && health.state.is_ok_and(|latency| latency < SOON));
}

//! Instances that share a Redis.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use astlas_capabilities::{Cache, cache::Found};
use astlas_test_servers::{RedisServer, until};

use crate::scene::{LONG, SOON, get, listens, over, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_puts_the_other_gets_and_what_one_forgets_the_other_does() {
    let server = RedisServer::start();
    puts_and_forgets(&server, &server.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn instances_of_a_cluster_hear_each_other_as_well() {
    let server = RedisServer::cluster();
    puts_and_forgets(&server, &format!("redis+cluster://127.0.0.1:{}", server.port())).await;
}

async fn puts_and_forgets(server: &RedisServer, url: &str) {
    let (one, other) = (over(url).await, over(url).await);
    listens(&one, &other).await;
    listens(&other, &one).await;
    put(&one, "graph:r:t", "value").await;
    put(&one, "graph:r:kept", "value").await;
    for key in ["graph:r:t", "graph:r:kept"] {
        assert_eq!(get(&other, key).await.unwrap(), "value");
    }
    // The value is gone from Redis behind both backs: both still have their copies.
    server.command("FLUSHALL");
    assert!(get(&one, "graph:r:t").await.is_some() && get(&other, "graph:r:t").await.is_some());
    one.remove(&["graph:r:t".into()]).await;
    assert_eq!(get(&one, "graph:r:t").await, None);
    let took = until("it is forgotten", SOON, async || get(&other, "graph:r:t").await.is_none()).await;
    println!("the other instance forgot after {took:?}");
    assert!(get(&other, "graph:r:kept").await.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn values_that_are_replaced_are_seen_at_once() {
    let server = RedisServer::start();
    let (one, other) = (over(&server.url()).await, over(&server.url()).await);
    for number in 0..20 {
        put(&one, "job:1", number.to_string()).await;
        assert_eq!(get(&other, "job:1").await.unwrap(), number.to_string());
    }
    assert!(one.claim("lock:1", LONG).await && !other.claim("lock:1", LONG).await);
    assert_eq!((one.add_member("job:s", "a").await, other.add_member("job:s", "b").await), (1, 2));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_a_hundred_across_instances_makes_a_value() {
    let server = RedisServer::start();
    let caches = [over(&server.url()).await, over(&server.url()).await];
    for key in ["map:r:c:1", "job:made"] {
        let made = Arc::new(AtomicU32::new(0));
        let ask = |cache: Cache, made: Arc<AtomicU32>| async move {
            match cache.get_or_claim(key, LONG).await {
                Found::Value(value) => value,
                Found::Claim(claim) => {
                    made.fetch_add(1, Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    put(&cache, claim.key(), "made").await;
                    "made".into()
                }
            }
        };
        let asked: Vec<_> =
            (0..100).map(|number| tokio::spawn(ask(caches[number % 2].clone(), made.clone()))).collect();
        for asked in asked {
            assert_eq!(asked.await.unwrap(), "made");
        }
        assert_eq!(made.load(Ordering::SeqCst), 1, "{key}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_claim_goes_on_to_the_other_instance() {
    let server = RedisServer::start();
    let (one, other) = (over(&server.url()).await, over(&server.url()).await);
    let Found::Claim(claim) = one.get_or_claim("map:x", LONG).await else { panic!("nobody put it") };
    let waits = tokio::spawn({
        let other = other.clone();
        async move { other.get_or_claim("map:x", LONG).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!waits.is_finished());
    drop(claim);
    let Found::Claim(next) = tokio::time::timeout(SOON, waits).await.unwrap().unwrap() else { panic!("nobody put it") };
    drop(next);
    // An instance that ends in the middle gives nothing back: the lock expires.
    let Found::Claim(lost) = other.get_or_claim("map:y", Duration::from_millis(300)).await else {
        panic!("nobody put it")
    };
    std::mem::forget(lost);
    let found = tokio::time::timeout(SOON, one.get_or_claim("map:y", LONG)).await.unwrap();
    assert!(matches!(found, Found::Claim(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_key_in_redis_has_a_lifetime_that_use_prolongs() {
    let server = RedisServer::start();
    let (one, other) = (over(&server.url()).await, over(&server.url()).await);
    let lives = |key: &str| -> u32 {
        let answer = server.command(&format!("TTL astlas:{key}"));
        answer.trim().trim_start_matches(':').parse().unwrap_or(0)
    };
    put(&one, "ast:1", "tags").await;
    put(&one, "map:r:1", "text").await;
    one.add_member("job:s", "a").await;
    one.claim("lock:c", LONG).await;
    assert!(lives("ast:1") > 600_000 && (3000..=3600).contains(&lives("map:r:1")));
    assert!(lives("set>job:s") > 600_000 && (500..=600).contains(&lives("claim>lock:c")));
    for key in server.command("KEYS *").lines().filter(|line| line.starts_with("astlas:")) {
        assert!(lives(&key["astlas:".len()..]) > 0, "{key}");
    }
    // Read from Redis, what has no lifetime of its own lives on; a copy that is used has the others live on.
    for key in ["ast:1", "map:r:1"] {
        server.command(&format!("EXPIRE astlas:{key} 1000"));
        until("it lives on", SOON, async || {
            // The first time it is copied, if no copy is dropped just then; the copy is used after that.
            get(&other, key).await;
            lives(key) > 3000
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_in_redis_is_not_there() {
    let server = RedisServer::start();
    let cache = over(&server.url()).await;
    server.command("SET astlas:job:1 garbage");
    server.command("SADD astlas:job:2 member");
    server.command("SET astlas:set>job:3 garbage");
    put(&cache, "job:4", vec![7; 10_000]).await;
    assert!(server.command("STRLEN astlas:job:4").trim().trim_start_matches(':').parse::<u32>().unwrap() < 1000);
    server.command("SETRANGE astlas:job:4 10 damage");
    let keys = ["job:1", "job:2", "job:4"].map(String::from);
    assert_eq!(cache.get(&keys).await, [None, None, None]);
    // A wrong answer about one key is no reason to think Redis gone.
    cache.add_member("job:3", "a").await;
    assert!(cache.check().await.state.is_ok());
    put(&cache, "job:1", "ours").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "ours");
}

//! Redis slow, refusing, gone in the middle and back: answers stay right, and fast.

use std::time::{Duration, Instant};

use astlas_capabilities::{Cache, CacheSettings, cache::Found};
use astlas_test_servers::{RedisServer, until};

use crate::scene::{LONG, SOON, get, listens, over, put, within};

/// How long is waited for a Redis that comes and goes: longer than a busy machine holds anybody up.
const TIMEOUT: Duration = Duration::from_secs(10);

/// All that is asked of a cache, answered as if nothing were there, and how long that took.
async fn works_without(cache: &Cache) -> Duration {
    let begun = Instant::now();
    assert_eq!(get(cache, "job:gone").await, None);
    put(cache, "map:gone", "copied").await;
    assert_eq!(get(cache, "map:gone").await.unwrap(), "copied");
    match cache.get_or_claim("job:made", LONG).await {
        Found::Claim(claim) => cache.release(claim).await,
        Found::Value(value) => panic!("nobody put {value:?}"),
    }
    let lock = format!("lock:{begun:?}");
    assert!(cache.claim(&lock, LONG).await && !cache.claim(&lock, LONG).await);
    assert_eq!(cache.check().await.state.is_err(), cache.statistics().await[1].entries.is_none());
    begun.elapsed()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_killed_and_comes_back() {
    let mut server = RedisServer::start();
    let cache = within(&server.url(), TIMEOUT).await;
    put(&cache, "job:1", "before").await;
    server.kill();
    assert_eq!(get(&cache, "job:1").await, None);
    let took = works_without(&cache).await;
    assert!(took < TIMEOUT, "{took:?}");
    assert!(cache.check().await.state.is_err());
    // Members are counted, and kept for Redis.
    assert_eq!((cache.add_member("job:s", "a").await, cache.add_member("job:s", "b").await), (1, 2));
    server.restart();
    let took = until("Redis is back", SOON, async || cache.check().await.state.is_ok()).await;
    println!("redis was back after {took:?}");
    put(&cache, "job:1", "after").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "after");
    assert_eq!(cache.count_members("job:s").await, 2);
    assert!(server.command("SCARD astlas:set>job:s").starts_with(":2"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_stands_still_and_goes_on() {
    let server = RedisServer::start();
    let (cache, other) = (within(&server.url(), TIMEOUT).await, within(&server.url(), TIMEOUT).await);
    put(&cache, "job:1", "before").await;
    put(&cache, "graph:r:t", "copied").await;
    assert_eq!(get(&other, "graph:r:t").await.unwrap(), "copied");
    server.pause();
    let begun = Instant::now();
    assert_eq!(get(&cache, "job:1").await, None);
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());
    // From now on, nobody waits.
    let took = works_without(&cache).await;
    assert!(took < TIMEOUT, "{took:?}");
    cache.remove(&["job:1".into(), "graph:r:t".into()]).await;
    server.resume();
    until("Redis is back", SOON, async || cache.check().await.state.is_ok()).await;
    // What was forgotten meanwhile is forgotten there as well, and by the others.
    assert_eq!(get(&cache, "job:1").await, None);
    until("it is forgotten", SOON, async || get(&other, "graph:r:t").await.is_none()).await;
    put(&cache, "job:1", "after").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_not_there_when_the_cache_is_opened() {
    let mut server = RedisServer::start();
    server.kill();
    let begun = Instant::now();
    let cache = within(&server.url(), TIMEOUT).await;
    assert!(begun.elapsed() < TIMEOUT * 2);
    works_without(&cache).await;
    server.restart();
    until("Redis is back", SOON, async || cache.check().await.state.is_ok()).await;
    put(&cache, "job:1", "after").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "after");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_refuses() {
    let server = RedisServer::start_with(&["--requirepass", "hush"]);
    works_without(&over(&server.url()).await).await;
    let cache = over(&format!("redis://:hush@127.0.0.1:{}", server.port())).await;
    put(&cache, "job:1", "value").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "value");
    // Full: what is there can be read, nothing is kept, and Redis does not count as gone.
    let server = RedisServer::start();
    let cache = over(&server.url()).await;
    put(&cache, "job:1", "value").await;
    server.command("CONFIG SET maxmemory 1");
    put(&cache, "job:2", "value").await;
    assert_eq!(get(&cache, "job:1").await.unwrap(), "value");
    assert_eq!(get(&cache, "job:2").await, None);
    assert!(cache.check().await.state.is_ok());
    assert_eq!(cache.statistics().await[1].kinds["job"].errors, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn copies_are_dropped_when_the_others_cannot_be_heard() {
    let server = RedisServer::start();
    let (cache, other) = (over(&server.url()).await, over(&server.url()).await);
    listens(&cache, &other).await;
    put(&cache, "graph:r:t", "copied").await;
    server.command("DEL astlas:graph:r:t");
    assert!(get(&cache, "graph:r:t").await.is_some());
    // The connection that listens is cut; the other one stays.
    server.command("CLIENT KILL TYPE pubsub");
    until("it is forgotten", SOON, async || get(&cache, "graph:r:t").await.is_none()).await;
    assert!(cache.check().await.state.is_ok());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_server_takes_the_place_of_the_master() {
    let mut master = RedisServer::start();
    let replica = RedisServer::start_with(&["--replicaof", "127.0.0.1", &master.port().to_string()]);
    let sentinel = RedisServer::sentinel("main", &master);
    let cache = over(&format!("redis+sentinel://127.0.0.1:{}/main", sentinel.port())).await;
    put(&cache, "job:1", "value").await;
    let limit = SOON * 3;
    until("the replica has it", limit, async || replica.command("EXISTS astlas:job:1").starts_with(":1")).await;
    until("sentinel knows the replica", limit, async || {
        sentinel.command("SENTINEL REPLICAS main").contains(&replica.port().to_string())
    })
    .await;
    master.kill();
    assert_eq!(get(&cache, "job:1").await, None);
    // Not sooner: a master that is only held up would be replaced as well.
    assert!(sentinel.command("SENTINEL SET main down-after-milliseconds 500").contains("OK"));
    let took = until("there is a new main one", limit, async || cache.check().await.state.is_ok()).await;
    println!("the other server was found after {took:?}");
    until("the value is there", limit, async || get(&cache, "job:1").await.is_some_and(|value| value == "value")).await;
    until("values are kept again", limit, async || {
        put(&cache, "job:2", "after").await;
        get(&cache, "job:2").await.is_some()
    })
    .await;
    assert!(replica.command("EXISTS astlas:job:2").starts_with(":1"));
}

#[tokio::test]
async fn a_wrong_setting_is_named_without_its_secret() {
    let settings = CacheSettings { url: Some("http://:hush@localhost".into()), ..CacheSettings::default() };
    let error = Cache::open(&settings, astlas_cache::Settings::new("/nowhere")).await.err().unwrap().to_string();
    assert!(error.starts_with("setting cache.url: ") && !error.contains("hush"), "{error}");
    assert!(!format!("{settings:?}").contains("hush"));
}

//! Instances that share a Redis.

use std::{pin::pin, sync::Arc};

use astlas_limits::{Ask, Limits};
use astlas_test_servers::{RedisServer, ValkeyServer, far_from_midnight};
use futures_util::{FutureExt, future::join_all};
use tokio::task::JoinSet;

use crate::scene::{ask, name, over, settings};

const ASKERS: usize = 50;
const ASKS: usize = 40;
/// In milliseconds.
const DAY: i64 = 86_400_000;

/// How many of two thousand calls by two instances may pass, of each of two tenants.
async fn allowed(instances: &[Arc<Limits>; 2], route: &'static str) -> [usize; 2] {
    let mut askers = JoinSet::new();
    for asker in 0..ASKERS * 2 {
        let limits = instances[asker % 2].clone();
        askers.spawn(async move {
            let (which, route) = (asker / 2 % 2, name(route));
            let tenant = name(["one", "two"][which]);
            let mut allowed = 0;
            for _ in 0..ASKS {
                let decision = limits.check(&Ask::call(&tenant, &route)).await;
                assert!(decision.is_shared);
                allowed += usize::from(decision.is_allowed);
            }
            (which, allowed)
        });
    }
    let mut sums = [0; 2];
    while let Some(done) = askers.join_next().await {
        let (which, allowed) = done.unwrap();
        sums[which] += allowed;
    }
    sums
}

async fn never_more_than_the_limit(url: &str) {
    // No window ends meanwhile.
    far_from_midnight();
    let plan = r#"
        rules = [
            { name = "fixed", routes = ["fixed"], algorithm = "fixed-window", limit = 700, window = 86400 },
            { name = "sliding", routes = ["sliding"], limit = 300, window = 86400 },
            { name = "bucket", routes = ["bucket"], algorithm = "token-bucket", limit = 1, window = 86400, burst = 500 },
            { name = "wide", routes = ["both"], algorithm = "token-bucket", limit = 1, window = 86400, burst = 900 },
            { name = "narrow", routes = ["both"], algorithm = "token-bucket", limit = 1, window = 86400, burst = 100 },
        ]
    "#;
    let settings = settings(plan);
    let instances = [Arc::new(over(&settings, url).await), Arc::new(over(&settings, url).await)];
    for (route, limit) in [("fixed", 700), ("sliding", 300), ("bucket", 500), ("both", 100)] {
        assert_eq!(allowed(&instances, route).await, [limit, limit], "{route}");
    }
    // What was refused took nothing of the other rule.
    let decision = instances[0].check(&Ask { calls: 0, ..Ask::call(&name("one"), &name("both")) }).await;
    let remaining: Vec<_> = decision.applied.iter().map(|applied| applied.remaining).collect();
    assert_eq!(remaining, [800, 0]);
    let usage = instances[1].usage(&name("two")).await;
    assert_eq!((usage.month.calls, usage.is_shared), (1600, true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_never_allows_more_than_the_limit() {
    let server = RedisServer::start();
    never_more_than_the_limit(&server.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn valkey_never_allows_more_than_the_limit() {
    let server = ValkeyServer::start();
    never_more_than_the_limit(&server.url()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_come_together_are_counted_together() {
    let server = RedisServer::start();
    let plan = r#"rules = [{ name = "bucket", algorithm = "token-bucket", limit = 1, window = 86400, burst = 1500 }]"#;
    let limits = over(&settings(plan), &server.url()).await;
    // Redis answers nobody before all have asked.
    server.pause();
    let mut all = pin!(join_all((0..1000).map(|_| ask(&limits, "acme"))));
    assert!(all.as_mut().now_or_never().is_none());
    server.resume();
    let allowed = all.await.into_iter().filter(|decision| decision.is_allowed && decision.is_shared).count();
    assert_eq!(allowed, 1000);
    assert_eq!(limits.usage(&name("acme")).await.month.calls, 1000);
    let statistics = server.command("INFO commandstats");
    let scripts = statistics.lines().find_map(|line| line.strip_prefix("cmdstat_evalsha:calls=")).unwrap();
    let scripts: u32 = scripts.split(',').next().unwrap().parse().unwrap();
    assert!(scripts < 10, "{scripts} scripts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_as_if_it_were_not_there_expires() {
    let server = RedisServer::start();
    far_from_midnight();
    let plan = r#"rules = [
        { name = "fixed", algorithm = "fixed-window", limit = 5, window = 86400 },
        { name = "sliding", limit = 5, window = 86400 },
        { name = "bucket", algorithm = "token-bucket", limit = 5, window = 86400 },
    ]"#;
    let limits = over(&settings(plan), &server.url()).await;
    assert!(ask(&limits, "acme").await.is_allowed);
    let life = |key: &str| -> i64 {
        let answer = server.command(&format!("PTTL astlas:{key}"));
        answer.trim().trim_start_matches(':').parse().unwrap()
    };
    assert!((1..=DAY).contains(&life("rate:{acme}:fixed:fixed:86400000")));
    assert!((DAY..=2 * DAY).contains(&life("rate:{acme}:sliding:sliding:86400000")));
    // One of five is there again after a fifth of the window.
    assert!((1..=DAY / 5).contains(&life("rate:{acme}:bucket:bucket:86400000")));
    assert!((62 * DAY..=63 * DAY).contains(&life("usage:{acme}")));
    // What is stored is known for as long as it is there.
    let charge = astlas_limits::Charge { stored: astlas_limits::Stored::Added(1), ..Default::default() };
    limits.charge(&name("acme"), charge).await;
    assert_eq!(life("usage:{acme}"), -1);
    assert!(ask(&limits, "acme").await.is_allowed);
    assert_eq!(life("usage:{acme}"), -1);
}

//! Redis standing still, killed, refusing, and back: answers go on within the bounded wait, and what was used is known.

use std::time::{Duration, Instant};

use astlas_limits::{Ask, Charge, Limits, LimitsSettings, Stored, Verdict};
use astlas_test_servers::{RedisServer, far_from_midnight, until};

use crate::scene::{TIMEOUT, ask, name, over, settings, within};

/// How long it may take until Redis is noticed to be back.
const BACK: Duration = Duration::from_secs(60);

fn plan() -> LimitsSettings {
    // What was used is counted by days.
    far_from_midnight();
    settings("rules = [{ name = \"all\", algorithm = \"token-bucket\", limit = 1, window = 86400, burst = 6 }]")
}

/// Asks as if Redis were there; the first answer takes at most the bounded wait, the others none.
async fn goes_on_alone(limits: &Limits) {
    let begun = Instant::now();
    let decision = ask(limits, "acme").await;
    assert!(decision.is_allowed && !decision.is_shared);
    assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());
    let begun = Instant::now();
    for _ in 0..5 {
        let decision = ask(limits, "acme").await;
        assert!(decision.is_allowed && !decision.is_shared);
    }
    // The limit holds in this instance.
    assert!(!ask(limits, "acme").await.is_allowed);
    limits.charge(&name("acme"), Charge { parsed_bytes: 10, stored: Stored::Added(1000) }).await;
    limits.charge(&name("acme"), Charge { parsed_bytes: 5, stored: Stored::Removed(300) }).await;
    let usage = limits.usage(&name("acme")).await;
    assert!(!usage.is_shared && usage.day.calls >= 6);
    assert!(begun.elapsed() < TIMEOUT, "{:?}", begun.elapsed());
}

/// Waits until Redis is back and knows what was charged meanwhile, the calls before it included.
async fn told(limits: &Limits) -> Duration {
    until("Redis is back", BACK, async || {
        let usage = limits.usage(&name("acme")).await;
        usage.is_shared && (usage.day.parsed_bytes, usage.stored_bytes) == (15, 700)
    })
    .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_stands_still_and_goes_on() {
    let server = RedisServer::start();
    let limits = within(&plan(), &server.url(), TIMEOUT).await;
    until("Redis is back", BACK, async || limits.usage(&name("nobody")).await.is_shared).await;
    for _ in 0..2 {
        assert!(ask(&limits, "acme").await.is_shared);
    }
    server.pause();
    goes_on_alone(&limits).await;
    server.resume();
    let took = told(&limits).await;
    println!("redis was back and told after {took:?}");
    // What was under way when Redis stood still may have been counted by it, and by nobody else.
    let usage = limits.usage(&name("acme")).await;
    assert!([2 + 5, 2 + 6].contains(&usage.day.calls), "{usage:?}");
    // Rules go on where they were: two or three of six were taken.
    let mut allowed = 0;
    for _ in 0..6 {
        let decision = ask(&limits, "acme").await;
        allowed += u64::from(decision.is_allowed && decision.is_shared);
    }
    assert_eq!(allowed + usage.day.calls, 4 + 2 + 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_killed_and_comes_back() {
    let mut server = RedisServer::start();
    let limits = within(&plan(), &server.url(), TIMEOUT).await;
    until("Redis is back", BACK, async || limits.usage(&name("nobody")).await.is_shared).await;
    assert!(ask(&limits, "acme").await.is_shared);
    server.kill();
    goes_on_alone(&limits).await;
    server.restart();
    told(&limits).await;
    // This Redis knows what was told to it: all but what was under way when the one before it ended.
    let usage = limits.usage(&name("acme")).await;
    assert!([5, 6].contains(&usage.day.calls), "{usage:?}");
    assert!(ask(&limits, "acme").await.is_shared);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quota_that_is_used_up_stays_so_while_redis_is_gone() {
    far_from_midnight();
    let mut server = RedisServer::start();
    let plan = settings("calls_per_day = 4\nparsed_bytes_per_day = 1000\nstored_bytes = 1000");
    // What another instance told Redis, this one heard with its own answers.
    let other = within(&plan, &server.url(), TIMEOUT).await;
    let limits = within(&plan, &server.url(), TIMEOUT).await;
    for limits in [&other, &limits] {
        until("Redis is back", BACK, async || limits.usage(&name("nobody")).await.is_shared).await;
    }
    for _ in 0..2 {
        assert!(ask(&other, "acme").await.is_shared && ask(&other, "spent").await.is_shared);
    }
    let charge = Charge { parsed_bytes: 1000, stored: Stored::Added(900) };
    other.charge(&name("spent"), charge).await;
    for _ in 0..2 {
        assert!(ask(&limits, "spent").await.is_allowed);
    }
    assert!(ask(&limits, "acme").await.is_allowed);
    server.kill();
    for _ in 0..3 {
        let decision = ask(&limits, "spent").await;
        assert!(!decision.is_shared && !decision.is_allowed, "{decision:?}");
        assert_eq!(decision.refusal().map(|refusal| refusal.name.as_str()), Some("calls-per-day"));
    }
    let (spent, query) = (name("spent"), name("query"));
    let asked = Ask { calls: 0, parsed_bytes: Some(1), stored_bytes: Some(101), ..Ask::call(&spent, &query) };
    let refused = limits.check(&asked).await.applied.into_iter().filter(|it| it.verdict != Verdict::Allowed);
    let refused: Vec<_> = refused.map(|applied| applied.name).collect();
    assert_eq!(refused, ["parsed-bytes-per-day", "stored-bytes"]);
    // Who has some left has so much and no more; of whom nothing was heard, all.
    let passed = async |tenant: &str| {
        let mut passed = 0;
        for _ in 0..6 {
            passed += u32::from(ask(&limits, tenant).await.is_allowed);
        }
        passed
    };
    assert_eq!((passed("acme").await, passed("new").await), (1, 4));
    server.restart();
    until("Redis is back", BACK, async || limits.usage(&name("new")).await.day.calls == 4).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_is_not_there_yet() {
    let mut server = RedisServer::start();
    server.kill();
    let begun = Instant::now();
    let limits = within(&plan(), &server.url(), TIMEOUT).await;
    assert!(begun.elapsed() < TIMEOUT * 2);
    goes_on_alone(&limits).await;
    server.restart();
    told(&limits).await;
    let usage = limits.usage(&name("acme")).await;
    assert_eq!(usage.day.calls, 6);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn redis_refuses_or_forgets_its_scripts() {
    let server = RedisServer::start();
    let limits = over(&plan(), &server.url()).await;
    assert!(ask(&limits, "acme").await.is_shared);
    server.command("SCRIPT FLUSH");
    assert!(ask(&limits, "acme").await.is_shared);
    // Full: each instance counts by itself, without a wait, until there is room.
    server.command("CONFIG SET maxmemory 1");
    let decision = ask(&limits, "acme").await;
    assert!(decision.is_allowed && !decision.is_shared);
    server.command("CONFIG SET maxmemory 0");
    let decision = ask(&limits, "acme").await;
    assert_eq!((decision.is_shared, decision.applied[0].remaining), (true, 3));
    // The call that it did not count is told to it.
    until("Redis is back", BACK, async || limits.usage(&name("acme")).await.month.calls == 4).await;
}

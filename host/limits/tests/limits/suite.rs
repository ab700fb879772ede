//! What limits do, whoever counts.

use std::time::Duration;

use astlas_limits::{Ask, Charge, Limits, Stored, SystemClock, Verdict};
use astlas_test_servers::{RedisServer, ValkeyServer, far_from_midnight};

use crate::scene::{ask, name, over, settings};

/// Windows are so long that none ends within the suite, but where one has to.
const PLAN: &str = r#"
    calls_per_day = 8
    parsed_bytes_per_day = 1000
    stored_bytes = 500
    rules = [
        { name = "all", algorithm = "token-bucket", limit = 1, window = 86400, burst = 6 },
        { name = "index", routes = ["index"], algorithm = "token-bucket", limit = 1, window = 86400, burst = 2 },
        { name = "quick", routes = ["quick"], algorithm = "token-bucket", limit = 4, window = 1, burst = 1 },
        { name = "window", routes = ["window"], algorithm = "fixed-window", limit = 2, window = 86400 },
        { name = "sliding", routes = ["sliding"], limit = 2, window = 86400 },
    ]
"#;

#[tokio::test]
async fn in_this_process() {
    suite(&Limits::embedded(&settings(PLAN), Box::new(SystemClock)).unwrap(), false).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_redis() {
    let server = RedisServer::start();
    suite(&over(&settings(PLAN), &server.url()).await, true).await;
    // All that is there is below the prefix, and the tenant is the hash tag.
    let keys = server.command("KEYS *");
    let is_ours = |key: &str| ["astlas:usage:{", "astlas:rate:{"].iter().any(|start| key.starts_with(start));
    let found: Vec<_> = keys.lines().filter(|line| !line.starts_with(['*', '$'])).collect();
    assert!(found.len() > 8 && found.iter().all(|key| is_ours(key)), "{found:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_valkey() {
    let server = ValkeyServer::start();
    suite(&over(&settings(PLAN), &server.url()).await, true).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_a_cluster() {
    let server = RedisServer::cluster();
    let url = format!("redis+cluster://127.0.0.1:{}", server.port());
    suite(&over(&settings(PLAN), &url).await, true).await;
}

async fn suite(limits: &Limits, is_shared: bool) {
    far_from_midnight();
    rules_count_each_tenant_for_itself(limits, is_shared).await;
    nothing_is_taken_where_one_refuses(limits).await;
    several_groups_pass_together_or_not_at_all(limits).await;
    what_waits_as_long_as_told_may_pass(limits).await;
    windows_refuse_what_is_too_much(limits).await;
    quotas_count_what_it_really_cost(limits).await;
    what_cannot_ever_pass_is_told_so(limits).await;
}

fn remaining(decision: &astlas_limits::Decision, limit: &str) -> u64 {
    decision.applied.iter().find(|applied| applied.name == limit).unwrap().remaining
}

async fn rules_count_each_tenant_for_itself(limits: &Limits, is_shared: bool) {
    for tenant in ["one", "two"] {
        for left in (0..6).rev() {
            let decision = ask(limits, tenant).await;
            assert!(decision.is_allowed && decision.is_shared == is_shared && decision.refusal().is_none());
            assert_eq!((remaining(&decision, "all"), remaining(&decision, "calls-per-day")), (left, left + 2));
            assert_eq!(decision.applied.len(), 4, "{decision:?}");
        }
        let decision = ask(limits, tenant).await;
        let refusal = decision.refusal().unwrap();
        assert!(!decision.is_allowed && refusal.name == "all" && refusal.remaining == 0 && refusal.limit == 1);
        let Verdict::Refused(Some(wait)) = refusal.verdict else { panic!("{refusal:?}") };
        assert!(wait > Duration::from_secs(86_000) && refusal.reset == Some(wait), "{refusal:?}");
    }
}

async fn nothing_is_taken_where_one_refuses(limits: &Limits) {
    let (tenant, index) = (name("careful"), name("index"));
    for _ in 0..2 {
        assert!(limits.check(&Ask::call(&tenant, &index)).await.is_allowed);
    }
    for _ in 0..10 {
        let decision = limits.check(&Ask::call(&tenant, &index)).await;
        assert_eq!(decision.refusal().unwrap().name, "index");
        assert_eq!((remaining(&decision, "all"), remaining(&decision, "calls-per-day")), (4, 6));
    }
    // A quota refuses: no rule is touched.
    let query = name("query");
    let parses = Ask { parsed_bytes: Some(1001), ..Ask::call(&tenant, &query) };
    assert_eq!(limits.check(&parses).await.refusal().unwrap().name, "parsed-bytes-per-day");
    assert_eq!(remaining(&ask(limits, "careful").await, "all"), 3);
    assert_eq!(limits.usage(&tenant).await.day.calls, 3);
}

async fn several_groups_pass_together_or_not_at_all(limits: &Limits) {
    let (tenant, query, index) = (name("several"), name("query"), name("index"));
    let asked = |queries, indexes| async move {
        let (tenant, query, index) = (name("several"), name("query"), name("index"));
        let others = [(&index, indexes)];
        limits.check(&Ask { calls: queries, others: &others, ..Ask::call(&tenant, &query) }).await
    };
    let left = |decision: &_| ["calls-per-day", "all", "index"].map(|limit| remaining(decision, limit));
    // Of one group is too much: the other keeps its calls, and so does what both share.
    let refused = asked(1, 3).await;
    assert_eq!((refused.refusal().unwrap().name.as_str(), left(&refused)), ("index", [8, 6, 2]));
    let refused = asked(5, 2).await;
    assert_eq!((refused.refusal().unwrap().name.as_str(), left(&refused)), ("all", [8, 6, 2]));
    let passed = asked(3, 2).await;
    assert_eq!((passed.is_allowed, left(&passed)), (true, [3, 1, 0]));
    assert_eq!(limits.usage(&tenant).await.day.calls, 5);
    // Which of them may go on.
    let decision = asked(0, 0).await;
    assert_eq!([&query, &index].map(|route| limits.leaves_calls(&decision, &tenant, route)), [true, false]);
    assert_eq!((asked(1, 0).await.is_allowed, asked(0, 0).await.is_allowed), (true, true));
    let decision = asked(0, 0).await;
    assert_eq!([&query, &index].map(|route| limits.leaves_calls(&decision, &tenant, route)), [false, false]);
}

async fn what_waits_as_long_as_told_may_pass(limits: &Limits) {
    let quick = name("quick");
    let mut waited = 0;
    for number in 0..100 {
        let tenant = name(&format!("patient-{number}"));
        assert!(limits.check(&Ask::call(&tenant, &quick)).await.is_allowed);
        let decision = limits.check(&Ask::call(&tenant, &quick)).await;
        // Between the two, a busy machine may have taken as long as one has to wait.
        let Some(refusal) = decision.refusal() else { continue };
        let Verdict::Refused(Some(wait)) = refusal.verdict else { panic!("{decision:?}") };
        assert!(wait <= Duration::from_millis(250), "{wait:?}");
        tokio::time::sleep(wait + Duration::from_millis(2)).await;
        assert!(limits.check(&Ask::call(&tenant, &quick)).await.is_allowed);
        waited += 1;
        if waited == 3 {
            return;
        }
    }
    panic!("{waited} of a hundred were refused");
}

async fn windows_refuse_what_is_too_much(limits: &Limits) {
    for kind in ["window", "sliding"] {
        let (tenant, route) = (name(&format!("by-{kind}")), name(kind));
        let two = Ask { calls: 2, ..Ask::call(&tenant, &route) };
        assert!(limits.check(&two).await.is_allowed);
        let decision = limits.check(&Ask::call(&tenant, &route)).await;
        let refusal = decision.refusal().unwrap();
        assert_eq!((refusal.name.as_str(), refusal.remaining), (kind, 0));
    }
}

async fn quotas_count_what_it_really_cost(limits: &Limits) {
    let (tenant, query) = (name("thrifty"), name("query"));
    let parses = |bytes| Ask { parsed_bytes: Some(bytes), ..Ask::call(&tenant, &query) };
    let charge = |parsed_bytes, stored| limits.charge(&tenant, Charge { parsed_bytes, stored });
    assert!(limits.check(&parses(400)).await.is_allowed);
    charge(999, Stored::Added(400)).await;
    assert!(!limits.check(&parses(2)).await.is_allowed);
    // How much it will be, nobody knows: one byte is left.
    assert!(limits.check(&parses(0)).await.is_allowed);
    charge(70_000, Stored::Added(200)).await;
    assert!(!limits.check(&parses(0)).await.is_allowed);
    // What parses nothing may go on; what stores may not, until something was removed.
    assert!(ask(limits, "thrifty").await.is_allowed);
    let stores = Ask { stored_bytes: Some(0), ..Ask::call(&tenant, &query) };
    let decision = limits.check(&stores).await;
    let refusal = decision.refusal().unwrap();
    assert_eq!((refusal.name.as_str(), refusal.verdict), ("stored-bytes", Verdict::Refused(None)));
    charge(0, Stored::Removed(101)).await;
    assert!(limits.check(&stores).await.is_allowed);
    charge(0, Stored::Removed(10_000)).await;
    charge(0, Stored::Counted(123)).await;
    let usage = limits.usage(&tenant).await;
    assert_eq!((usage.stored_bytes, usage.day.parsed_bytes, usage.month.calls), (123, 70_999, 4));
    let parsed = usage.quotas.iter().find(|quota| quota.name == "parsed-bytes-per-day").unwrap();
    assert_eq!((parsed.limit, parsed.used, parsed.reset_seconds.is_some()), (1000, 70_999, true));
}

async fn what_cannot_ever_pass_is_told_so(limits: &Limits) {
    let (tenant, query) = (name("greedy"), name("query"));
    for calls in [7, 9, u64::MAX] {
        let decision = limits.check(&Ask { calls, ..Ask::call(&tenant, &query) }).await;
        assert_eq!(decision.refusal().unwrap().verdict, Verdict::Refused(None));
        assert!(decision.headers().iter().all(|(name, _)| *name != "retry-after"));
    }
    assert!(limits.check(&Ask { calls: 6, ..Ask::call(&tenant, &query) }).await.is_allowed);
}

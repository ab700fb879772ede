//! What callers are told.

use astlas_limits::Ask;

use crate::scene::{ask, embedded, name, settings};

#[tokio::test]
async fn headers_tell_of_every_limit_and_the_nearest() {
    let plan = r#"
        calls_per_month = 1000
        parsed_bytes_per_day = 10
        rules = [
            { name = "all", algorithm = "fixed-window", limit = 3, window = 60 },
            { name = "burst", algorithm = "token-bucket", limit = 1, window = 2, burst = 5 },
        ]
    "#;
    // Ten seconds into a minute of January 30, 2026.
    let (limits, _clock) = embedded(&settings(plan), 1_769_731_210_500);
    let decision = ask(&limits, "acme").await;
    let month = 2 * 86_400 - 10;
    let policy = "\"calls-per-month\";q=1000, \"all\";q=3;w=60, \"burst\";q=1;w=2".to_owned();
    let now = format!("\"calls-per-month\";r=999;t={month}, \"all\";r=2;t=50, \"burst\";r=4;t=2");
    let headers = |now: String, remaining: &str, reset: &str| {
        vec![
            ("ratelimit-policy", policy.clone()),
            ("ratelimit", now),
            ("ratelimit-limit", "3".into()),
            ("ratelimit-remaining", remaining.into()),
            ("ratelimit-reset", reset.into()),
        ]
    };
    assert_eq!(decision.headers(), headers(now, "2", "50"));
    assert!(ask(&limits, "acme").await.is_allowed && ask(&limits, "acme").await.is_allowed);
    let decision = ask(&limits, "acme").await;
    let now = format!("\"calls-per-month\";r=997;t={month}, \"all\";r=0;t=50, \"burst\";r=2;t=2");
    let mut refused = headers(now, "0", "50");
    refused.push(("retry-after", "50".into()));
    assert_eq!(decision.headers(), refused);
    // Of bytes, headers say no more than when to come back: tomorrow.
    let (tenant, query) = (name("other"), name("query"));
    limits.charge(&tenant, astlas_limits::Charge { parsed_bytes: 10, ..Default::default() }).await;
    let decision = limits.check(&Ask { parsed_bytes: Some(0), ..Ask::call(&tenant, &query) }).await;
    assert_eq!(decision.headers(), [("retry-after", (86_400 - 10).to_string())]);
}

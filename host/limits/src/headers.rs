//! What callers are told of their limits, as headers. `RateLimit-Policy` and `RateLimit` are those of
//! draft-ietf-httpapi-ratelimit-headers-11, structured fields with an entry for each limit: the newest draft, which no
//! longer has `RateLimit-Limit`, `-Remaining` and `-Reset`; those of its revisions up to 06 are what most clients read, so
//! they come as well, about the limit that is nearest. All reset after seconds, not at a date. Limits of bytes have no
//! entry, for the draft's unit of bytes means those of a request's content.

use std::time::Duration;

use crate::{Applied, Decision, Unit, Verdict};

/// Largest number in a structured field (RFC 9651).
const LARGEST: u64 = 999_999_999_999_999;

impl Decision {
    /// Headers for the answer to the request: names in lower case, and values. With a refusal comes `retry-after`, unless
    /// waiting is no use.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let calls: Vec<_> = self.applied.iter().filter(|applied| applied.unit == Unit::Calls).collect();
        let mut headers = vec![];
        // Who is refused for its bytes is not told of calls that remain.
        let refusal = self.refusal();
        let nearest = refusal.or_else(|| calls.iter().copied().min_by_key(|applied| applied.remaining));
        if let Some(nearest) = nearest.filter(|nearest| nearest.unit == Unit::Calls) {
            headers.push(("ratelimit-policy", list(&calls, policy)));
            headers.push(("ratelimit", list(&calls, limit)));
            headers.push(("ratelimit-limit", nearest.limit.to_string()));
            headers.push(("ratelimit-remaining", nearest.remaining.to_string()));
            headers.push(("ratelimit-reset", seconds(nearest.reset.unwrap_or_default()).to_string()));
        }
        if let Some(Verdict::Refused(Some(wait))) = refusal.map(|refusal| refusal.verdict) {
            headers.push(("retry-after", seconds(wait).max(1).to_string()));
        }
        headers
    }
}

fn list(applied: &[&Applied], entry: fn(&Applied) -> String) -> String {
    applied.iter().map(|applied| entry(applied)).collect::<Vec<_>>().join(", ")
}

// Names need no escape within the quotes.
fn policy(applied: &Applied) -> String {
    let window = applied.window.map(|window| format!(";w={window}")).unwrap_or_default();
    format!("\"{}\";q={}{window}", applied.name, applied.limit.min(LARGEST))
}

fn limit(applied: &Applied) -> String {
    let reset = applied.reset.map(|reset| format!(";t={}", seconds(reset))).unwrap_or_default();
    format!("\"{}\";r={}{reset}", applied.name, applied.remaining.min(LARGEST))
}

/// Never too few: who comes back after so many is not early.
fn seconds(time: Duration) -> u64 {
    time.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

//! What Redis is asked: scripts that it runs as a whole, so one round trip for a request, whatever its limits. Keys of a
//! tenant have it as their hash tag, so that a cluster has them in one place: `{prefix}usage:{TENANT}`, and
//! `{prefix}rate:{TENANT}:RULE:KIND:WINDOW`.

use redis::{Script, ScriptInvocation};

use crate::{
    Algorithm, Ask, Decision, Name,
    decision::Answer,
    ledger::Entry,
    plan::Plan,
    rate::{MOST, Rule},
};

const CHECK: &str = concat!(include_str!("scripts/ledger.lua"), include_str!("scripts/check.lua"));
const CHARGE: &str = concat!(include_str!("scripts/ledger.lua"), include_str!("scripts/charge.lua"));

/// The scripts.
pub struct Scripts {
    prefix: String,
    check: Script,
    charge: Script,
}

impl Scripts {
    /// With this in front of every key.
    pub fn new(prefix: &str) -> Self {
        Self { prefix: prefix.into(), check: Script::new(CHECK), charge: Script::new(CHARGE) }
    }

    /// What is asked about a request.
    pub fn asked(&self, ask: &Ask, plan: &Plan) -> ScriptInvocation<'_> {
        let mut call = self.check.key(self.ledger(ask.tenant));
        // -1: not asked for, or no limit.
        let number = |number: Option<u64>| number.map_or(-1, |number| number.min(MOST).cast_signed());
        let [calls, _, parsed, _, stored] = ask.of_quotas();
        call.arg(number(calls)).arg(number(parsed)).arg(number(stored));
        for quota in plan.quotas {
            call.arg(number(quota));
        }
        for (_, rule, calls) in plan.rules_for(ask) {
            call.key(self.rate(ask.tenant, rule));
            call.arg(kind(rule)).arg(rule.limit).arg(rule.window).arg(rule.burst).arg(calls);
        }
        call
    }

    /// What is added to a ledger.
    pub fn charged(&self, tenant: &Name, entry: &Entry) -> ScriptInvocation<'_> {
        let most = MOST.cast_signed();
        let mut call = self.charge.key(self.ledger(tenant));
        call.arg(entry.calls.min(MOST)).arg(entry.parsed.min(MOST));
        call.arg(entry.set.map_or(-1, |set| set.min(MOST).cast_signed())).arg(entry.delta.clamp(-most, most));
        call
    }

    fn ledger(&self, tenant: &Name) -> String {
        format!("{}usage:{{{tenant}}}", self.prefix)
    }

    /// Counts of another kind or window are of no use: a rule that changes begins anew.
    fn rate(&self, tenant: &Name, rule: &Rule) -> String {
        format!("{}rate:{{{tenant}}}:{}:{}:{}", self.prefix, rule.name, kind(rule), rule.window)
    }
}

/// What `check.lua` answers; `None`: it does not answer so.
pub fn decided(answered: &[i64], ask: &Ask, plan: &Plan) -> Option<Decision> {
    let [is_allowed @ (0 | 1), now, answers @ ..] = answered else { return None };
    let (answers, []) = answers.as_chunks::<3>() else { return None };
    let number = |number: i64| u64::try_from(number).ok();
    let limits = plan.quotas.iter().flatten().count() + plan.rules_for(ask).count();
    let all_allow = answers.iter().all(|[wait, _, _]| *wait == 0);
    if answers.len() != limits || all_allow != (*is_allowed == 1) {
        return None;
    }
    let answers = answers.iter().map(|[wait, remaining, reset]| Answer {
        wait: number(*wait),
        remaining: number(*remaining).unwrap_or_default(),
        reset: number(*reset),
    });
    Some(Decision::new((number(*now)?, true, all_allow), (ask, plan), answers))
}

/// What scripts call it.
fn kind(rule: &Rule) -> &'static str {
    match rule.algorithm {
        Algorithm::FixedWindow => "fixed",
        Algorithm::SlidingWindow => "sliding",
        Algorithm::TokenBucket => "bucket",
    }
}

#[cfg(test)]
mod same;

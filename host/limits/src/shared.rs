//! Counting in a Redis that instances share: one round trip for a request, whatever its limits, by scripts that Redis runs
//! as a whole. Keys of a tenant have it as their hash tag, so that a cluster has them in one place:
//! `{prefix}usage:{TENANT}`, and `{prefix}rate:{TENANT}:RULE:KIND:WINDOW`.

use std::sync::Arc;

use astlas_capabilities::redis::{Connection, Link};
use redis::{RedisError, Script, ScriptInvocation};
use tokio::{sync::Notify, task::JoinSet};

use crate::{
    Algorithm, Ask, Decision, Name,
    decision::Answer,
    ledger::{Entry, Ledger},
    owed::Owed,
    plan::Plan,
    rate::{MOST, Rule},
};

const CHECK: &str = concat!(include_str!("ledger.lua"), include_str!("check.lua"));
const CHARGE: &str = concat!(include_str!("ledger.lua"), include_str!("charge.lua"));

/// A Redis that may be gone.
pub struct Shared {
    asking: Arc<Asking>,
    link: Arc<Link>,
    /// Looks for Redis; ends with this.
    _task: JoinSet<()>,
}

struct Asking {
    prefix: String,
    check: Script,
    charge: Script,
    owed: Owed,
}

/// Redis did not answer.
pub struct Gone {
    /// Whether it may have done what it was asked for all the same.
    pub is_unknown: bool,
}

impl Shared {
    /// Looks for Redis, once, and from then on whenever it is gone. It need not be there.
    pub async fn open(link: Arc<Link>, prefix: &str, owed: Owed) -> Self {
        let (check, charge) = (Script::new(CHECK), Script::new(CHARGE));
        let asking = Arc::new(Asking { prefix: prefix.into(), check, charge, owed });
        let (tried, greets) = (Arc::new(Notify::new()), asking.clone());
        let greet = move |connection| {
            let greets = greets.clone();
            async move { greets.catch_up(connection).await }
        };
        let mut task = JoinSet::new();
        task.spawn(link.clone().keep(greet, tried.clone()));
        // Whoever asks first finds it, if it is there.
        let _ = tokio::time::timeout(link.timeout(), tried.notified()).await;
        Self { asking, link, _task: task }
    }

    pub async fn check(&self, ask: &Ask<'_>, plan: &Plan) -> Result<Decision, Gone> {
        let invocation = self.asking.asked(ask, plan);
        let answered: Vec<i64> = self.ask(&invocation).await?;
        decided(&answered, ask, plan).ok_or(Gone { is_unknown: true })
    }

    pub async fn charge(&self, tenant: &Name, entry: &Entry) -> Result<(u64, Ledger), Gone> {
        let invocation = self.asking.charged(tenant, entry);
        let (now, ledger): (u64, String) = self.ask(&invocation).await?;
        Ledger::read(&ledger).map(|ledger| (now, ledger)).ok_or(Gone { is_unknown: true })
    }

    /// Keeps what was used while Redis was gone.
    pub fn owe(&self, tenant: &Name, entry: &Entry) {
        self.asking.owed.add(tenant, entry);
    }

    async fn ask<T: redis::FromRedisValue>(&self, invocation: &ScriptInvocation<'_>) -> Result<T, Gone> {
        let mut is_sent = false;
        let sent = &mut is_sent;
        let ask = async move |mut connection: Connection| {
            *sent = true;
            invocation.invoke_async(&mut connection).await
        };
        match self.link.ask(ask).await {
            Some(Ok(answer)) => Ok(answer),
            None => Err(Gone { is_unknown: is_sent }),
            Some(Err(error)) => {
                // It is there and refuses: it is full, say, or this user may not run scripts.
                tracing::warn!(name: "limits.redis.refused", "redis does not count: {}", error.category());
                Err(Gone { is_unknown: false })
            }
        }
    }
}

impl Asking {
    /// A connection's first words: the scripts, and what came up without one.
    async fn catch_up(&self, mut connection: Connection) -> Result<(), RedisError> {
        self.check.load_async(&mut connection).await?;
        self.charge.load_async(&mut connection).await?;
        while let Some((tenant, entry)) = self.owed.take() {
            // Of what gets no answer nobody knows whether it was counted. A tenant never pays twice.
            self.charged(&tenant, &entry).invoke_async::<redis::Value>(&mut connection).await?;
        }
        Ok(())
    }

    fn asked(&self, ask: &Ask, plan: &Plan) -> ScriptInvocation<'_> {
        let mut call = self.check.key(self.ledger(ask.tenant));
        // -1: not asked for, or no limit.
        let number = |number: Option<u64>| number.map_or(-1, |number| number.min(MOST).cast_signed());
        let [calls, _, parsed, _, stored] = ask.of_quotas();
        call.arg(number(calls)).arg(number(parsed)).arg(number(stored));
        for quota in plan.quotas {
            call.arg(number(quota));
        }
        for (_, rule) in plan.rules_for(ask.route) {
            call.key(self.rate(ask.tenant, rule));
            call.arg(kind(rule)).arg(rule.limit).arg(rule.window).arg(rule.burst);
        }
        call
    }

    fn charged(&self, tenant: &Name, entry: &Entry) -> ScriptInvocation<'_> {
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

/// What `check.lua` answers.
fn decided(answered: &[i64], ask: &Ask, plan: &Plan) -> Option<Decision> {
    let [is_allowed, now, answers @ ..] = answered else { return None };
    let (answers, []) = answers.as_chunks() else { return None };
    let number = |number: i64| u64::try_from(number).ok();
    let answers = answers.iter().map(|[wait, remaining, reset]| Answer {
        wait: number(*wait),
        remaining: number(*remaining).unwrap_or_default(),
        reset: number(*reset),
    });
    Some(Decision::new((number(*now)?, true, *is_allowed == 1), plan, plan.rules_for(ask.route), answers))
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
#[path = "shared/same.rs"]
mod same;

//! Counting in this process: alone, or for as long as Redis is gone.

use std::{
    num::NonZeroUsize,
    sync::{Mutex, PoisonError},
};

use lru::LruCache;

use crate::{
    Ask, Clock, Decision, Name,
    calendar::DAY,
    decision::Answer,
    ledger::{Entry, Ledger},
    plan::Plan,
    rate::{MOST, State},
};

/// What is known of the tenants that asked last.
pub struct Embedded {
    clock: Box<dyn Clock>,
    tenants: Mutex<LruCache<Name, Record>>,
}

/// What is known of a tenant.
#[derive(Default)]
struct Record {
    ledger: Option<Ledger>,
    /// Of each rule of its plan.
    states: Vec<Option<State>>,
}

impl Embedded {
    pub fn new(clock: Box<dyn Clock>, most_tenants: NonZeroUsize) -> Self {
        Self { clock, tenants: Mutex::new(LruCache::new(most_tenants)) }
    }

    /// As `check.lua` decides.
    pub fn check(&self, ask: &Ask, plan: &Plan) -> Decision {
        self.with(ask.tenant, |record, now| {
            let mut ledger = Ledger::roll(record.ledger, now);
            record.states.resize(plan.rules.len(), None);
            let mut states: Vec<_> =
                plan.rules_for(ask).map(|(at, rule, _)| rule.settle(record.states[at], now)).collect();
            let asked = plan.rules_for(ask).zip(&states);
            let waits: Vec<_> = asked.map(|((_, rule, calls), state)| rule.wait(state, now, calls)).collect();
            let quotas = ask.of_quotas().into_iter().zip(ledger.used(now)).zip(plan.quotas);
            let quotas: Vec<_> = quotas.filter_map(|((asked, used), limit)| Some((asked, used, limit?))).collect();
            let quota_waits: Vec<_> = quotas
                .iter()
                .map(|(asked, (used, reset), limit)| match asked {
                    Some(asked) if asked > limit => None,
                    Some(asked) if used + asked > *limit => *reset,
                    _ => Some(0),
                })
                .collect();
            let is_allowed = waits.iter().chain(&quota_waits).all(|wait| *wait == Some(0));
            if is_allowed && ask.all_calls() > 0 {
                ledger.add(&Entry { calls: ask.all_calls(), ..Entry::default() });
                record.ledger = Some(ledger);
                for ((at, rule, calls), state) in plan.rules_for(ask).zip(&mut states) {
                    rule.take(state, calls);
                    record.states[at] = Some(*state);
                }
            }
            let used = ledger.used(now).into_iter().zip(plan.quotas).filter_map(|(used, limit)| Some((used, limit?)));
            let quotas = used.zip(quota_waits).map(|(((used, reset), limit), wait)| Answer {
                wait,
                remaining: limit.saturating_sub(used),
                reset,
            });
            let rates = plan.rules_for(ask).zip(&states).zip(waits).map(|(((_, rule, _), state), wait)| Answer {
                wait,
                remaining: rule.remaining(state, now),
                reset: Some(rule.reset(state, now)),
            });
            Decision::new((now, false, is_allowed), (ask, plan), quotas.chain(rates))
        })
    }

    /// Adds to what a tenant has used: that, and the time.
    pub fn charge(&self, tenant: &Name, entry: &Entry) -> (u64, Ledger) {
        self.with(tenant, |record, now| {
            let mut ledger = Ledger::roll(record.ledger, now);
            if !entry.is_empty() {
                ledger.add(entry);
                record.ledger = Some(ledger);
            }
            (now, ledger)
        })
    }

    /// Takes over what Redis says of a tenant's quotas, for when it is gone. Of another day than this process has, nothing.
    pub fn learn(&self, tenant: &Name, at: u64, used: [Option<u64>; 5]) {
        if used == [None; 5] {
            return;
        }
        self.with(tenant, |record, now| {
            if at / DAY == now / DAY {
                let mut ledger = Ledger::roll(record.ledger, now);
                ledger.learn(used);
                record.ledger = Some(ledger);
            }
        });
    }

    fn with<T>(&self, tenant: &Name, work: impl FnOnce(&mut Record, u64) -> T) -> T {
        let mut tenants = self.tenants.lock().unwrap_or_else(PoisonError::into_inner);
        // Within the lock, so that times come in order.
        let now = self.clock.now().min(MOST);
        work(tenants.get_or_insert_mut_ref(tenant, Record::default), now)
    }
}

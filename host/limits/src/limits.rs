//! Whom to ask.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use astlas_capabilities::{
    CacheSettings, OpenError,
    redis::{Address, Link},
};

use crate::{
    Applied, Clock, Decision, LimitsSettings, Name, PriceSettings, SystemClock, Unit, Usage,
    embedded::Embedded,
    ledger::{Entry, Ledger},
    owed::Owed,
    plan::Plans,
    rate::MOST,
    scripts::decided,
    shared::{Gone, Shared},
};

/// The limits of all tenants.
pub struct Limits {
    plans: Plans,
    prices: PriceSettings,
    embedded: Embedded,
    shared: Option<Shared>,
}

/// A request, before it is worked on.
#[derive(Clone, Copy, Debug)]
pub struct Ask<'a> {
    /// Whose it is.
    pub tenant: &'a Name,
    /// The group of routes it came by.
    pub route: &'a Name,
    /// As how many calls it counts; 0 takes nothing.
    pub calls: u64,
    /// Calls by other groups of routes that are part of it: all of them pass, or none.
    pub others: &'a [(&'a Name, u64)],
    /// Bytes it will parse, 0 if nobody knows yet; `None`: it parses nothing, and those quotas do not matter.
    pub parsed_bytes: Option<u64>,
    /// Bytes it will store, likewise.
    pub stored_bytes: Option<u64>,
}

/// What a request really cost, beside its call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Charge {
    /// Bytes parsed.
    pub parsed_bytes: u64,
    /// What became of the bytes stored.
    pub stored: Stored,
}

/// What becomes of a tenant's bytes stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stored {
    /// Nothing.
    #[default]
    Same,
    /// So many more are.
    Added(u64),
    /// So many no longer are.
    Removed(u64),
    /// So many are, as somebody counted them.
    Counted(u64),
}

impl<'a> Ask<'a> {
    /// One call that parses and stores nothing.
    pub fn call(tenant: &'a Name, route: &'a Name) -> Self {
        Self { tenant, route, calls: 1, others: &[], parsed_bytes: None, stored_bytes: None }
    }

    /// All its calls.
    pub(crate) fn all_calls(&self) -> u64 {
        let others = self.others.iter().map(|(_, calls)| calls);
        others.fold(self.calls, |all, calls| all.saturating_add(*calls)).min(MOST)
    }

    /// What it needs of each quota, in their order. Of bytes that nobody knows the number of, there has to be one.
    pub(crate) fn of_quotas(&self) -> [Option<u64>; 5] {
        let bytes = |bytes: Option<u64>| bytes.map(|bytes| bytes.clamp(1, MOST));
        let (calls, parsed) = (Some(self.all_calls()), bytes(self.parsed_bytes));
        [calls, calls, parsed, parsed, bytes(self.stored_bytes)]
    }
}

impl Limits {
    /// Reads the settings. Where the cache has a Redis, instances count together in it, over a connection of their own; it
    /// need not be there yet.
    pub async fn open(settings: &LimitsSettings, cache: &CacheSettings) -> Result<Self, OpenError> {
        let mut limits = Self::embedded(settings, Box::new(SystemClock))?;
        let timeout = Duration::from_millis(settings.timeout);
        if let Some(address) = Address::of(cache, timeout)? {
            let link = Link::new(address, timeout, "each instance counts by itself");
            limits.shared = Some(Shared::open(link, &cache.prefix, Owed::new(settings.most_tenants)).await);
        }
        Ok(limits)
    }

    /// Counts in this process alone, by this clock.
    pub fn embedded(settings: &LimitsSettings, clock: Box<dyn Clock>) -> Result<Self, OpenError> {
        if settings.timeout == 0 {
            let message = "0 ms is too short for any answer; give 100".into();
            return Err(OpenError { setting: "limits.timeout", message });
        }
        let most_tenants = NonZeroUsize::new(settings.most_tenants);
        let most_tenants = most_tenants.ok_or_else(|| OpenError {
            setting: "limits.most_tenants",
            message: "0 tenants cannot be counted; give 10000".into(),
        })?;
        let embedded = Embedded::new(clock, most_tenants);
        Ok(Self { plans: Plans::of(settings)?, prices: settings.prices.clone(), embedded, shared: None })
    }

    /// Whether a request may pass. Its calls are taken if it may; bytes are charged when they are known, so requests that
    /// are under way together may exceed a quota of bytes together.
    pub async fn check(&self, ask: &Ask<'_>) -> Decision {
        let plan = self.plans.get(ask.tenant);
        let Some(shared) = &self.shared else { return self.embedded.check(ask, plan) };
        match shared.check(ask, plan).await {
            Ok(decision) => {
                self.embedded.learn(ask.tenant, decision.at, decision.used(plan));
                decision
            }
            Err(Gone { is_unknown }) => {
                let decision = self.embedded.check(ask, plan);
                if decision.is_allowed && ask.all_calls() > 0 && !is_unknown {
                    shared.owe(ask.tenant, &Entry { calls: ask.all_calls(), ..Entry::default() });
                }
                decision
            }
        }
    }

    /// Adds what a request really cost.
    pub async fn charge(&self, tenant: &Name, charge: Charge) {
        let signed = |bytes| i64::try_from(bytes).unwrap_or(i64::MAX);
        let (set, delta) = match charge.stored {
            Stored::Same => (None, 0),
            Stored::Added(bytes) => (None, signed(bytes)),
            Stored::Removed(bytes) => (None, -signed(bytes)),
            Stored::Counted(bytes) => (Some(bytes), 0),
        };
        let entry = Entry { calls: 0, parsed: charge.parsed_bytes, set, delta };
        if entry.is_empty() {
            return;
        }
        let Some(shared) = &self.shared else {
            self.embedded.charge(tenant, &entry);
            return;
        };
        match shared.charge(tenant, &entry).await {
            Ok((at, ledger)) => self.embedded.learn(tenant, at, ledger.used(at).map(|(used, _)| Some(used))),
            Err(Gone { is_unknown }) => {
                self.embedded.charge(tenant, &entry);
                if !is_unknown {
                    shared.owe(tenant, &entry);
                }
            }
        }
    }

    /// What a tenant has used, and what that costs.
    pub async fn usage(&self, tenant: &Name) -> Usage {
        let counted = match &self.shared {
            Some(shared) => shared.charge(tenant, &Entry::default()).await.ok(),
            None => None,
        };
        let is_shared = counted.is_some();
        let (at, ledger) = counted.unwrap_or_else(|| self.embedded.charge(tenant, &Entry::default()));
        Usage::new(tenant, self.plans.get(tenant), (at, is_shared), &ledger, &self.prices)
    }

    /// What a Redis decides that answers so about a request; `None`: that is no answer to it, and this process decides.
    pub fn decided(&self, ask: &Ask<'_>, answered: &[i64]) -> Option<Decision> {
        decided(answered, ask, self.plans.get(ask.tenant))
    }

    /// What a tenant has used, by a Redis that answers so at this time; `None`: that is no ledger.
    pub fn used(&self, tenant: &Name, now: u64, written: &[u8]) -> Option<Usage> {
        let ledger = Ledger::read(now, written)?;
        Some(Usage::new(tenant, self.plans.get(tenant), (now, true), &ledger, &self.prices))
    }

    /// Whether a tenant has a quota of bytes, so that it is worth asking about some.
    pub fn has_byte_quotas(&self, tenant: &Name) -> bool {
        self.plans.get(tenant).quotas.iter().skip(2).any(Option::is_some)
    }

    /// Whether all limits of calls that are for a group of routes leave some, by a decision about it and maybe others.
    pub fn leaves_calls(&self, decision: &Decision, tenant: &Name, route: &Name) -> bool {
        let plan = self.plans.get(tenant);
        let is_for = |applied: &Applied| {
            let rule = plan.rules.iter().find(|rule| rule.name.as_str() == applied.name);
            rule.is_none_or(|rule| rule.is_for(route))
        };
        let mut applied = decision.applied.iter().filter(|applied| applied.unit == Unit::Calls && is_for(applied));
        applied.all(|applied| applied.remaining > 0)
    }

    /// Groups of routes that rules of any plan are for.
    pub fn routes(&self) -> impl Iterator<Item = &Name> {
        self.plans.all().flat_map(|plan| &plan.rules).flat_map(|rule| &rule.routes)
    }

    /// How many times as many places as a tenant of weight 1 it gets at a gate.
    pub fn weight(&self, tenant: &Name) -> NonZeroU32 {
        self.plans.get(tenant).weight
    }
}

//! What a tenant has used, for whoever wants to know, and what that costs.

use serde::Serialize;

use crate::{
    Name, PriceSettings,
    calendar::DAY,
    ledger::{Counted, Ledger},
    plan::{Plan, QUOTAS},
};

/// What a tenant has used.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Usage {
    /// Whose usage.
    pub tenant: Name,
    /// The name of its plan, if it has one.
    pub plan: Option<Name>,
    /// As of when, in milliseconds since 1970.
    pub at_ms: u64,
    /// Whether it is that of all instances; if not, Redis is not there, and this is what this one counted.
    pub is_shared: bool,
    /// Bytes stored now.
    pub stored_bytes: u64,
    /// Today, in UTC.
    pub day: Period,
    /// This month, in UTC.
    pub month: Period,
    /// The month before it.
    pub last_month: Period,
    /// The quotas of its plan.
    pub quotas: Vec<Quota>,
}

/// What was used in a day or month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Period {
    /// Calls.
    pub calls: u64,
    /// Bytes parsed.
    pub parsed_bytes: u64,
    /// Gigabytes (10^9 bytes) stored, times the days for which they were. None of a day: storage is counted by month.
    pub stored_gb_days: Option<f64>,
    /// What that costs.
    pub cost: Cost,
}

/// What usage costs, in billionths of a unit of whichever currency the prices are in; each rounded to the nearest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Of calls.
    pub calls: u64,
    /// Of bytes parsed.
    pub parsed: u64,
    /// Of bytes stored.
    pub stored: u64,
    /// Of all.
    pub total: u64,
}

/// A quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quota {
    /// As in headers.
    pub name: &'static str,
    /// How much is allowed.
    pub limit: u64,
    /// How much was used.
    pub used: u64,
    /// In how many seconds it begins anew, if it does by itself.
    pub reset_seconds: Option<u64>,
}

impl Usage {
    pub(crate) fn new(
        tenant: &Name,
        plan: &Plan,
        (at, is_shared): (u64, bool),
        ledger: &Ledger,
        prices: &PriceSettings,
    ) -> Self {
        let quotas = QUOTAS.iter().zip(plan.quotas).zip(ledger.used(at));
        let quotas = quotas.filter_map(|(((name, ..), limit), (used, reset))| {
            Some(Quota { name, limit: limit?, used, reset_seconds: reset.map(|reset| reset.div_ceil(1000)) })
        });
        Self {
            tenant: tenant.clone(),
            plan: plan.name.clone(),
            at_ms: at,
            is_shared,
            stored_bytes: ledger.stored,
            day: Period::new(&ledger.day, None, prices),
            month: Period::new(&ledger.month, Some(ledger.month.held), prices),
            last_month: Period::new(&ledger.last_month, Some(ledger.last_month.held), prices),
            quotas: quotas.collect(),
        }
    }
}

impl Period {
    /// `held`: bytes stored, times milliseconds.
    fn new(counted: &Counted, held: Option<f64>, prices: &PriceSettings) -> Self {
        let stored_gb_days = held.map(|held| held / 1e9 / DAY as f64);
        // More than fits is as much as fits.
        let narrow = |cost: u128| u64::try_from(cost).unwrap_or(u64::MAX);
        let calls = counted.calls.saturating_mul(prices.call);
        let parsed = narrow((u128::from(counted.parsed) * u128::from(prices.parsed_mb) + 500_000) / 1_000_000);
        let stored = (stored_gb_days.unwrap_or_default() * prices.stored_gb_day as f64).round() as u64;
        let total = calls.saturating_add(parsed).saturating_add(stored);
        let cost = Cost { calls, parsed, stored, total };
        Self { calls: counted.calls, parsed_bytes: counted.parsed, stored_gb_days, cost }
    }
}

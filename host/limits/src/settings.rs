//! What the limits are: sections of the configuration file. Without any, nothing is limited and all is counted.

use std::{collections::BTreeMap, num::NonZeroU32};

use astlas_identity::Tenant;
use serde::Deserialize;

use crate::Name;

/// Rate limits, quotas and prices.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitsSettings {
    /// How long is waited for Redis, in milliseconds, before this process decides by itself.
    pub timeout: u64,
    /// Most tenants that are kept in this process; of more, those that asked longest ago are forgotten.
    pub most_tenants: usize,
    /// The plan of tenants that have none in `tenants`. None: no limits.
    pub plan: Option<Name>,
    /// The plans by name.
    pub plans: BTreeMap<Name, PlanSettings>,
    /// Which tenant has which plan.
    pub tenants: BTreeMap<Tenant, Name>,
    /// What usage costs.
    pub prices: PriceSettings,
}

impl Default for LimitsSettings {
    fn default() -> Self {
        Self {
            timeout: 100,
            most_tenants: 10_000,
            plan: None,
            plans: BTreeMap::new(),
            tenants: BTreeMap::new(),
            prices: PriceSettings::default(),
        }
    }
}

/// What a tenant may. A day is one of UTC, a month one of its calendar.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanSettings {
    /// Rate limits. A request has to pass all that are for its routes.
    pub rules: Vec<RuleSettings>,
    /// Most calls of a day.
    pub calls_per_day: Option<u64>,
    /// Most calls of a month.
    pub calls_per_month: Option<u64>,
    /// Most bytes parsed in a day.
    pub parsed_bytes_per_day: Option<u64>,
    /// Most bytes parsed in a month.
    pub parsed_bytes_per_month: Option<u64>,
    /// Most bytes stored at a time.
    pub stored_bytes: Option<u64>,
    /// How many times as many places as a tenant of weight 1 gets where tenants wait for them.
    pub weight: NonZeroU32,
}

impl Default for PlanSettings {
    fn default() -> Self {
        Self {
            rules: vec![],
            calls_per_day: None,
            calls_per_month: None,
            parsed_bytes_per_day: None,
            parsed_bytes_per_month: None,
            stored_bytes: None,
            weight: NonZeroU32::MIN,
        }
    }
}

/// A rate limit: so many calls in so much time.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// Its name, of its own within the plan; callers see it.
    pub name: Name,
    /// Groups of routes that share it. None: all.
    #[serde(default)]
    pub routes: Vec<Name>,
    /// How calls are counted.
    #[serde(default)]
    pub algorithm: Algorithm,
    /// Calls for each window.
    pub limit: u64,
    /// The window, in seconds.
    pub window: u64,
    /// Most calls at once, for a token bucket. None: `limit`.
    #[serde(default)]
    pub burst: Option<u64>,
}

/// How calls are counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Algorithm {
    /// Windows follow each other, and each has the limit anew. Around the end of one, twice the limit may come.
    FixedWindow,
    /// The window ends now. Of the calls in the fixed window before the present one so many count as of it are within the
    /// sliding one, as if they had come evenly: `before * (window - elapsed) / window + present <= limit`. The formula
    /// is that of Cloudflare's "How we built rate limiting capable of scaling to millions of domains" (2017). Two numbers
    /// are kept instead of a time for each call, which a tenant could have grow.
    #[default]
    SlidingWindow,
    /// A bucket that holds `burst` tokens and gets `limit` of them in each window, evenly. A call takes one.
    TokenBucket,
}

/// What usage costs, in billionths of a unit of whichever currency.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PriceSettings {
    /// Of a call.
    pub call: u64,
    /// Of a megabyte (10^6 bytes) parsed.
    pub parsed_mb: u64,
    /// Of a gigabyte (10^9 bytes) stored for a day.
    pub stored_gb_day: u64,
}

/// A gate's places.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GateSettings {
    /// How many there are.
    pub places: usize,
    /// Most of one tenant's, also when nobody else waits: the others find the rest free at once. None: all.
    pub tenant_places: Option<usize>,
    /// Most requests that wait.
    pub waiting: usize,
    /// Most requests of one tenant's that wait.
    pub tenant_waiting: usize,
}

impl Default for GateSettings {
    fn default() -> Self {
        Self { places: 64, tenant_places: Some(48), waiting: 1000, tenant_waiting: 100 }
    }
}

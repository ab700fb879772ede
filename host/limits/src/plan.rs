//! Plans as they are decided by: read from the settings, once.

use std::{collections::BTreeMap, num::NonZeroU32, sync::Arc};

use astlas_capabilities::OpenError;

use crate::{
    Algorithm, Ask, LimitsSettings, Name, PlanSettings, RuleSettings, Unit,
    rate::{MOST, Rule},
};

/// Longest window, in seconds: what is longer is a quota.
const LONGEST_WINDOW: u64 = 86_400;

/// The quotas, in the order in which scripts are told of them: name, unit, and the window in seconds where it is always
/// the same.
pub const QUOTAS: [(&str, Unit, Option<u64>); 5] = [
    ("calls-per-day", Unit::Calls, Some(86_400)),
    ("calls-per-month", Unit::Calls, None),
    ("parsed-bytes-per-day", Unit::Bytes, Some(86_400)),
    ("parsed-bytes-per-month", Unit::Bytes, None),
    ("stored-bytes", Unit::Bytes, None),
];

/// What a tenant may.
#[derive(Debug)]
pub struct Plan {
    /// None: that of those who have none.
    pub name: Option<Name>,
    pub rules: Vec<Rule>,
    /// In the order of `QUOTAS`.
    pub quotas: [Option<u64>; 5],
    pub weight: NonZeroU32,
}

/// Who has which.
pub struct Plans {
    default: Arc<Plan>,
    /// All there are, whoever has one.
    named: BTreeMap<Name, Arc<Plan>>,
    tenants: BTreeMap<Name, Arc<Plan>>,
}

impl Plans {
    pub fn of(settings: &LimitsSettings) -> Result<Self, OpenError> {
        let mut plans = BTreeMap::new();
        for (name, plan) in &settings.plans {
            plans.insert(name.clone(), Arc::new(Plan::of(Some(name), plan)?));
        }
        let named = |setting, name: &Name| {
            let wrong = || OpenError { setting, message: format!("no plan is called {name}; add it to limits.plans") };
            plans.get(name).cloned().ok_or_else(wrong)
        };
        let default = match &settings.plan {
            Some(name) => named("limits.plan", name)?,
            None => Arc::new(Plan::of(None, &PlanSettings::default())?),
        };
        let tenants = settings.tenants.iter();
        let tenants = tenants.map(|(tenant, plan)| Ok((tenant.into(), named("limits.tenants", plan)?)));
        let tenants = tenants.collect::<Result<_, OpenError>>()?;
        Ok(Self { default, tenants, named: plans })
    }

    pub fn all(&self) -> impl Iterator<Item = &Arc<Plan>> {
        self.named.values()
    }

    pub fn get(&self, tenant: &Name) -> &Arc<Plan> {
        self.tenants.get(tenant).unwrap_or(&self.default)
    }
}

impl Plan {
    fn of(name: Option<&Name>, settings: &PlanSettings) -> Result<Self, OpenError> {
        let wrong = |message: String| {
            let plan = name.map_or("", Name::as_str);
            OpenError { setting: "limits.plans", message: format!("plan {plan}: {message}") }
        };
        let mut rules: Vec<Rule> = vec![];
        for rule in &settings.rules {
            let rule = Rule::of(rule).map_err(|message| wrong(format!("rule {}: {message}", rule.name)))?;
            let is_quota = QUOTAS.iter().any(|(name, ..)| rule.name.as_str() == *name);
            if is_quota || rules.iter().any(|other| other.name == rule.name) {
                return Err(wrong(format!("two limits are called {}; give each a name of its own", rule.name)));
            }
            rules.push(rule);
        }
        let quotas = [
            settings.calls_per_day,
            settings.calls_per_month,
            settings.parsed_bytes_per_day,
            settings.parsed_bytes_per_month,
            settings.stored_bytes,
        ];
        if let Some(((name, ..), _)) =
            QUOTAS.iter().zip(quotas).find(|(_, quota)| quota.is_some_and(|most| most > MOST))
        {
            return Err(wrong(format!("{name}: more than {MOST} cannot be counted; leave it out for no limit")));
        }
        Ok(Self { name: name.cloned(), rules, quotas, weight: settings.weight })
    }

    /// The rules for what is asked: which of the plan they are, and how many calls they count.
    pub fn rules_for(&self, ask: &Ask<'_>) -> impl Iterator<Item = (usize, &Rule, u64)> {
        self.rules.iter().enumerate().filter_map(move |(at, rule)| {
            let routes = [(ask.route, ask.calls)].into_iter().chain(ask.others.iter().copied());
            let of_rule = routes.filter(|(route, _)| rule.is_for(route)).map(|(_, calls)| calls);
            Some((at, rule, of_rule.reduce(u64::saturating_add)?.min(MOST)))
        })
    }
}

impl Rule {
    /// Whether it counts calls by a group of routes.
    pub fn is_for(&self, route: &Name) -> bool {
        self.routes.is_empty() || self.routes.contains(route)
    }

    fn of(settings: &RuleSettings) -> Result<Self, String> {
        let RuleSettings { name, routes, algorithm, limit, window, burst } = settings.clone();
        if limit == 0 || burst == Some(0) {
            return Err("0 calls are none ever; give at least 1".into());
        }
        if !(1..=LONGEST_WINDOW).contains(&window) {
            return Err(format!("window: {window} s; give 1 to {LONGEST_WINDOW}, and a quota for what is longer"));
        }
        if burst.is_some() && algorithm != Algorithm::TokenBucket {
            return Err("burst: only a token-bucket has one; leave it out".into());
        }
        let (window, burst) = (window * 1000, burst.unwrap_or(limit));
        // Products of these have to be exact in Redis's numbers.
        if limit.max(burst) > MOST / window {
            return Err(format!("more than {} calls cannot be counted in this window; give fewer", MOST / window));
        }
        Ok(Self { name, routes, algorithm, limit, window, burst })
    }
}

//! Who may do what, for whom, and how much of it: asked before anything runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, PoisonError},
};

use astlas_capabilities::Blobs;
use astlas_http::{Problem, ProblemType};
use astlas_identity::{Caller, Identity, IdentitySettings, Refused, RegistryError, Role, Tenant};
use astlas_limits::{Ask, Charge, Decision, Full, Limits, Name, Stored, SystemClock, Unit, Verdict};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

use crate::{
    Configuration, Shared,
    function::{Answer, problem},
    route::Group,
    scope::Scope,
    state::Used,
};

/// The tenant of whoever asks where nobody else can: on the machine itself, with nothing configured.
const LOCAL: &str = "local";
/// What is asked of those whose credentials are missing or do not hold.
const CHALLENGE: HeaderValue = HeaderValue::from_static("Bearer");
/// When to come back to where too many wait, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("1");

/// Lets requests in.
pub struct Admission {
    pub identity: Identity,
    pub limits: Limits,
    /// Names of the groups of routes, in their order.
    groups: Vec<Name>,
    /// Tenants that the configuration names.
    named: BTreeSet<Tenant>,
    /// Whether whoever is on this machine may do everything.
    pub is_open: bool,
    /// Whose the forge's messages and archives are.
    pub forge: Option<Scope>,
    /// Of requests that are nobody's.
    pub nobody: Scope,
    /// Bytes that requests under way store and parse, by tenant, which are charged when they are over.
    coming: Mutex<BTreeMap<Name, Coming>>,
    blobs: Arc<Blobs>,
}

/// Bytes that are not charged yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coming {
    pub parsed: u64,
    pub stored: u64,
}

/// A quota is used up: what the request was about to do is not done, and its instance is thrown away.
#[derive(Debug, thiserror::Error)]
#[error("{}", reason(.0))]
pub struct Exceeded(pub Decision);

/// A request that was let in.
pub struct Admitted {
    /// Who sent it.
    pub caller: Caller,
    /// Whose it is.
    pub scope: Scope,
    /// What its limits say.
    pub decision: Decision,
}

/// Whether nothing is said of who may ask, and only this machine can: then whoever does may do everything.
pub fn is_open(configuration: &Configuration) -> bool {
    configuration.identity == IdentitySettings::default() && configuration.listen.ip().is_loopback()
}

/// Who is let in, as far as the configuration says or leaves it to where the service listens.
pub fn identity(configuration: &Configuration) -> IdentitySettings {
    let mut settings = configuration.identity.clone();
    if is_open(configuration) {
        settings.anonymous_tenant = LOCAL.parse().ok();
        settings.anonymous_role = Role::Admin;
        settings.forge_tenant = settings.anonymous_tenant.clone();
        settings.push_unverified = true;
    }
    settings
}

/// Whether who is let in, and how much each may, can be meant.
pub fn check(configuration: &Configuration) -> anyhow::Result<()> {
    identity(configuration).check()?;
    let limits = Limits::embedded(&configuration.limits, Box::new(SystemClock))?;
    let known = Group::ALL.map(Group::word);
    // A rule for what there is not would limit nothing.
    if let Some(unknown) = limits.routes().find(|route| !known.contains(&route.as_str())) {
        let known = known.join(", ");
        anyhow::bail!("setting limits.plans: no group of routes is called {unknown}; there are {known}");
    }
    Ok(())
}

impl Admission {
    /// Opens the registry of tenants and keys, and the counters.
    pub async fn open(configuration: &Configuration, blobs: Arc<Blobs>) -> anyhow::Result<Self> {
        let settings = identity(configuration);
        let forge = settings.forge_tenant.as_ref().map(Scope::new);
        Ok(Self {
            identity: Identity::open(&settings, blobs.clone())?,
            blobs,
            limits: Limits::open(&configuration.limits, &configuration.cache).await?,
            named: settings.tenants(),
            groups: Group::ALL.iter().map(|group| Name::new(group.word())).collect::<Result<_, _>>()?,
            is_open: is_open(configuration),
            forge,
            nobody: Scope::nobody()?,
            coming: Mutex::default(),
        })
    }

    /// Lets a request in for whom its credentials are, if its route and the limits allow it; else says what to answer.
    pub async fn admit(&self, role: Role, group: Group, calls: u64, headers: &HeaderMap) -> Result<Admitted, Answer> {
        let caller = self.identity.authenticate(headers).await.map_err(refused)?;
        caller.require(role).map_err(refused)?;
        let scope = Scope::new(&caller.tenant);
        let decision = self.check(&scope, group, calls, headers).await?;
        Ok(Admitted { caller, scope, decision })
    }

    /// Asks the limits about a tenant's request, which is so many calls; counts them, if it may pass.
    pub async fn check(
        &self,
        scope: &Scope,
        group: Group,
        calls: u64,
        headers: &HeaderMap,
    ) -> Result<Decision, Answer> {
        let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        // How much is really parsed or stored is known when it is, and asked about again then (`reserve`); who has used up
        // what they may, or says to bring more, does not begin.
        let (parses, stores) = (matches!(group, Group::Parse | Group::Index), group == Group::Index);
        let ask = Ask {
            tenant: scope.name(),
            route: &self.groups[group as usize],
            calls,
            others: &[],
            parsed_bytes: parses.then_some(if group == Group::Parse { length.unwrap_or(0) } else { 0 }),
            stored_bytes: stores.then_some(length.unwrap_or(0)),
        };
        let decision = self.limits.check(&ask).await;
        if decision.is_allowed { Ok(decision) } else { Err(exceeded(&decision)) }
    }

    /// All tenants: those that are registered, and those that the configuration names.
    pub async fn tenants(&self) -> Result<BTreeSet<Tenant>, RegistryError> {
        let registered = self.identity.registry().list_tenants().await?;
        Ok(registered.into_iter().map(|record| record.tenant).chain(self.named.iter().cloned()).collect())
    }

    /// Whether a tenant is one of those, or something is there that belongs to it.
    pub async fn is_known(&self, tenant: &Tenant) -> anyhow::Result<bool> {
        Ok(self.named.contains(tenant)
            || !self.blobs.list(&Scope::new(tenant).full(""), "").await?.is_empty()
            || self.tenants().await?.contains(tenant))
    }

    /// Whether what pushes is what may.
    pub async fn admit_push(&self, headers: &HeaderMap) -> Result<(), Answer> {
        self.identity.verify_push(headers).await.map_err(refused)
    }

    /// Asks the limits about calls of several groups whose bytes were asked about already: all of them pass, or none.
    pub async fn count(&self, scope: &Scope, calls: &[(Group, u64)]) -> Result<Decision, Answer> {
        let decision = self.asked(scope, calls).await;
        if decision.is_allowed { Ok(decision) } else { Err(exceeded(&decision)) }
    }

    /// Whether a tenant has calls left, of either of these groups; else says so.
    pub async fn has_calls(&self, scope: &Scope, groups: [Group; 2]) -> Result<(), Answer> {
        let decision = self.asked(scope, &groups.map(|group| (group, 0))).await;
        let leaves = |group| self.limits.leaves_calls(&decision, scope.name(), &self.groups[group as usize]);
        if groups.into_iter().any(leaves) {
            return Ok(());
        }
        // Asked for one, it says when there are more.
        self.count(scope, &[(groups[0], 1)]).await.map(drop)
    }

    async fn asked(&self, scope: &Scope, calls: &[(Group, u64)]) -> Decision {
        let calls: Vec<_> = calls.iter().map(|(group, calls)| (&self.groups[*group as usize], *calls)).collect();
        let route = calls.first().map_or(&self.groups[0], |(route, _)| *route);
        self.limits.check(&Ask { calls: 0, others: &calls, ..Ask::call(scope.name(), route) }).await
    }

    /// Sees to it that so many bytes more are within the tenant's quotas, together with all that its requests in this
    /// process are about to parse and store. Whoever asks notes them first, and releases them when the request is over and they are charged, whatever came of it.
    pub async fn reserve(&self, scope: &Scope, more: Coming) -> Result<(), Exceeded> {
        let name = scope.name();
        if more == Coming::default() || !self.limits.has_byte_quotas(name) {
            return Ok(());
        }
        let coming = {
            let mut tenants = self.coming.lock().unwrap_or_else(PoisonError::into_inner);
            let coming = tenants.entry(name.clone()).or_default();
            coming.add(more);
            *coming
        };
        // Of what others have under way, some may be stored and not charged yet: it would be counted twice.
        if more.stored > 0 && coming == more {
            self.recount(scope).await;
        }
        let ask = Ask {
            calls: 0,
            parsed_bytes: (more.parsed > 0).then_some(coming.parsed),
            stored_bytes: (more.stored > 0).then_some(coming.stored),
            ..Ask::call(name, &self.groups[Group::Index as usize])
        };
        let decision = self.limits.check(&ask).await;
        if decision.has_bytes_left() { Ok(()) } else { Err(Exceeded(decision)) }
    }

    /// Counts what a tenant has stored of whom nobody knows: what was counted is lost with the process or with Redis, and
    /// the blobs are still there.
    async fn recount(&self, scope: &Scope) {
        if self.limits.usage(scope.name()).await.stored_bytes > 0 {
            return;
        }
        if let size @ 1.. = self.stored(scope).await {
            self.limits.charge(scope.name(), Charge { stored: Stored::Counted(size), ..Charge::default() }).await;
        }
    }

    /// What a tenant has stored, by a look at all its blobs; nothing, if that cannot be found out.
    pub async fn stored(&self, scope: &Scope) -> u64 {
        self.blobs.size(&scope.full("")).await.unwrap_or(0)
    }

    /// Gives back what was reserved.
    pub fn release(&self, scope: &Scope, less: Coming) {
        let mut tenants = self.coming.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(coming) = tenants.get_mut(scope.name()) {
            coming.parsed = coming.parsed.saturating_sub(less.parsed);
            coming.stored = coming.stored.saturating_sub(less.stored);
            if *coming == Coming::default() {
                tenants.remove(scope.name());
            }
        }
    }

    /// Adds what a request cost beside its call.
    pub async fn charge(shared: &Shared, scope: &Scope, used: Used) {
        let Used { parsed, stored, is_less } = used;
        let admission = &shared.admission;
        let is_unknown = stored > 0 && admission.limits.usage(scope.name()).await.stored_bytes == 0;
        let stored = match is_less || is_unknown {
            // By how much, only a look tells.
            true => shared.capabilities.blobs.size(&scope.full("")).await.map_or(Stored::Same, Stored::Counted),
            false => Stored::Added(stored),
        };
        admission.limits.charge(scope.name(), Charge { parsed_bytes: parsed, stored }).await;
    }
}

impl Coming {
    pub fn add(&mut self, more: Self) {
        self.parsed = self.parsed.saturating_add(more.parsed);
        self.stored = self.stored.saturating_add(more.stored);
    }
}

impl Admitted {
    /// Has the answer say how much is left.
    pub fn tell(&self, answer: &mut Answer) {
        add_headers(answer, &self.decision);
    }
}

/// What is answered to those who are not let in.
fn refused(refused: Refused) -> Answer {
    tracing::info!(reason = refused.detail(), "not let in");
    let status = refused.status();
    let kind = match status {
        StatusCode::UNAUTHORIZED => ProblemType::Unauthorized,
        StatusCode::FORBIDDEN => ProblemType::Forbidden,
        _ => ProblemType::Unavailable,
    };
    let mut answer = problem(kind.with(refused.to_string()));
    if status == StatusCode::UNAUTHORIZED {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, CHALLENGE);
    }
    answer
}

/// What is answered to those who used up what they may.
pub fn exceeded(decision: &Decision) -> Answer {
    let mut answer = problem(ProblemType::TooManyRequests.with(reason(decision)));
    add_headers(&mut answer, decision);
    answer
}

/// What was used up, and when there is more of it.
pub fn reason(decision: &Decision) -> String {
    decision.refusal().map_or_else(String::new, |limit| {
        let unit = match limit.unit {
            Unit::Calls => "calls",
            Unit::Bytes => "bytes",
        };
        let next = match limit.verdict {
            Verdict::Refused(Some(wait)) => format!("try again in {} s", wait.as_millis().div_ceil(1000).max(1)),
            _ => "ask for more, or take something away".into(),
        };
        match limit.remaining {
            0 => format!("{}: all of {} {unit} are used; {next}", limit.name, limit.limit),
            left => format!(
                "{}: this takes more than the {left} of {} {unit} that are left; {next}",
                limit.name, limit.limit
            ),
        }
    })
}

/// What is answered where too many wait already.
pub fn full(full: Full) -> Answer {
    let kind = match full {
        Full::Tenant => ProblemType::TooManyRequests,
        Full::All => ProblemType::Unavailable,
    };
    later(kind.with(full.to_string()))
}

/// A problem that may be none soon.
pub fn later(it: Problem) -> Answer {
    let mut answer = problem(it);
    answer.headers_mut().insert(header::RETRY_AFTER, SOON);
    answer
}

fn add_headers(answer: &mut Answer, decision: &Decision) {
    for (name, value) in decision.headers() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
}

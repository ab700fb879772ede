//! Lets callers in, or does not.

use std::{collections::BTreeMap, sync::Arc};

use astlas_capabilities::{OpenError, http_client, told_without_address};
use http::HeaderMap;

use crate::{
    Access, Caller, IdentitySettings, Reason, Refused, Registry, Role, Store, Subject,
    credentials::Credentials,
    settings::RuleSettings,
    token::{self, Claims, KeySet, Unverified},
};

/// Knows who calls.
pub struct Identity {
    registry: Registry,
    anonymous: Option<Caller>,
    /// By name.
    issuers: BTreeMap<String, Issuer>,
    push: Push,
}

struct Issuer {
    keys: Arc<KeySet>,
    audiences: Vec<String>,
    rules: Vec<RuleSettings>,
}

/// Who may push.
enum Push {
    Nobody,
    Anybody,
    Accounts { issuer: String, keys: Arc<KeySet>, audience: [String; 1], accounts: Vec<String> },
}

impl Identity {
    /// With the tenants and keys of a store. Nobody is asked yet; a setting that cannot be right is an error.
    pub fn open(settings: &IdentitySettings, store: Arc<dyn Store>) -> Result<Self, OpenError> {
        settings.check()?;
        token::install();
        // Whoever is asked for keys says them themselves: nobody sends us elsewhere.
        let client = http_client().redirect(reqwest::redirect::Policy::none()).build();
        let client =
            client.map_err(|error| OpenError { setting: "identity.issuers", message: told_without_address(&error) })?;
        let issuers: BTreeMap<_, _> = settings
            .issuers
            .iter()
            .map(|issuer| {
                let keys = Arc::new(KeySet::new(&issuer.issuer, issuer.jwks_url.as_deref(), client.clone()));
                let (audiences, rules) = (issuer.audiences.clone(), issuer.rules.clone());
                (issuer.issuer.clone(), Issuer { keys, audiences, rules })
            })
            .collect();
        let push = match &settings.push_audience {
            None if settings.push_unverified => Push::Anybody,
            None => Push::Nobody,
            Some(audience) => {
                let issuer = settings.push_issuer.clone();
                let keys = issuers.get(&issuer).map(|known| known.keys.clone());
                let keys = keys.unwrap_or_else(|| Arc::new(KeySet::new(&issuer, None, client)));
                Push::Accounts { issuer, keys, audience: [audience.clone()], accounts: settings.push_accounts.clone() }
            }
        };
        let anonymous = settings.anonymous_tenant.as_ref().map(|tenant| Caller {
            tenant: tenant.clone(),
            role: settings.anonymous_role,
            subject: Subject::Anonymous,
        });
        Ok(Self { registry: Registry::new(store, settings), anonymous, issuers, push })
    }

    /// The tenants and keys. What is changed here holds in this process at once.
    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Lets a request in by what its endpoint asks for: who calls, where it asks for a role.
    pub async fn admit(&self, access: Access, headers: &HeaderMap) -> Result<Option<Caller>, Refused> {
        match access {
            Access::Role(role) => {
                let caller = self.authenticate(headers).await?;
                caller.require(role)?;
                Ok(Some(caller))
            }
            Access::Push => self.verify_push(headers).await.map(|()| None),
            // What the forge signs is the body, and whoever reads that checks it.
            Access::Anonymous | Access::Forge => Ok(None),
        }
    }

    /// Whether somebody without credentials has this role.
    pub fn lets_anybody(&self, role: Role) -> bool {
        self.anonymous.as_ref().is_some_and(|anybody| anybody.role >= role)
    }

    /// Whether pushes are taken without a token.
    pub fn takes_any_push(&self) -> bool {
        matches!(self.push, Push::Anybody)
    }

    /// Who calls, by `Authorization: Bearer` or `X-API-Key`. Credentials that do not hold make nobody anonymous.
    pub async fn authenticate(&self, headers: &HeaderMap) -> Result<Caller, Refused> {
        match Credentials::of(headers)? {
            Some(Credentials::Key(key)) => self.registry.verify_key(key).await,
            Some(Credentials::Token(token)) => self.verify_token(token).await,
            None => {
                let caller = self.anonymous.clone().ok_or(Refused::Missing)?;
                match self.registry.require_enabled(&caller.tenant).await {
                    // The configuration lets in whoever comes; there is nothing that had to be read to know them.
                    Ok(()) | Err(Refused::OutOfReach(_)) => Ok(caller),
                    Err(refused) => Err(refused),
                }
            }
        }
    }

    /// Who an issuer says that calls, if a rule lets them in.
    async fn verify_token(&self, token: &str) -> Result<Caller, Refused> {
        let token = Unverified::read(token)?;
        let issuer = self.issuers.get(&token.issuer).ok_or(Refused::Invalid(Reason::Issuer))?;
        let claims = token.verify(&issuer.keys, &issuer.audiences).await?;
        let (account, rule) = issuer
            .rules
            .iter()
            .find_map(|rule| Some((account(rule, &claims)?, rule)))
            .ok_or(Refused::Invalid(Reason::Account))?;
        // Nobody acts for a tenant that may have been disabled: without the store, this fails once the grace is over.
        self.registry.require_enabled(&rule.tenant).await?;
        Ok(Caller { tenant: rule.tenant.clone(), role: rule.role, subject: Subject::Account(account.into()) })
    }

    /// Whether a push comes from one of the subscriptions that may.
    pub async fn verify_push(&self, headers: &HeaderMap) -> Result<(), Refused> {
        if matches!(self.push, Push::Anybody) {
            return Ok(());
        }
        let Some(Credentials::Token(token)) = Credentials::of(headers)? else { return Err(Refused::NotPushing) };
        let Push::Accounts { issuer, keys, audience, accounts } = &self.push else {
            return Err(Refused::Invalid(Reason::PushClosed));
        };
        let token = Unverified::read(token)?;
        if token.issuer != *issuer {
            return Err(Refused::Invalid(Reason::Issuer));
        }
        let claims = token.verify(keys, audience).await?;
        let email = claims.verified_email().ok_or(Refused::Invalid(Reason::Account))?;
        if accounts.iter().any(|account| account == email) { Ok(()) } else { Err(Refused::Invalid(Reason::Account)) }
    }
}

/// The account of a token, if the rule is for it.
fn account<'a>(rule: &'a RuleSettings, claims: &Claims) -> Option<&'a str> {
    match (&rule.email, &rule.subject) {
        (Some(email), None) if claims.verified_email() == Some(email) => Some(email),
        (None, Some(subject)) if claims.sub == *subject => Some(subject),
        _ => None,
    }
}

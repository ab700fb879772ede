//! Who is let in: the section `[identity]` of the configuration file.

use std::collections::BTreeSet;

use astlas_capabilities::{OpenError, without_password};
use serde::Deserialize;

use crate::{Role, Tenant};

/// The issuer of Google's identity tokens.
pub const GOOGLE: &str = "https://accounts.google.com";

/// Who is let in, beside those who have an API key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IdentitySettings {
    /// The tenant that those act for who send no credentials. None: nobody comes in without.
    pub anonymous_tenant: Option<Tenant>,
    /// What those may who send no credentials.
    pub anonymous_role: Role,
    /// The tenant that what the forge says is for, and who may have archives fetched with its token. None: nobody.
    pub forge_tenant: Option<Tenant>,
    /// Issuers whose identity tokens are believed.
    pub issuers: Vec<IssuerSettings>,
    /// Issuer of the tokens that Pub/Sub pushes with.
    pub push_issuer: String,
    /// The audience of those tokens, as the subscription has it. None: pushes are not taken.
    pub push_audience: Option<String>,
    /// Addresses of the service accounts that subscriptions push as.
    pub push_accounts: Vec<String>,
    /// Takes pushes without a token: from an emulator, or where somebody before the service checks them.
    pub push_unverified: bool,
    /// How long a key or tenant that was read is believed, in seconds: for so long a revoked one may still hold.
    pub known_for: u64,
    /// How long it is believed that there is no such key, in seconds.
    pub unknown_for: u64,
    /// How long a key or tenant that was read is believed while the store is out of reach, in seconds.
    pub grace: u64,
}

/// An issuer of identity tokens (OpenID Connect).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IssuerSettings {
    /// Its name, as tokens have it in `iss`: an address of HTTPS, or of HTTP on this machine.
    pub issuer: String,
    /// Where its keys are. None: where `/.well-known/openid-configuration` below its name says.
    pub jwks_url: Option<String>,
    /// What tokens must have in `aud`, one of them: this service, as those who ask for tokens call it.
    pub audiences: Vec<String>,
    /// Who is let in; the first rule that fits counts.
    pub rules: Vec<RuleSettings>,
}

/// An account that is let in: by its address, or by the issuer's own name for it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSettings {
    /// The claim `email`, which the issuer must have verified.
    pub email: Option<String>,
    /// The claim `sub`.
    pub subject: Option<String>,
    /// The tenant that the account acts for.
    pub tenant: Tenant,
    /// What it may.
    pub role: Role,
}

impl Default for IdentitySettings {
    fn default() -> Self {
        Self {
            anonymous_tenant: None,
            anonymous_role: Role::Read,
            forge_tenant: None,
            issuers: vec![],
            push_issuer: GOOGLE.into(),
            push_audience: None,
            push_accounts: vec![],
            push_unverified: false,
            known_for: 10,
            unknown_for: 2,
            grace: 600,
        }
    }
}

impl Default for IssuerSettings {
    fn default() -> Self {
        Self { issuer: GOOGLE.into(), jwks_url: None, audiences: vec![], rules: vec![] }
    }
}

impl IdentitySettings {
    /// The tenants that are named here, whether or not anybody registered them.
    pub fn tenants(&self) -> BTreeSet<Tenant> {
        let rules = self.issuers.iter().flat_map(|issuer| &issuer.rules).map(|rule| &rule.tenant);
        self.anonymous_tenant.iter().chain(&self.forge_tenant).chain(rules).cloned().collect()
    }

    /// Whether these can be meant: the first thing that cannot, and what would be right.
    pub fn check(&self) -> Result<(), OpenError> {
        let wrong = |setting, message: String| Err(OpenError { setting, message });
        for (at, issuer) in self.issuers.iter().enumerate() {
            let name = &issuer.issuer;
            if self.issuers[..at].iter().any(|other| other.issuer == *name) {
                return wrong("identity.issuers", format!("{name:?} is there twice; put its rules into one"));
            }
            for address in [name].into_iter().chain(&issuer.jwks_url) {
                if !is_trustworthy(address) {
                    let shown = without_password(address);
                    let message = format!("{shown:?} is no address of HTTPS; give one like {GOOGLE}");
                    return wrong("identity.issuers", message);
                }
            }
            if issuer.audiences.is_empty() || issuer.audiences.iter().any(String::is_empty) {
                let message = format!("{name:?} has no audiences; say what its tokens have in `aud`");
                return wrong("identity.issuers", message);
            }
            let is_one = |rule: &RuleSettings| match (&rule.email, &rule.subject) {
                (Some(account), None) | (None, Some(account)) => !account.is_empty(),
                _ => false,
            };
            if issuer.rules.is_empty() || !issuer.rules.iter().all(is_one) {
                let message = format!("{name:?} has no rules, or one without an account; give each email or subject");
                return wrong("identity.issuers", message);
            }
        }
        if !is_trustworthy(&self.push_issuer) {
            return wrong("identity.push_issuer", format!("it is no address of HTTPS; give one like {GOOGLE}"));
        }
        match &self.push_audience {
            Some(_) if self.push_unverified => {
                wrong("identity.push_unverified", "there is a push_audience as well; take one of them away".into())
            }
            Some(audience) if audience.is_empty() || self.push_accounts.is_empty() => {
                wrong("identity.push_accounts", "nobody may push; name the subscriptions' service accounts".into())
            }
            _ => Ok(()),
        }
    }
}

/// Whether what comes from an address is from whom it says: over TLS, or from this machine.
pub fn is_trustworthy(address: &str) -> bool {
    let Ok(url) = reqwest::Url::parse(address) else { return false };
    let is_here = matches!(url.host_str(), Some("127.0.0.1" | "[::1]" | "localhost"));
    let is_plain = url.username().is_empty() && url.password().is_none();
    is_plain && (url.scheme() == "https" || url.scheme() == "http" && is_here)
}

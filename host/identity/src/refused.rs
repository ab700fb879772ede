//! Why somebody is not let in.

use http::StatusCode;

use crate::Role;

/// Somebody is not let in. The text is for them; [`Refused::detail`] is for the log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// They did not say who they are.
    #[error("no credentials; send a key or an identity token as Authorization: Bearer ..., or a key as X-API-Key")]
    Missing,
    /// What they sent is neither a key nor a token, or comes more than once.
    #[error("the credentials are malformed; send one key or identity token as Authorization: Bearer ...")]
    Malformed,
    /// They are not those that who pushes has: none, or a key.
    #[error(
        "no credentials for this; send the identity token of one of identity.push_accounts as Authorization: Bearer ..."
    )]
    NotPushing,
    /// They do not hold. Whoever guesses learns nothing of what there is.
    #[error("the credentials are not valid, or no longer; get new ones")]
    Invalid(Reason),
    /// The token holds, for somebody else.
    #[error("the identity token is for another audience; ask its issuer for one for this service")]
    Audience,
    /// They are known, and may not.
    #[error("this needs the role {needed}, the caller has {held}; use credentials with that role")]
    Role {
        /// The least that is enough.
        needed: Role,
        /// What they have.
        held: Role,
    },
    /// Whoever could say is out of reach: what and why, for the log.
    #[error("it cannot be checked for now who calls; try again later")]
    OutOfReach(String),
}

/// Why credentials do not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// There is no such key.
    #[error("no such key")]
    UnknownKey,
    /// The secret is another one.
    #[error("the key's secret is another one")]
    WrongSecret,
    /// The key was revoked.
    #[error("the key was revoked")]
    Revoked,
    /// The key or token is over.
    #[error("the credentials have expired")]
    Expired,
    /// The token holds from some later moment on.
    #[error("the token is not valid yet")]
    NotYet,
    /// The tenant is disabled, or there is none.
    #[error("the tenant is disabled or unknown")]
    Tenant,
    /// Nobody trusts who issued the token.
    #[error("the token's issuer is not configured")]
    Issuer,
    /// The issuer has no such key.
    #[error("the issuer has no key with the token's kid")]
    SigningKey,
    /// An algorithm or header that is not taken.
    #[error("the token's header asks for what is not supported")]
    Header,
    /// The issuer did not sign this.
    #[error("the token's signature does not fit")]
    Signature,
    /// A claim is missing, or has another type.
    #[error("a claim of the token is missing or malformed")]
    Claim,
    /// The account is not among those that are let in.
    #[error("no rule lets the token's account in")]
    Account,
    /// Pushes are not taken at all.
    #[error("pushes are not taken: neither identity.push_audience nor identity.push_unverified is set")]
    PushClosed,
}

impl Refused {
    /// What to answer with.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Malformed | Self::NotPushing | Self::Invalid(_) | Self::Audience => {
                StatusCode::UNAUTHORIZED
            }
            Self::Role { .. } => StatusCode::FORBIDDEN,
            Self::OutOfReach(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// What only the log is told. No secret.
    pub fn detail(&self) -> String {
        match self {
            Self::Invalid(reason) => reason.to_string(),
            Self::OutOfReach(why) => why.clone(),
            other => other.to_string(),
        }
    }
}

//! Identity tokens: who an issuer says that somebody is.

mod cache_control;
mod discovery;
mod jwks;
mod key_set;
mod ring;

use std::sync::Arc;

use jsonwebtoken::{Header, Validation, dangerous::insecure_decode_claims, errors::ErrorKind};
use serde::Deserialize;

use crate::{Reason, Refused};

use self::jwks::SigningKey;
pub use self::{cache_control::lifetime, discovery::keys_address, jwks::IssuerKeys, key_set::KeySet, ring::install};

/// How far clocks may differ, in seconds.
const LEEWAY: u64 = 60;

/// What an issuer says of an account.
#[derive(Debug, Deserialize)]
pub struct Claims {
    /// The issuer's own name for it.
    pub sub: String,
    /// Its address.
    pub email: Option<String>,
    /// Some issuers say this as text: that is not taken.
    email_verified: Option<serde_json::Value>,
}

impl Claims {
    /// The address, if the issuer made sure of it.
    pub fn verified_email(&self) -> Option<&str> {
        self.email.as_deref().filter(|_| self.email_verified == Some(true.into()))
    }
}

/// A token that is not believed yet.
pub struct Unverified<'a> {
    token: &'a str,
    header: Header,
    /// Who should have issued it.
    pub issuer: String,
}

/// The one claim that is needed before any is believed.
#[derive(Deserialize)]
struct Issued {
    iss: String,
}

impl<'a> Unverified<'a> {
    /// Reads a token, without believing it.
    pub fn read(token: &'a str) -> Result<Self, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Malformed)?;
        let issued: Issued = insecure_decode_claims(token).map_err(|_| Refused::Malformed)?;
        Ok(Self { token, header, issuer: issued.iss })
    }

    /// What the issuer says, if it does say so, now, and to one of the audiences.
    pub async fn verify(self, keys: &Arc<KeySet>, audiences: &[String]) -> Result<Claims, Refused> {
        let key = keys.find(self.key()?).await.map_err(|error| Refused::OutOfReach(error.0))?;
        self.believe(key.as_deref(), audiences)
    }

    /// The name of the key that should have signed it.
    fn key(&self) -> Result<&str, Refused> {
        // What a header marks as critical must be understood; we understand nothing beyond the signature.
        if !jwks::ALGORITHMS.contains(&self.header.alg) || self.header.crit.is_some() {
            return Err(Refused::Invalid(Reason::Header));
        }
        self.header.kid.as_deref().ok_or(Refused::Invalid(Reason::SigningKey))
    }

    fn believe(&self, key: Option<&SigningKey>, audiences: &[String]) -> Result<Claims, Refused> {
        let key = key.ok_or(Refused::Invalid(Reason::SigningKey))?;
        // The algorithm is the key's, whatever the token says: no public key becomes a shared secret.
        let mut validation = Validation::new(key.algorithm);
        validation.leeway = LEEWAY;
        validation.validate_nbf = true;
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(audiences);
        let decoded = jsonwebtoken::decode(self.token, &key.key, &validation);
        Ok(decoded.map_err(|error| refused(error.kind()))?.claims)
    }
}

fn refused(error: &ErrorKind) -> Refused {
    Refused::Invalid(match error {
        ErrorKind::InvalidAudience => return Refused::Audience,
        ErrorKind::ExpiredSignature => Reason::Expired,
        ErrorKind::ImmatureSignature => Reason::NotYet,
        ErrorKind::InvalidAlgorithm => Reason::Header,
        ErrorKind::InvalidIssuer => Reason::Issuer,
        ErrorKind::MissingRequiredClaim(_) | ErrorKind::InvalidClaimFormat(_) | ErrorKind::Json(_) => Reason::Claim,
        _ => Reason::Signature,
    })
}

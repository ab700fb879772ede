//! An issuer's keys, as it publishes them (JSON Web Key Set).

use std::{collections::BTreeMap, sync::Arc};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

use super::{Claims, Unverified};
use crate::Refused;

/// What issuers may sign with. Neither `none` nor anything with a shared secret is among them.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// Most keys of an issuer. They have a handful.
const MOST: usize = 100;

/// A key, and the one algorithm that it is for.
pub struct SigningKey {
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

/// An issuer's keys, by name.
#[derive(Default)]
pub struct IssuerKeys(BTreeMap<String, Arc<SigningKey>>);

#[derive(Deserialize)]
struct Published {
    /// Each by itself: one that we do not know is none of our business.
    keys: Vec<serde_json::Value>,
}

impl IssuerKeys {
    /// The keys of a set that tokens may be signed with; an error if there is none.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let published: Published = serde_json::from_slice(body).map_err(|error| format!("no set of keys: {error}"))?;
        if published.keys.len() > MOST {
            return Err(format!("more than {MOST} keys"));
        }
        let keys: BTreeMap<_, _> =
            published.keys.into_iter().filter_map(|key| usable(serde_json::from_value(key).ok()?)).collect();
        if keys.is_empty() { Err("no key that tokens may be signed with".into()) } else { Ok(Self(keys)) }
    }

    /// What a token says, if one of these keys signed it, and it is for one of the audiences, now.
    pub fn claims(&self, token: &str, audiences: &[String]) -> Result<Claims, Refused> {
        super::install();
        let token = Unverified::read(token)?;
        let key = self.get(token.key()?).cloned();
        token.believe(key.as_deref(), audiences)
    }

    /// The key of this name.
    pub(super) fn get(&self, name: &str) -> Option<&Arc<SigningKey>> {
        self.0.get(name)
    }
}

fn usable(jwk: Jwk) -> Option<(String, Arc<SigningKey>)> {
    if jwk.common.public_key_use.as_ref().is_some_and(|purpose| *purpose != PublicKeyUse::Signature) {
        return None;
    }
    let (algorithm, name) = match &jwk.algorithm {
        AlgorithmParameters::RSA(_) => (Algorithm::RS256, KeyAlgorithm::RS256),
        AlgorithmParameters::EllipticCurve(key) if key.curve == EllipticCurve::P256 => {
            (Algorithm::ES256, KeyAlgorithm::ES256)
        }
        AlgorithmParameters::OctetKeyPair(key) if key.curve == EllipticCurve::Ed25519 => {
            (Algorithm::EdDSA, KeyAlgorithm::EdDSA)
        }
        _ => return None,
    };
    if jwk.common.key_algorithm.is_some_and(|said| said != name) {
        return None;
    }
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some((jwk.common.key_id?, Arc::new(SigningKey { algorithm, key })))
}

//! An issuer's keys, as it publishes them (JSON Web Key Set).

use std::{collections::BTreeMap, sync::Arc};

use jsonwebtoken::{
    Algorithm, DecodingKey,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse},
};
use serde::Deserialize;

/// What issuers may sign with. Neither `none` nor anything with a shared secret is among them.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// Most keys of an issuer. They have a handful.
const MOST: usize = 100;

/// A key, and the one algorithm that it is for.
pub struct SigningKey {
    pub algorithm: Algorithm,
    pub key: DecodingKey,
}

/// Keys by name.
pub type Keys = BTreeMap<String, Arc<SigningKey>>;

#[derive(Deserialize)]
struct Published {
    /// Each by itself: one that we do not know is none of our business.
    keys: Vec<serde_json::Value>,
}

/// The keys of a set that tokens may be signed with; an error if there is none.
pub fn read(body: &[u8]) -> Result<Keys, String> {
    let published: Published = serde_json::from_slice(body).map_err(|error| format!("no set of keys: {error}"))?;
    if published.keys.len() > MOST {
        return Err(format!("more than {MOST} keys"));
    }
    let keys: Keys = published.keys.into_iter().filter_map(|key| usable(serde_json::from_value(key).ok()?)).collect();
    if keys.is_empty() { Err("no key that tokens may be signed with".into()) } else { Ok(keys) }
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

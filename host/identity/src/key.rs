//! API keys: `ast_{id}_{secret}`, where the id is `{tenant}_{number}`. The number has 96 random bits and the secret
//! 256, both in lowercase hexadecimal.
//!
//! The id tells the tenant, so that the record of a key is one read away and a tenant's keys are one listing.

use std::{fmt, str::FromStr, sync::Arc};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{Role, Tenant};

/// How every key begins, so that scanners for secrets find those that got lost.
pub const START: &str = "ast_";
/// Most days that a key holds which is to end: a hundred years.
pub const LONGEST_KEY: u64 = 36_500;
/// Hexadecimal digits of a number and a secret.
const NUMBER: usize = 24;
const SECRET: usize = 64;

/// Which key it is: no secret.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId {
    tenant: Tenant,
    number: Arc<str>,
}

/// Something is no id of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no id of a key; it looks like TENANT_0123456789abcdef01234567")]
pub struct KeyIdError;

/// A key, as those who look after it see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Key {
    /// Which one it is.
    pub id: KeyId,
    /// What it is good for.
    pub role: Role,
    /// What people call it.
    pub label: String,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// When it ends, in seconds since 1970; none: never by itself.
    pub expires: Option<u64>,
    /// When it was revoked, in seconds since 1970.
    pub revoked: Option<u64>,
}

/// A key that was made just now.
#[derive(Debug)]
pub struct NewKey {
    /// What is kept of it.
    pub key: Key,
    /// The key itself, to be shown once: it is not kept.
    pub secret: SecretString,
}

/// What is kept of a secret: its BLAKE3 hash. A slow hash is for passwords, which can be guessed; nobody guesses 256
/// random bits, and a slow one would cost every request. Two of them are compared in constant time.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Fingerprint(blake3::Hash);

/// What somebody says is their key.
pub struct Claimed {
    pub id: KeyId,
    pub fingerprint: Fingerprint,
}

impl KeyId {
    /// A new one of a tenant.
    pub(crate) fn random(tenant: &Tenant) -> Result<Self, getrandom::Error> {
        Ok(Self { tenant: tenant.clone(), number: random::<{ NUMBER / 2 }>()?.into() })
    }

    /// Whose key it is.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Which of the tenant's keys it is.
    pub fn number(&self) -> &str {
        &self.number
    }
}

impl FromStr for KeyId {
    type Err = KeyIdError;

    fn from_str(text: &str) -> Result<Self, KeyIdError> {
        let (tenant, number) = text.split_once('_').ok_or(KeyIdError)?;
        let tenant = tenant.parse().map_err(|_| KeyIdError)?;
        if is_hexadecimal(number, NUMBER) { Ok(Self { tenant, number: number.into() }) } else { Err(KeyIdError) }
    }
}

impl TryFrom<String> for KeyId {
    type Error = KeyIdError;

    fn try_from(text: String) -> Result<Self, KeyIdError> {
        text.parse()
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.to_string()
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}_{}", self.tenant, self.number)
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl Claimed {
    /// Reads a key; `None`: it is none.
    pub fn read(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(START)?.rsplit_once('_')?;
        let id = id.parse().ok()?;
        is_hexadecimal(secret, SECRET).then(|| Self { id, fingerprint: Fingerprint::of(secret) })
    }
}

impl Fingerprint {
    fn of(secret: &str) -> Self {
        Self(blake3::hash(secret.as_bytes()))
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = blake3::HexError;

    fn try_from(text: String) -> Result<Self, blake3::HexError> {
        blake3::Hash::from_hex(text).map(Self)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.0.to_hex().as_str().into()
    }
}

/// A new key with this id, and what is kept of its secret.
pub fn random_key(id: &KeyId) -> Result<(SecretString, Fingerprint), getrandom::Error> {
    let secret = random::<{ SECRET / 2 }>()?;
    Ok((format!("{START}{id}_{secret}").into(), Fingerprint::of(&secret)))
}

/// So many bytes of the system's randomness, in hexadecimal.
fn random<const BYTES: usize>() -> Result<String, getrandom::Error> {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// One text for one value: no capital letters.
fn is_hexadecimal(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

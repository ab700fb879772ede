//! Names that are parts of keys, headers and settings.

use std::{borrow::Borrow, fmt, sync::Arc};

use astlas_identity::Tenant;
use serde::{Deserialize, Serialize};

/// Most characters of a name: a hash in hexadecimal fits.
const LONGEST: usize = 64;

/// The name of a tenant, a plan, a rule or a group of routes: 1 to 64 of the characters `A-Z a-z 0-9 . _ -`. None of
/// these ends a part of a key, is a pattern, or has to be escaped in a header; so whoever has a `Name` need not care.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Name(Arc<str>);

/// What was given is no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a name: expected 1 to {LONGEST} of the characters A-Z a-z 0-9 . _ -")]
pub struct NameError;

impl Name {
    /// Checks a name.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        match (1..=LONGEST).contains(&text.len()) && text.bytes().all(is_allowed) {
            true => Ok(Self(text.into())),
            false => Err(NameError),
        }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&Tenant> for Name {
    fn from(tenant: &Tenant) -> Self {
        // All characters of a tenant are some of a name, and it is no longer.
        Self(tenant.as_str().into())
    }
}

impl TryFrom<String> for Name {
    type Error = NameError;

    fn try_from(text: String) -> Result<Self, NameError> {
        Self::new(&text)
    }
}

impl From<Name> for String {
    fn from(name: Name) -> Self {
        name.as_str().to_owned()
    }
}

impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

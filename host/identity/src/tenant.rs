//! Whose data it is.

use std::{fmt, str::FromStr, sync::Arc};

use astlas_conventions::{TENANT_RULE, is_tenant};
use serde::{Deserialize, Serialize};

/// A tenant's name: such as [`is_tenant`] knows them.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Tenant(Arc<str>);

/// Something is no name of a tenant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no name of a tenant; {}", TENANT_RULE)]
pub struct TenantError;

impl Tenant {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = TenantError;

    fn from_str(name: &str) -> Result<Self, TenantError> {
        if is_tenant(name) { Ok(Self(name.into())) } else { Err(TenantError) }
    }
}

impl TryFrom<String> for Tenant {
    type Error = String;

    /// The error says the name: of a whole file, nobody would know which.
    fn try_from(name: String) -> Result<Self, String> {
        name.parse().map_err(|error| format!("{name:?} is {error}"))
    }
}

impl From<Tenant> for String {
    fn from(tenant: Tenant) -> Self {
        tenant.0.as_ref().into()
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Tenant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

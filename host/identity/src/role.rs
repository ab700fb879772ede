//! What a caller may.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a caller may do for a tenant. Each role may all that those before it may.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ask.
    #[default]
    Read,
    /// Index, pin and forget repositories.
    Index,
    /// Look after the tenant: its keys, its limits.
    Admin,
}

/// Something is no role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no role; give read, index or admin")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    fn from_str(name: &str) -> Result<Self, RoleError> {
        match name {
            "read" => Ok(Self::Read),
            "index" => Ok(Self::Index),
            "admin" => Ok(Self::Admin),
            _ => Err(RoleError),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Read => "read",
            Self::Index => "index",
            Self::Admin => "admin",
        })
    }
}

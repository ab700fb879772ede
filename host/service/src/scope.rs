//! Whose a request is, as far as keys and names go: the tenant stands in front of every one that a function says, and is
//! taken off again before a function hears of it. So a function has no word for what is another tenant's.

use std::sync::Arc;

use astlas_identity::Tenant;
use astlas_limits::{Name, NameError};

/// Between the tenant and the rest. No name of a tenant has it, so what is in front of the first one is the tenant.
const SEPARATOR: char = '/';

/// What one tenant's keys and names begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    name: Name,
    prefix: Arc<str>,
}

impl Scope {
    pub fn new(tenant: &Tenant) -> Self {
        Self { name: tenant.into(), prefix: format!("{tenant}{SEPARATOR}").into() }
    }

    /// That of requests which are no tenant's: no tenant's name has `_` in it.
    pub fn nobody() -> Result<Self, NameError> {
        Ok(Self { name: Name::new("_nobody")?, prefix: "_nobody/".into() })
    }

    /// The tenant, as limits know it.
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The tenant's name.
    pub fn tenant(&self) -> &str {
        self.name.as_str()
    }

    /// A key of the cache or a name among the blobs, as all tenants' are told apart.
    pub fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// Several of them.
    pub fn all(&self, names: &[String]) -> Vec<String> {
        names.iter().map(|name| self.full(name)).collect()
    }

    /// What the tenant itself calls it; `None`: it is not the tenant's.
    pub fn own<'a>(&self, full: &'a str) -> Option<&'a str> {
        full.strip_prefix(&*self.prefix)
    }
}

#[cfg(test)]
pub mod names;
#[cfg(test)]
mod tests;

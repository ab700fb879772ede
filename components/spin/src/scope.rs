//! Whose application this is. The tenant stands in front of every key and name, as the Wasmtime host has it.

use astlas_conventions::{TENANT_RULE, is_tenant};

/// What all keys and names of the application begin with.
#[derive(Clone, Debug)]
pub struct Scope {
    tenant: String,
}

impl Scope {
    /// Of the tenant that the variable `tenant` names.
    pub async fn get() -> Result<Self, String> {
        let tenant = crate::required("tenant").await?;
        if is_tenant(&tenant) {
            Ok(Self { tenant })
        } else {
            Err(format!("the variable tenant: {tenant:?} is no name; {TENANT_RULE}"))
        }
    }

    /// The tenant's name.
    pub fn tenant(&self) -> &str {
        &self.tenant
    }

    /// A key or name, as all tenants' are told apart.
    pub fn full(&self, name: &str) -> String {
        format!("{}/{name}", self.tenant)
    }
}

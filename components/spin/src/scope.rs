//! Whose application this is. The tenant stands in front of every key and name, as the Wasmtime host has it.

/// Longest name of a tenant, in bytes.
const LONGEST: usize = 64;

/// What all keys and names of the application begin with.
#[derive(Clone, Debug)]
pub struct Scope {
    tenant: String,
}

impl Scope {
    /// Of the tenant that the variable `tenant` names.
    pub async fn get() -> Result<Self, String> {
        let tenant = crate::required("tenant").await?;
        let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if tenant.len() > LONGEST || !tenant.bytes().all(is_plain) || tenant.starts_with('-') {
            return Err(format!("the variable tenant: {tenant:?} is no name; use 1 to {LONGEST} of a-z, 0-9 and -"));
        }
        Ok(Self { tenant })
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

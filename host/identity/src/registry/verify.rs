//! Whether a key holds, and whether people may act for a tenant.

use super::{Registry, Standing, key_name, now, tenant_name};
use crate::{Caller, Reason, Refused, Subject, Tenant, key::Claimed};

impl Registry {
    /// Who has this key. What was read of it is believed for a while (`identity.known_for`), and longer while the
    /// store is out of reach (`identity.grace`).
    pub async fn verify_key(&self, key: &str) -> Result<Caller, Refused> {
        let Claimed { id, fingerprint } = Claimed::read(key).ok_or(Refused::Malformed)?;
        let found = self.keys.get(&key_name(&id), self.key(&id)).await;
        let found = found.map_err(|error| Refused::OutOfReach(error.0))?;
        let record = found.ok_or(Refused::Invalid(Reason::UnknownKey))?;
        // Only who has the secret is told of anything else, be it by the time that takes.
        if record.blake3 != fingerprint {
            return Err(Refused::Invalid(Reason::WrongSecret));
        }
        if record.key.revoked.is_some() {
            return Err(Refused::Invalid(Reason::Revoked));
        }
        if record.key.expires.is_some_and(|expires| expires <= now()) {
            return Err(Refused::Invalid(Reason::Expired));
        }
        match self.standing(id.tenant()).await? {
            Standing::Active => {}
            Standing::Disabled | Standing::Unregistered => return Err(Refused::Invalid(Reason::Tenant)),
        }
        Ok(Caller { tenant: id.tenant().clone(), role: record.key.role, subject: Subject::Key(id) })
    }

    /// Refuses if a tenant is disabled. One that the configuration names need not be registered.
    pub(crate) async fn require_enabled(&self, tenant: &Tenant) -> Result<(), Refused> {
        match self.standing(tenant).await? {
            Standing::Active | Standing::Unregistered => Ok(()),
            Standing::Disabled => Err(Refused::Invalid(Reason::Tenant)),
        }
    }

    async fn standing(&self, tenant: &Tenant) -> Result<Standing, Refused> {
        let read = async {
            Ok(Some(match self.tenant(tenant).await? {
                None => Standing::Unregistered,
                Some(record) if record.disabled.is_some() => Standing::Disabled,
                Some(_) => Standing::Active,
            }))
        };
        let standing = self.tenants.get(&tenant_name(tenant), read).await;
        let standing = standing.map_err(|error| Refused::OutOfReach(error.0))?;
        Ok(standing.map_or(Standing::Unregistered, |standing| *standing))
    }
}

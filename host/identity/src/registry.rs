//! Tenants and their keys, as records in a store: one for each tenant and one for each key, so that no two callers
//! write the same one.
//!
//! They are apart from what tenants keep: no name of a tenant has `_` in it, so nothing below a tenant's own name is
//! below `_identity/`.

mod verify;

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use astlas_atlas::ports::Unavailable;
use futures_util::{StreamExt, TryStreamExt, stream};
use secrecy::SecretString;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    IdentitySettings, Key, KeyId, NewKey, Role, Store, Tenant,
    key::{Fingerprint, random_key},
    remembered::{Remembered, Times},
};

/// Where records are.
const TENANTS: &str = "_identity/tenants/";
const KEYS: &str = "_identity/keys/";
/// Longest label, in bytes.
const LABEL: usize = 200;
/// Records that are read side by side, for a list.
const SIDE_BY_SIDE: usize = 16;

/// Tenants and keys.
pub struct Registry {
    store: Arc<dyn Store>,
    keys: Remembered<KeyRecord>,
    tenants: Remembered<Standing>,
}

/// A tenant, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenantRecord {
    /// Its name.
    pub tenant: Tenant,
    /// When it was made, in seconds since 1970.
    pub created: u64,
    /// When it was disabled, in seconds since 1970: nobody acts for it.
    pub disabled: Option<u64>,
}

/// A key, as it is kept. What is not understood is not believed: it may be a condition.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRecord {
    key: Key,
    blake3: Fingerprint,
}

/// How a tenant stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// There is no record of it.
    Unregistered,
    /// People may act for it.
    Active,
    /// Nobody may.
    Disabled,
}

/// Why something was not done about tenants or keys.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The store is out of reach, or has what cannot be read.
    #[error("tenants and keys are out of reach: {0}")]
    Unavailable(#[from] Unavailable),
    /// There is one of that name.
    #[error("there is a tenant {0} already; choose another name")]
    TenantExists(Tenant),
    /// There is none of that name.
    #[error("there is no tenant {0}; create it first")]
    NoTenant(Tenant),
    /// There is none with that id.
    #[error("there is no key {0}; list the tenant's keys")]
    NoKey(KeyId),
    /// A label that is no line of text.
    #[error(
        "a label has at most {LABEL} bytes, and none that control a terminal or turn the direction of text; give \
             a plain one"
    )]
    Label,
    /// The system gives no randomness.
    #[error("the system gives no randomness for a key: {0}")]
    Random(getrandom::Error),
}

impl Registry {
    /// The tenants and keys of a store.
    pub fn new(store: Arc<dyn Store>, settings: &IdentitySettings) -> Self {
        let times = Times {
            known: Duration::from_secs(settings.known_for),
            unknown: Duration::from_secs(settings.unknown_for),
            grace: Duration::from_secs(settings.grace),
        };
        Self { store, keys: Remembered::new(times), tenants: Remembered::new(times) }
    }

    /// Makes a tenant.
    pub async fn create_tenant(&self, tenant: &Tenant) -> Result<TenantRecord, RegistryError> {
        if self.tenant(tenant).await?.is_some() {
            return Err(RegistryError::TenantExists(tenant.clone()));
        }
        self.keep_tenant(TenantRecord { tenant: tenant.clone(), created: now(), disabled: None }).await
    }

    /// All tenants, by name.
    pub async fn list_tenants(&self) -> Result<Vec<TenantRecord>, RegistryError> {
        Ok(self.records(TENANTS.into()).await?)
    }

    /// Has nobody act for a tenant from now on. Its keys stay, for when it is enabled again.
    pub async fn disable_tenant(&self, tenant: &Tenant) -> Result<TenantRecord, RegistryError> {
        let record = self.existing(tenant).await?;
        // The first time counts.
        let disabled = record.disabled.or_else(|| Some(now()));
        self.keep_tenant(TenantRecord { disabled, ..record }).await
    }

    /// Has people act for a tenant again.
    pub async fn enable_tenant(&self, tenant: &Tenant) -> Result<TenantRecord, RegistryError> {
        let record = self.existing(tenant).await?;
        self.keep_tenant(TenantRecord { disabled: None, ..record }).await
    }

    /// Makes a key of a tenant that is there. It ends after `lifetime`, which counts in whole seconds; none: never by
    /// itself.
    pub async fn create_key(
        &self,
        tenant: &Tenant,
        role: Role,
        label: &str,
        lifetime: Option<Duration>,
    ) -> Result<NewKey, RegistryError> {
        if label.len() > LABEL || label.chars().any(is_hidden) {
            return Err(RegistryError::Label);
        }
        self.existing(tenant).await?;
        let id = KeyId::random(tenant).map_err(RegistryError::Random)?;
        let (secret, blake3): (SecretString, _) = random_key(&id).map_err(RegistryError::Random)?;
        let created = now();
        let expires = lifetime.map(|lifetime| created.saturating_add(lifetime.as_secs()));
        let key = Key { id, role, label: label.into(), created, expires, revoked: None };
        self.keep_key(&KeyRecord { key: key.clone(), blake3 }).await?;
        Ok(NewKey { key, secret })
    }

    /// All keys of a tenant, by id; those that hold no longer among them.
    pub async fn list_keys(&self, tenant: &Tenant) -> Result<Vec<Key>, RegistryError> {
        self.existing(tenant).await?;
        let records: Vec<KeyRecord> = self.records(format!("{KEYS}{tenant}/")).await?;
        Ok(records.into_iter().map(|record| record.key).collect())
    }

    /// Ends a key. In this process it does at once, in others as soon as they have forgotten it.
    pub async fn revoke_key(&self, id: &KeyId) -> Result<Key, RegistryError> {
        let record = self.key(id).await?.ok_or_else(|| RegistryError::NoKey(id.clone()))?;
        let revoked = record.key.revoked.or_else(|| Some(now()));
        let record = KeyRecord { key: Key { revoked, ..record.key }, ..record };
        self.keep_key(&record).await?;
        Ok(record.key)
    }

    /// Ends a key and forgets that there was one.
    pub async fn delete_key(&self, id: &KeyId) -> Result<(), RegistryError> {
        let name = key_name(id);
        if self.store.read(&name).await?.is_none() {
            return Err(RegistryError::NoKey(id.clone()));
        }
        let deleted = self.store.delete(&name).await;
        self.keys.forget(&name);
        Ok(deleted?)
    }

    async fn existing(&self, tenant: &Tenant) -> Result<TenantRecord, RegistryError> {
        self.tenant(tenant).await?.ok_or_else(|| RegistryError::NoTenant(tenant.clone()))
    }

    async fn tenant(&self, tenant: &Tenant) -> Result<Option<TenantRecord>, Unavailable> {
        let name = tenant_name(tenant);
        let record: Option<TenantRecord> = self.record(&name).await?;
        checked(&name, record, |record| record.tenant == *tenant)
    }

    async fn key(&self, id: &KeyId) -> Result<Option<KeyRecord>, Unavailable> {
        let name = key_name(id);
        let record: Option<KeyRecord> = self.record(&name).await?;
        checked(&name, record, |record| record.key.id == *id)
    }

    async fn record<R: DeserializeOwned>(&self, name: &str) -> Result<Option<R>, Unavailable> {
        let Some(value) = self.store.read(name).await? else { return Ok(None) };
        let record = serde_json::from_slice(&value);
        record.map(Some).map_err(|error| Unavailable(format!("{name} is no record: {error}; restore or remove it")))
    }

    /// All records whose names begin so, in order.
    async fn records<R: DeserializeOwned>(&self, prefix: String) -> Result<Vec<R>, Unavailable> {
        let (mut names, mut after) = (vec![], String::new());
        loop {
            let page = self.store.list(&prefix, &after).await?;
            let Some(last) = page.last() else { break };
            after.clone_from(last);
            names.extend(page);
        }
        let read = stream::iter(names).map(async |name| self.record(&name).await).buffered(SIDE_BY_SIDE);
        // One that was removed since it was listed is none.
        read.try_filter_map(async |record| Ok(record)).try_collect().await
    }

    async fn keep_tenant(&self, record: TenantRecord) -> Result<TenantRecord, RegistryError> {
        let name = tenant_name(&record.tenant);
        let kept = self.store.write(&name, encoded(&record)?).await;
        // Though it failed, it may be there.
        self.tenants.forget(&name);
        Ok(kept.map(|()| record)?)
    }

    async fn keep_key(&self, record: &KeyRecord) -> Result<(), RegistryError> {
        let name = key_name(&record.key.id);
        let kept = self.store.write(&name, encoded(record)?).await;
        self.keys.forget(&name);
        Ok(kept?)
    }
}

fn tenant_name(tenant: &Tenant) -> String {
    format!("{TENANTS}{tenant}")
}

fn key_name(id: &KeyId) -> String {
    format!("{KEYS}{}/{}", id.tenant(), id.number())
}

fn encoded(record: &impl Serialize) -> Result<bytes::Bytes, Unavailable> {
    serde_json::to_vec(record).map(Into::into).map_err(|error| Unavailable(error.to_string()))
}

/// A record, if it is in its own place: one that was moved is not believed.
fn checked<R>(name: &str, record: Option<R>, is_own: impl Fn(&R) -> bool) -> Result<Option<R>, Unavailable> {
    if record.as_ref().is_some_and(|record| !is_own(record)) {
        return Err(Unavailable(format!("{name} is the record of something else; restore or remove it")));
    }
    Ok(record)
}

/// Whether a character is not seen and changes how others are: those that control; marks, embeddings, overrides and
/// isolates of direction; the separators of lines and paragraphs; the tag characters.
fn is_hidden(letter: char) -> bool {
    let turns =
        matches!(letter, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    letter.is_control() || turns || matches!(letter, '\u{e0000}'..='\u{e007f}')
}

/// Seconds since 1970.
fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

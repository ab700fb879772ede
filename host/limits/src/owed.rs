//! What was counted here while Redis was gone, for Redis when it is back.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use crate::{Name, ledger::Entry};

/// Entries by tenant.
pub struct Owed {
    most_tenants: usize,
    entries: Mutex<BTreeMap<Name, Entry>>,
}

impl Owed {
    /// Of more tenants, what they use is not told to Redis.
    pub fn new(most_tenants: usize) -> Self {
        Self { most_tenants, entries: Mutex::default() }
    }

    pub fn add(&self, tenant: &Name, entry: &Entry) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = entries.get_mut(tenant) {
            kept.then(entry);
        } else if entries.len() < self.most_tenants {
            entries.insert(tenant.clone(), *entry);
        }
    }

    pub fn take(&self) -> Option<(Name, Entry)> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).pop_first()
    }
}

//! What was counted here while Redis was gone, for Redis when it is back.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use tokio::sync::Notify;

use crate::{Name, ledger::Entry};

/// Entries by tenant.
pub struct Owed {
    most_tenants: usize,
    entries: Mutex<BTreeMap<Name, Entry>>,
    added: Notify,
}

impl Owed {
    /// Of more tenants, what they use is not told to Redis.
    pub fn new(most_tenants: usize) -> Self {
        Self { most_tenants, entries: Mutex::default(), added: Notify::new() }
    }

    /// Adds what came after all that is there.
    pub fn add(&self, tenant: &Name, entry: &Entry) {
        self.change(tenant, |kept| Entry::then(kept, entry));
    }

    /// Puts back what was before all that came meanwhile.
    pub fn put_back(&self, tenant: Name, mut entry: Entry) {
        self.change(&tenant, |kept| {
            entry.then(kept);
            *kept = entry;
        });
    }

    fn change(&self, tenant: &Name, change: impl FnOnce(&mut Entry)) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() < self.most_tenants || entries.contains_key(tenant) {
            change(entries.entry(tenant.clone()).or_default());
            self.added.notify_one();
        }
    }

    /// Waits for an entry and takes it.
    pub async fn next(&self) -> (Name, Entry) {
        loop {
            let next = self.entries.lock().unwrap_or_else(PoisonError::into_inner).pop_first();
            match next {
                Some(next) => return next,
                None => self.added.notified().await,
            }
        }
    }
}

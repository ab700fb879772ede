//! How much memory the instances of functions may have: each, those of a tenant, and all.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use astlas_limits::Name;
use wasmtime::{ResourceLimiter, Result, StoreLimits, StoreLimitsBuilder};

use crate::FunctionsSettings;

/// What instances have, those that wait for another request among them.
pub struct Memories {
    limits: Limits,
    taken: Mutex<BTreeMap<Name, u64>>,
}

/// In bytes.
#[derive(Clone, Copy)]
struct Limits {
    instance: u64,
    tenant: u64,
    all: u64,
}

/// An instance asked for more memory than there may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Than one may have; of so many bytes.
    #[error("the request takes more than {} MiB of memory, the limit of one; ask for less at once", .0 >> 20)]
    Instance(u64),
    /// Than the tenant's may have together.
    #[error("requests of this tenant take {} MiB of memory, as much as they may; try again when some are done", .0 >> 20)]
    Tenant(u64),
    /// Than all may have together.
    #[error("all requests together take {} MiB of memory, as much as they may; try again later", .0 >> 20)]
    All(u64),
}

impl Memories {
    pub fn new(settings: &FunctionsSettings) -> Arc<Self> {
        let FunctionsSettings { instance_memory, tenant_memory, memory, .. } = *settings;
        let limits = Limits { instance: instance_memory, tenant: tenant_memory, all: memory };
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// The memory of a tenant's new instance.
    pub fn instance(self: &Arc<Self>, tenant: &Name) -> Memory {
        Memory {
            memories: self.clone(),
            tenant: tenant.clone(),
            bytes: 0,
            last: 0,
            tables: StoreLimitsBuilder::new().build(),
        }
    }

    fn take(&self, tenant: &Name, bytes: u64) -> Result<(), TooMuch> {
        let mut taken = self.taken();
        let all: u64 = taken.values().sum();
        let own = taken.get(tenant).copied().unwrap_or_default();
        if own + bytes > self.limits.tenant {
            return Err(TooMuch::Tenant(self.limits.tenant));
        }
        if all + bytes > self.limits.all {
            return Err(TooMuch::All(self.limits.all));
        }
        *taken.entry(tenant.clone()).or_default() += bytes;
        Ok(())
    }

    fn give_back(&self, tenant: &Name, bytes: u64) {
        let mut taken = self.taken();
        if let Some(own) = taken.get_mut(tenant) {
            *own = own.saturating_sub(bytes);
            if *own == 0 {
                taken.remove(tenant);
            }
        }
    }

    fn taken(&self) -> MutexGuard<'_, BTreeMap<Name, u64>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What an instance has; given back when it goes.
pub struct Memory {
    memories: Arc<Memories>,
    tenant: Name,
    bytes: u64,
    /// What came to it last.
    last: u64,
    tables: StoreLimits,
}

impl Memory {
    /// In bytes.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl ResourceLimiter for Memory {
    /// What is too much ends the instance there and then: left to go on, it would end itself without a reason.
    fn memory_growing(&mut self, current: usize, desired: usize, _maximum: Option<usize>) -> Result<bool> {
        let more = desired.saturating_sub(current) as u64;
        let limit = self.memories.limits.instance;
        if self.bytes + more > limit {
            return Err(TooMuch::Instance(limit).into());
        }
        self.memories.take(&self.tenant, more)?;
        (self.bytes, self.last) = (self.bytes + more, more);
        Ok(true)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> Result<()> {
        self.memories.give_back(&self.tenant, self.last);
        (self.bytes, self.last) = (self.bytes - self.last, 0);
        Err(error)
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.tables.table_growing(current, desired, maximum)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.memories.give_back(&self.tenant, self.bytes);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    fn grow(memory: &mut Memory, bytes: usize) -> Result<bool, TooMuch> {
        let has = memory.bytes() as usize;
        memory.memory_growing(has, has + bytes, None).map_err(|error| *error.downcast_ref().unwrap())
    }

    #[test]
    fn an_instance_a_tenant_and_all_have_so_much_and_give_it_back() {
        let settings =
            FunctionsSettings { instance_memory: 60, tenant_memory: 100, memory: 150, ..FunctionsSettings::default() };
        let (memories, one, other) = (Memories::new(&settings), Name::new("one").unwrap(), Name::new("other").unwrap());
        let mut first = memories.instance(&one);
        assert_eq!(grow(&mut first, 50), Ok(true));
        assert_eq!(grow(&mut first, 11), Err(TooMuch::Instance(60)));
        assert_eq!(grow(&mut first, 10), Ok(true));
        let mut second = memories.instance(&one);
        assert_eq!(grow(&mut second, 41), Err(TooMuch::Tenant(100)));
        assert_eq!(grow(&mut second, 40), Ok(true));
        let mut others = memories.instance(&other);
        assert_eq!(grow(&mut others, 51), Err(TooMuch::All(150)));
        drop(first);
        assert_eq!(grow(&mut others, 51), Ok(true));
        // What the host could not give is not counted.
        assert!(second.memory_grow_failed(wasmtime::Error::msg("no memory")).is_err());
        assert_eq!((second.bytes(), grow(&mut second, 60)), (0, Ok(true)));
        drop((second, others));
        assert!(memories.taken().is_empty());
    }
}

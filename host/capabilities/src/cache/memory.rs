//! The first layer: copies in this process, bounded in bytes, what was not used for longest goes first.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use astlas_conventions::{is_named_by_content, kind, lifetime};
use bytes::Bytes;
use moka::{Expiry, policy::EvictionPolicy, sync};

/// What an entry takes beside key and value, in bytes: about as much as the table itself says.
const FRAME: usize = 256;
/// A value of so many bytes is not left for later to make room for.
const LARGE: usize = 64 << 10;

/// Bytes and number of entries by kind.
type Counts = BTreeMap<String, (u64, u64)>;

/// Copies of values that never change under their keys.
pub struct Memory {
    copies: sync::Cache<String, Arc<Copy>>,
    counts: Arc<Mutex<Counts>>,
    /// How often something was forgotten. Held for reading while a copy is made of what was read elsewhere.
    forgotten: RwLock<u64>,
    begun: Instant,
}

struct Copy {
    value: Bytes,
    /// Milliseconds after `begun` from which on the layer below should be told that this is still used.
    prolong_at: AtomicU64,
}

/// A moment after which nothing may have been forgotten, for a copy to be made.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Moment(u64);

/// A value found, and whether the layer below should be told that it is used.
pub struct Hit {
    pub value: Bytes,
    pub prolong: bool,
}

/// A copy lives as long as it is used: it is as good as the value it was made of.
struct Unused;

impl Expiry<String, Arc<Copy>> for Unused {
    fn expire_after_create(&self, key: &String, _: &Arc<Copy>, _: Instant) -> Option<Duration> {
        Some(lifetime(key))
    }

    fn expire_after_read(
        &self,
        key: &String,
        _: &Arc<Copy>,
        _: Instant,
        _: Option<Duration>,
        _: Instant,
    ) -> Option<Duration> {
        Some(lifetime(key))
    }

    fn expire_after_update(&self, key: &String, _: &Arc<Copy>, _: Instant, _: Option<Duration>) -> Option<Duration> {
        Some(lifetime(key))
    }
}

fn weight(key: &str, value: &Bytes) -> u64 {
    (key.len() + value.len() + FRAME) as u64
}

impl Memory {
    /// Room for so many bytes.
    pub fn new(bytes: u64) -> Self {
        let counts = Arc::new(Mutex::new(Counts::new()));
        let gone = counts.clone();
        let copies = sync::Cache::builder()
            .max_capacity(bytes)
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|key: &String, copy: &Arc<Copy>| u32::try_from(weight(key, &copy.value)).unwrap_or(u32::MAX))
            .expire_after(Unused)
            .eviction_listener(move |key, copy, _| {
                if let Some((entries, bytes)) = lock(&gone).get_mut(kind(&key)) {
                    *entries = entries.saturating_sub(1);
                    *bytes = bytes.saturating_sub(weight(&key, &copy.value));
                }
            })
            .build();
        Self { copies, counts, forgotten: RwLock::new(0), begun: Instant::now() }
    }

    /// The copy of a value.
    pub fn get(&self, key: &str) -> Option<Hit> {
        let copy = self.copies.get(key)?;
        let (now, next) = (self.now(), self.half_over(key));
        let due = copy.prolong_at.load(Ordering::Relaxed);
        // Of several that ask at once, one prolongs.
        let prolong =
            due <= now && copy.prolong_at.compare_exchange(due, next, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        Some(Hit { value: copy.value.clone(), prolong })
    }

    /// Keeps a copy of a value that the layer below is given now.
    pub fn put(&self, key: &str, value: &Bytes) {
        self.insert(key, value, self.half_over(key));
    }

    /// From here on, what is forgotten counts for `fill`.
    pub fn moment(&self) -> Moment {
        Moment(*self.forgotten.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Keeps a copy of a value that the layer below had, unless something was forgotten since before it was asked. Where
    /// it is not known how old the value is there, its next use is to prolong it.
    pub fn fill(&self, key: &str, value: &Bytes, since: Moment, is_fresh: bool) {
        let forgotten = self.forgotten.read().unwrap_or_else(PoisonError::into_inner);
        if Moment(*forgotten) == since {
            self.insert(key, value, if is_fresh { self.half_over(key) } else { self.now() });
        }
    }

    fn insert(&self, key: &str, value: &Bytes, prolong_at: u64) {
        if !is_named_by_content(key) {
            return;
        }
        {
            let mut counts = lock(&self.counts);
            if !counts.contains_key(kind(key)) {
                counts.insert(kind(key).into(), (0, 0));
            }
            if let Some((entries, bytes)) = counts.get_mut(kind(key)) {
                (*entries, *bytes) = (*entries + 1, *bytes + weight(key, value));
            }
        }
        let copy = Copy { value: value.clone(), prolong_at: AtomicU64::new(prolong_at) };
        self.copies.insert(key.into(), Arc::new(copy));
        if value.len() >= LARGE {
            self.copies.run_pending_tasks();
        }
    }

    /// Forgets keys; copies of what is being read elsewhere are not made.
    pub fn forget<K: AsRef<str>>(&self, keys: &[K]) {
        let mut forgotten = self.forgotten.write().unwrap_or_else(PoisonError::into_inner);
        *forgotten += 1;
        keys.iter().for_each(|key| self.copies.invalidate(key.as_ref()));
    }

    /// Forgets everything.
    pub fn clear(&self) {
        let mut forgotten = self.forgotten.write().unwrap_or_else(PoisonError::into_inner);
        *forgotten += 1;
        self.copies.invalidate_all();
        self.copies.run_pending_tasks();
    }

    /// Entries and bytes by kind.
    pub fn counts(&self) -> Counts {
        self.copies.run_pending_tasks();
        lock(&self.counts).clone()
    }

    fn now(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn half_over(&self, key: &str) -> u64 {
        self.now() + u64::try_from(lifetime(key).as_millis() / 2).unwrap_or(u64::MAX / 2)
    }
}

fn lock(counts: &Mutex<Counts>) -> std::sync::MutexGuard<'_, Counts> {
    counts.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_bounded_and_forgets_what_was_not_used_for_longest() {
        let memory = Memory::new(100_000);
        let value = Bytes::from(vec![1; 1000]);
        for number in 0..1000 {
            memory.put(&format!("ast:{number}"), &value);
            memory.get("ast:0");
        }
        let (entries, bytes) = memory.counts()["ast"];
        assert!(bytes <= 100_000 && entries > 60, "{entries} entries, {bytes} bytes");
        assert!(memory.get("ast:0").is_some() && memory.get("ast:1").is_none() && memory.get("ast:999").is_some());
        memory.put("job:1", &value);
        assert!(memory.get("job:1").is_none());
        memory.clear();
        assert_eq!(memory.counts()["ast"], (0, 0));
    }

    #[test]
    fn what_was_forgotten_while_it_was_read_is_not_kept() {
        let memory = Memory::new(100_000);
        let value = Bytes::from_static(b"value");
        let before = memory.moment();
        memory.forget(&["ast:2"]);
        memory.fill("ast:1", &value, before, false);
        assert!(memory.get("ast:1").is_none());
        memory.fill("ast:1", &value, memory.moment(), false);
        assert!(memory.get("ast:1").is_some_and(|hit| hit.prolong));
        assert!(memory.get("ast:1").is_some_and(|hit| !hit.prolong));
    }
}

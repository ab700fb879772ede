//! A cache as long as the instance lives. Losing an entry costs time, so where it is full it begins anew.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use crate::{
    Capabilities,
    exports::astlas::cache::cache::{Entry, Guest},
};

/// Most that is kept, in bytes: graph and symbols of a large repository, with room for answers.
const LIMIT: usize = 128 << 20;

#[derive(Default)]
struct Memory {
    entries: BTreeMap<String, Vec<u8>>,
    sets: BTreeMap<String, BTreeSet<String>>,
    bytes: usize,
}

impl Memory {
    fn put(&mut self, Entry { key, value }: Entry) {
        let added = key.len() + value.len();
        if self.bytes + added > LIMIT {
            *self = Self::default();
        }
        if added <= LIMIT {
            self.remove(&key);
            self.bytes += added;
            self.entries.insert(key, value);
        }
    }

    fn remove(&mut self, key: &str) {
        if let Some(value) = self.entries.remove(key) {
            self.bytes -= key.len() + value.len();
        }
    }
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

fn with<T>(work: impl FnOnce(&mut Memory) -> T) -> T {
    MEMORY.with_borrow_mut(work)
}

impl Guest for Capabilities {
    async fn get(keys: Vec<String>) -> Vec<Option<Vec<u8>>> {
        with(|memory| keys.iter().map(|key| memory.entries.get(key).cloned()).collect())
    }

    async fn put(entries: Vec<Entry>) {
        with(|memory| entries.into_iter().for_each(|entry| memory.put(entry)));
    }

    async fn remove(keys: Vec<String>) {
        with(|memory| {
            keys.iter().for_each(|key| {
                memory.remove(key);
                memory.sets.remove(key);
            });
        });
    }

    /// Nobody waits for anybody: two who ask at once both make it.
    async fn get_or_claim(key: String, _: u32) -> Option<Vec<u8>> {
        with(|memory| memory.entries.get(&key).cloned())
    }

    async fn claim(_: String, _: u32) -> bool {
        true
    }

    async fn add_member(set: String, member: String) -> u64 {
        with(|memory| {
            let members = memory.sets.entry(set).or_default();
            members.insert(member);
            members.len() as u64
        })
    }

    async fn count_members(set: String) -> u64 {
        with(|memory| memory.sets.get(&set).map_or(0, |members| members.len() as u64))
    }
}

//! What a tenant must find in the cache.

use std::collections::{BTreeMap, BTreeSet};

use super::{REQUESTS, request::Request, tally::Tally};
use crate::{
    Shared,
    bindings::astlas::cache::cache::{Entry, HostWithStore},
    scope::{Scope, names::Names},
    state::Imports,
};

/// How long claims last, in milliseconds: longer than the test.
const LONG: u32 = 3_600_000;

/// What the tenant did itself, and nothing else.
#[derive(Default)]
pub struct Model {
    values: BTreeMap<String, Vec<u8>>,
    sets: BTreeMap<String, BTreeSet<String>>,
    /// By the number of who took it.
    claims: BTreeMap<String, u64>,
    taken: u64,
    /// Which of the tenant's requests is to make a value.
    makers: BTreeMap<String, usize>,
    /// What is given back with each request.
    locks: [Vec<(String, u64)>; REQUESTS],
}

/// What a request gave back at its end.
pub struct Given {
    locks: Vec<String>,
    turns: Vec<String>,
}

impl Model {
    /// Does something, in one of the tenant's requests.
    pub async fn step(
        &mut self,
        request: &mut Request,
        at: usize,
        value: String,
        names: &mut Names,
        tally: &mut Tally,
    ) {
        let key = names.key();
        match names.random.u8(..12) {
            0..3 => {
                let keys: Vec<_> = (0..names.random.usize(1..4)).map(|_| names.key()).collect();
                let found = request.call(async |imports| Imports::get(imports, keys.clone()).await).await;
                let known: Vec<_> = keys.iter().map(|key| self.values.get(key).cloned()).collect();
                assert_eq!(found, known, "{keys:?}");
                tally.add("get", found.iter().any(Option::is_some));
            }
            3..5 => {
                let keys: BTreeSet<_> = (0..names.random.usize(1..4)).map(|_| names.key()).collect();
                self.put(request, keys, &value, tally).await;
            }
            5 => {
                let keys = vec![key, names.key()];
                request.call(async |imports| Imports::remove(imports, keys.clone()).await).await;
                let own: Vec<_> = self.locks[at].extract_if(.., |(lock, _)| keys.contains(lock)).collect();
                let (own_keys, is_freed) = self.give_back(own);
                let others: Vec<_> = keys.into_iter().filter(|key| !own_keys.contains(key)).collect();
                tally.add("remove", self.forget(&others) | is_freed);
            }
            // The other request makes it, and this one would wait.
            6..8 if self.makers.contains_key(&key) => self.put(request, [key].into(), &value, tally).await,
            6..8 => {
                let found = self.get_or_claim(request, at, key).await;
                tally.add("get-or-claim", found.is_some());
            }
            8..10 => {
                let key = if names.random.bool() { format!("lock:{}", names.name()) } else { key };
                let is_taken = self.claim(request, at, key).await;
                tally.add("claim", !is_taken);
            }
            10 => {
                let (member, set) = (names.name(), self.sets.entry(key.clone()).or_default());
                let is_known = !set.is_empty();
                set.insert(member.clone());
                let count = request.call(async |imports| Imports::add_member(imports, key.clone(), member).await).await;
                assert_eq!(count, set.len() as u64, "{key:?}");
                tally.add("add-member", is_known);
            }
            _ => {
                let count = request.call(async |imports| Imports::count_members(imports, key.clone()).await).await;
                assert_eq!(count, self.sets.get(&key).map_or(0, |set| set.len() as u64), "{key:?}");
                tally.add("count-members", count > 0);
            }
        }
    }

    async fn put(&mut self, request: &mut Request, keys: BTreeSet<String>, value: &str, tally: &mut Tally) {
        let entry = |key: &String| Entry { key: key.clone(), value: value.into() };
        let entries = keys.iter().map(entry).collect();
        request.call(async |imports| Imports::put(imports, entries).await).await;
        let mut is_known = false;
        for key in keys {
            self.makers.remove(&key);
            is_known |= self.values.insert(key, value.into()).is_some();
        }
        tally.add("put", is_known);
    }

    async fn get_or_claim(&mut self, request: &mut Request, at: usize, key: String) -> Option<Vec<u8>> {
        let found = request.call(async |imports| Imports::get_or_claim(imports, key.clone(), LONG).await).await;
        assert_eq!(found.as_ref(), self.values.get(&key), "{key:?}");
        if found.is_none() {
            self.makers.insert(key, at);
        }
        found
    }

    async fn claim(&mut self, request: &mut Request, at: usize, key: String) -> bool {
        let is_taken = request.call(async |imports| Imports::claim(imports, key.clone(), LONG).await).await;
        assert_eq!(is_taken, !self.claims.contains_key(&key), "{key:?}");
        if is_taken {
            self.taken += 1;
            self.claims.insert(key.clone(), self.taken);
        }
        if is_taken && key.starts_with("lock:") {
            self.locks[at].push((key, self.taken));
        }
        is_taken
    }

    /// What is somebody else's by now stays so: the keys, and whether any was still held.
    fn give_back(&mut self, locks: Vec<(String, u64)>) -> (Vec<String>, bool) {
        let mut is_freed = false;
        for (key, taken) in &locks {
            if self.claims.get(key) == Some(taken) {
                is_freed |= self.claims.remove(key).is_some();
            }
        }
        (locks.into_iter().map(|(key, _)| key).collect(), is_freed)
    }

    /// All that there was of these keys goes; whether there was anything.
    fn forget(&mut self, keys: &[String]) -> bool {
        let mut was_there = false;
        for key in keys {
            was_there |= self.values.remove(key).is_some() | self.sets.remove(key).is_some();
            was_there |= self.claims.remove(key).is_some() | self.makers.remove(key).is_some();
        }
        was_there
    }

    /// A request ends.
    pub fn end(&mut self, at: usize) -> Given {
        let locks = std::mem::take(&mut self.locks[at]);
        let (locks, _) = self.give_back(locks);
        let turns = self.makers.extract_if(.., |_, maker| *maker == at).map(|(key, _)| key).collect();
        Given { locks, turns }
    }

    /// What was given back can be had by the next one.
    pub async fn take_again(&mut self, request: &mut Request, at: usize, given: Given, tally: &mut Tally) {
        for key in given.locks.into_iter().take(3) {
            // Somebody else's, if it was removed and taken anew in between.
            let was_free = !self.claims.contains_key(&key);
            tally.add("claim again", self.claim(request, at, key).await && was_free);
        }
        for key in given.turns.into_iter().take(3) {
            tally.add("get-or-claim again", self.get_or_claim(request, at, key).await.is_none());
        }
    }

    /// Asks the host itself.
    pub async fn check(&self, shared: &Shared, scope: &Scope) {
        let cache = &shared.capabilities.cache;
        for (key, value) in &self.values {
            assert_eq!(cache.get(&[scope.full(key)]).await, [Some(value.clone().into())], "{key:?}");
        }
        for (key, set) in &self.sets {
            assert_eq!(cache.count_members(&scope.full(key)).await, set.len() as u64, "{key:?}");
        }
    }
}

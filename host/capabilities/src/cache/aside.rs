//! Claims and sets in this process: for SQLite all there are, for Redis what is kept until it is back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use astlas_conventions::lifetime;

/// From so many on, what is over is looked for before more is added.
const MANY: usize = 1024;

/// Claims and sets.
#[derive(Default)]
pub struct Aside(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    /// Until when, and by whom they are taken.
    claims: BTreeMap<String, (Instant, String)>,
    sets: BTreeMap<String, (Instant, BTreeSet<String>)>,
}

impl Aside {
    /// Takes a key for a while, unless somebody has.
    pub fn claim(&self, key: &str, token: &str, time: Duration) -> bool {
        let now = Instant::now();
        let mut kept = self.lock();
        if kept.claims.len() >= MANY {
            kept.claims.retain(|_, (until, _)| *until > now);
        }
        let is_taken = kept.claims.get(key).is_some_and(|(until, _)| *until > now);
        if !is_taken {
            kept.claims.insert(key.into(), (now + time, token.into()));
        }
        !is_taken
    }

    /// Gives a key back that is still the caller's.
    pub fn give_back(&self, key: &str, token: &str) {
        let mut kept = self.lock();
        if kept.claims.get(key).is_some_and(|(_, taken)| taken == token) {
            kept.claims.remove(key);
        }
    }

    /// Adds to a set: how many members it has then.
    pub fn add_member(&self, set: &str, member: &str) -> u64 {
        let now = Instant::now();
        let mut kept = self.lock();
        if kept.sets.len() >= MANY || kept.sets.get(set).is_some_and(|(until, _)| *until <= now) {
            kept.sets.retain(|_, (until, _)| *until > now);
        }
        let (until, members) = kept.sets.entry(set.into()).or_insert_with(|| (now, BTreeSet::new()));
        *until = now + lifetime(set);
        if !members.contains(member) {
            members.insert(member.into());
        }
        members.len() as u64
    }

    /// How many members a set has.
    pub fn count_members(&self, set: &str) -> u64 {
        let now = Instant::now();
        self.lock().sets.get(set).filter(|(until, _)| *until > now).map_or(0, |(_, members)| members.len() as u64)
    }

    /// Forgets claims and sets.
    pub fn remove(&self, keys: &[String]) {
        let mut kept = self.lock();
        for key in keys {
            kept.claims.remove(key);
            kept.sets.remove(key);
        }
    }

    /// All sets and their members.
    pub fn sets(&self) -> Vec<(String, Vec<String>)> {
        let sets = &self.lock().sets;
        sets.iter().map(|(set, (_, members))| (set.clone(), members.iter().cloned().collect())).collect()
    }

    /// Lets go of members that are kept elsewhere by now.
    pub fn remove_members(&self, set: &str, gone: &[&str]) {
        let mut kept = self.lock();
        if let Some((_, members)) = kept.sets.get_mut(set) {
            members.retain(|member| !gone.contains(&member.as_str()));
            if members.is_empty() {
                kept.sets.remove(set);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

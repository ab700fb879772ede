//! The cache: copies in memory over Redis or SQLite. Nothing fails; what is lost is made again.

mod aside;
mod flight;
mod layer;
mod local;
mod memory;
pub(crate) mod redis;
mod sqlite;
mod statistics;

use std::{sync::Arc, time::Duration};

use astlas_conventions::is_named_by_content;
use bytes::Bytes;
use uuid::Uuid;

use crate::{CacheSettings, Health, OpenError};
use flight::{Entered, Flight};
use layer::Layer;
use local::Local;
use memory::Memory;
use redis::Lock;
use statistics::{Answer, Answers, Counters};

pub(crate) use layer::address;
pub use statistics::{Counted, LayerStatistics};

/// How often is looked for a value that another instance makes, should it not tell: the first time, and at most.
const LOOK: Duration = Duration::from_millis(10);
const LONGEST_LOOK: Duration = Duration::from_millis(250);

/// The cache. Clones are the same cache.
#[derive(Clone)]
pub struct Cache(Arc<Shared>);

struct Shared {
    local: Arc<Local>,
    below: Layer,
    copies: Counters,
    kept: Counters,
}

/// What somebody finds who would make a value that is not there.
pub enum Found {
    /// It is there.
    Value(Bytes),
    /// It is the caller's to make and put.
    Claim(Claim),
}

/// Says that its owner makes a value. Putting the value fulfils it; when it is dropped before, the next one's turn has
/// come.
pub struct Claim {
    key: String,
    flight: Arc<Flight>,
    shared: Arc<Shared>,
}

impl Cache {
    /// Opens the cache. A Redis need not be there yet.
    pub async fn open(settings: &CacheSettings, embedded: astlas_cache::Settings) -> Result<Self, OpenError> {
        let local = Arc::new(Local { memory: Memory::new(settings.memory), flights: Default::default() });
        let below = Layer::open(settings, embedded, local.clone()).await?;
        Ok(Self(Arc::new(Shared { local, below, copies: Counters::default(), kept: Counters::default() })))
    }

    /// The values of these keys, in order.
    pub async fn get(&self, keys: &[String]) -> Vec<Option<Bytes>> {
        let shared = &self.0;
        // Before the layer below is asked: what is forgotten from now on is not copied.
        let since = shared.local.memory.moment();
        let (mut answers, mut prolonged, mut missing) = (Answers::default(), vec![], vec![]);
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            // Of other values there are no copies, so that memory does not miss any.
            let hit = if is_named_by_content(key) { shared.local.memory.get(key) } else { None };
            match &hit {
                Some(hit) if hit.prolong => prolonged.push((key.clone(), hit.value.clone())),
                Some(_) => {}
                None => missing.push(key.clone()),
            }
            if is_named_by_content(key) {
                answers.add(key, if hit.is_some() { Answer::Hit } else { Answer::Miss });
            }
            values.push(hit.map(|hit| hit.value));
        }
        shared.copies.add(answers);
        if !prolonged.is_empty() {
            self.aside(|shared| async move { shared.below.prolong(prolonged).await });
        }
        if missing.is_empty() {
            return values;
        }
        let found = shared.below.get(&missing).await;
        let (mut answers, answered, mut touched) = (Answers::default(), found.is_ok(), vec![]);
        let found = found.unwrap_or_else(|()| vec![None; missing.len()]);
        let places = values.iter_mut().filter(|value| value.is_none());
        for ((place, key), value) in places.zip(&missing).zip(found) {
            answers.add(
                key,
                match value {
                    Some(_) => Answer::Hit,
                    None if answered => Answer::Miss,
                    None => Answer::Error,
                },
            );
            if let Some(value) = &value {
                shared.local.memory.fill(key, value, since, shared.below.is_fresh(key));
                if shared.below.is_touched(key) {
                    touched.push(key.clone());
                }
            }
            *place = value;
        }
        shared.kept.add(answers);
        if !touched.is_empty() {
            self.aside(|shared| async move { shared.below.touch(touched).await });
        }
        values
    }

    /// Does something that nobody waits for.
    fn aside<F: Future<Output = ()> + Send + 'static>(&self, work: impl FnOnce(Arc<Shared>) -> F) {
        tokio::spawn(work(self.0.clone()));
    }

    /// The value of one key.
    async fn get_one(&self, key: &str) -> Option<Bytes> {
        self.get(&[key.to_string()]).await.pop().flatten()
    }

    /// Keeps these values, in place of older ones. Whoever waits for one of them has it.
    pub async fn put(&self, entries: Vec<(String, Bytes)>) {
        let shared = &self.0;
        let mut locks = vec![];
        for (key, value) in &entries {
            shared.local.memory.put(key, value);
            if let Some(lock) = shared.local.flights.fulfil(key, value) {
                locks.push((key.clone(), lock));
            }
        }
        let mut answers = Answers::default();
        let keys: Vec<_> = entries.iter().map(|(key, _)| key.clone()).collect();
        if !shared.below.put(entries).await {
            keys.iter().for_each(|key| answers.add(key, Answer::Error));
            shared.kept.add(answers);
        }
        // After the values: who takes a lock next finds them.
        shared.below.unlock(locks).await;
    }

    /// Forgets these keys, claims and sets among them, in every instance.
    pub async fn remove(&self, keys: &[String]) {
        let local = &self.0.local;
        local.memory.forget(keys);
        for key in keys {
            // What its lock is opened with is not needed: the lock goes as well.
            let _ = local.flights.forget(key);
        }
        self.0.below.remove(keys).await;
        // Once more: something may have been copied before it was forgotten below.
        local.memory.forget(keys);
    }

    /// The value of a key or, where there is none, the claim to make it within so long. While somebody has that, others
    /// wait, in other instances as well.
    pub async fn get_or_claim(&self, key: &str, time: Duration) -> Found {
        loop {
            if let Some(value) = self.get_one(key).await {
                return Found::Value(value);
            }
            match self.0.local.flights.enter(key) {
                Entered::Next(flight) => {
                    if let Some(value) = flight.wait().await {
                        return Found::Value(value);
                    }
                }
                Entered::First(flight) => {
                    // From here on: whoever asks may be gone at any moment, and others wait.
                    let claim = Claim { key: key.into(), flight, shared: self.0.clone() };
                    return match self.seek(&claim, time).await {
                        Some(value) => {
                            let lock = self.0.local.flights.fulfil(key, &value);
                            self.0.below.unlock(lock.map(|lock| (key.into(), lock)).into_iter().collect()).await;
                            Found::Value(value)
                        }
                        None => Found::Claim(claim),
                    };
                }
            }
        }
    }

    /// Looks for a value until it is there, or the caller's to make.
    async fn seek(&self, claim: &Claim, time: Duration) -> Option<Bytes> {
        let (key, token) = (&claim.key, Uuid::new_v4().simple().to_string());
        claim.flight.hold(token.clone());
        let mut look = LOOK;
        while let Lock::Busy = self.0.below.lock(key, &token, time).await {
            claim.flight.listen(look).await;
            look = (look * 2).min(LONGEST_LOOK);
            if let Some(value) = self.get_one(key).await {
                return Some(value);
            }
        }
        claim.flight.begin(time);
        // Whoever had the lock may have put the value since it was last looked for.
        self.get_one(key).await
    }

    /// Gives up a claim: the next one's turn has come.
    pub async fn release(&self, claim: Claim) {
        if let Some(lock) = claim.end() {
            self.0.below.unlock(vec![(claim.key.clone(), lock)]).await;
        }
    }

    /// Takes a key for a while, unless somebody has.
    pub async fn claim(&self, key: &str, time: Duration) -> bool {
        self.take(key, time).await.is_some()
    }

    /// The same: what it can be given back with.
    pub async fn take(&self, key: &str, time: Duration) -> Option<String> {
        let token = Uuid::new_v4().simple().to_string();
        self.0.below.claim(key, &token, time).await.then_some(token)
    }

    /// Gives keys back that were taken, with what each was taken with. Who was too slow gives nothing back that is
    /// somebody else's by now.
    pub async fn give_back(&self, taken: &[(String, String)]) {
        self.0.below.give_back(taken).await;
    }

    /// Adds to a set: how many members it has then.
    pub async fn add_member(&self, set: &str, member: &str) -> u64 {
        self.0.below.add_member(set, member).await
    }

    /// How many members a set has.
    pub async fn count_members(&self, set: &str) -> u64 {
        self.0.below.count_members(set).await
    }

    /// What each layer has, and how often it had what was asked for: memory first. The layer below looks at all it has.
    pub async fn statistics(&self) -> Vec<LayerStatistics> {
        let [memory, asked] = self.asked();
        let mut below = self.0.below.statistics().await;
        for (kind, asked) in asked.kinds {
            let counted = below.kinds.entry(kind).or_default();
            (counted.hits, counted.misses, counted.errors) = (asked.hits, asked.misses, asked.errors);
        }
        vec![memory, below]
    }

    /// The same, at once: what memory has, and what was asked of the layer below.
    pub fn asked(&self) -> [LayerStatistics; 2] {
        let mut memory = LayerStatistics { name: "memory", kinds: self.0.copies.read(), ..LayerStatistics::default() };
        let (mut all_entries, mut all_bytes) = (0, 0);
        for (kind, (entries, bytes)) in self.0.local.memory.counts() {
            let counted = memory.kinds.entry(kind).or_default();
            (counted.entries, counted.bytes) = (Some(entries), Some(bytes));
            (all_entries, all_bytes) = (all_entries + entries, all_bytes + bytes);
        }
        (memory.entries, memory.bytes) = (Some(all_entries), Some(all_bytes));
        let (name, kinds) = (self.0.below.name(), self.0.kept.read());
        [memory, LayerStatistics { name, kinds, ..LayerStatistics::default() }]
    }

    /// How the layer below memory is doing.
    pub async fn check(&self) -> Health {
        self.0.below.check().await
    }
}

impl Claim {
    /// The key whose value is to be made.
    pub fn key(&self) -> &str {
        &self.key
    }

    fn end(&self) -> Option<String> {
        self.shared.local.flights.end(&self.key, &self.flight)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if let Some(lock) = self.end()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (shared, key) = (self.shared.clone(), std::mem::take(&mut self.key));
            // Without a runtime, the lock expires by itself.
            runtime.spawn(async move { shared.below.unlock(vec![(key, lock)]).await });
        }
    }
}

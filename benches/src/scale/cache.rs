//! Where a value is found: open in an instance, in its memory, in Redis, or in none of them. Beside the Redis that there
//! is, others of other sizes are asked and told the same, to see what they would have had.

use super::{
    agenda::{DAY, HOUR, Time, time},
    inputs::Inputs,
    lru::{Lru, key},
};

/// How many times as large as the Redis that there is the others are.
pub const OTHERS: [f64; 2] = [1.0 / 8.0, 8.0];

const MIB: f64 = (1u64 << 20) as f64;

/// A value: of a commit everything that is needed to go on from it, or an answer about it.
#[derive(Clone, Copy, Debug)]
pub struct Value {
    key: u64,
    bytes: f64,
    is_answer: bool,
}

impl Value {
    pub fn state(repository: usize, commit: u32, bytes: f64) -> Self {
        Self { key: key(&[repository as u64, u64::from(commit)]), bytes, is_answer: false }
    }

    pub fn answer(repository: usize, commit: u32, kind: usize, item: usize, bytes: f64) -> Self {
        let key = key(&[repository as u64, u64::from(commit), kind as u64, item as u64]);
        Self { key, bytes, is_answer: true }
    }

    pub fn bytes(&self) -> f64 {
        self.bytes
    }

    fn life(&self) -> Time {
        if self.is_answer { HOUR } else { DAY }
    }
}

/// Questions for values of a kind, and how many were found.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found {
    pub asked: u64,
    pub found: u64,
}

impl Found {
    pub fn part(&self) -> f64 {
        if self.asked == 0 { 0.0 } else { self.found as f64 / self.asked as f64 }
    }
}

/// A Redis.
pub struct Redis {
    lru: Lru,
    pub states: Found,
    pub answers: Found,
}

impl Redis {
    fn new(bytes: f64) -> Self {
        Self { lru: Lru::new(bytes), states: Found::default(), answers: Found::default() }
    }

    fn fetch(&mut self, value: Value, now: Time, counts: bool) -> bool {
        let found = self.lru.get(value.key, now);
        if !found {
            self.lru.put(value.key, value.bytes, value.life(), now);
        }
        let counter = if value.is_answer { &mut self.answers } else { &mut self.states };
        if counts {
            counter.asked += 1;
            counter.found += u64::from(found);
        }
        found
    }

    pub fn room(&self) -> f64 {
        self.lru.room()
    }

    pub fn peak(&self) -> f64 {
        self.lru.peak()
    }
}

/// The Redis of all instances, and the others.
pub struct Shared {
    pub redis: Redis,
    pub others: Vec<Redis>,
}

impl Shared {
    pub fn new(bytes: f64, with_others: bool) -> Self {
        let others = OTHERS.iter().filter(|_| with_others).map(|factor| Redis::new(bytes * factor)).collect();
        Self { redis: Redis::new(bytes), others }
    }

    /// Whether a value is there. Where it is not, whoever asks makes it and puts it there.
    pub fn fetch(&mut self, value: Value, now: Time, counts: bool) -> bool {
        for other in &mut self.others {
            other.fetch(value, now, counts);
        }
        self.redis.fetch(value, now, counts)
    }

    pub fn put(&mut self, value: Value, now: Time) {
        for redis in self.others.iter_mut().chain([&mut self.redis]) {
            redis.lru.put(value.key, value.bytes, value.life(), now);
        }
    }
}

/// Where something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Open,
    Memory,
    Redis,
    Nowhere,
}

/// What an instance has by itself.
pub struct Local {
    memory: Lru,
    open: Lru,
    open_for: Time,
}

impl Local {
    pub fn new(inputs: &Inputs) -> Self {
        let [memory, open] = [inputs.memory_mib, inputs.open_mib].map(|mib| Lru::new(mib * MIB));
        Self { memory, open, open_for: time(inputs.open_for) }
    }

    /// Where a value is found; it is in memory afterwards, and in Redis.
    pub fn fetch(&mut self, value: Value, shared: &mut Shared, now: Time, counts: bool) -> Place {
        if self.memory.get(value.key, now) {
            return Place::Memory;
        }
        self.memory.put(value.key, value.bytes, value.life(), now);
        if shared.fetch(value, now, counts) { Place::Redis } else { Place::Nowhere }
    }

    /// Where the state of a commit is found; it is open afterwards, and an instance of so many bytes.
    pub fn open(&mut self, state: Value, bytes: f64, shared: &mut Shared, now: Time, counts: bool) -> Place {
        let is_open = self.open.get(state.key, now);
        self.open.put(state.key, bytes, self.open_for, now);
        if is_open { Place::Open } else { self.fetch(state, shared, now, counts) }
    }

    /// Keeps what was made.
    pub fn put(&mut self, value: Value, shared: &mut Shared, now: Time) {
        self.memory.put(value.key, value.bytes, value.life(), now);
        shared.put(value, now);
    }
}

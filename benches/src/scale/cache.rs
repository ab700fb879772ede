//! Where a value is found: open in an instance, in its memory, in Redis, or in none of them. Beside the Redis that there
//! is, others of other sizes are asked and told the same, to see what they would have had.

use std::array::from_fn;

use super::{
    agenda::{DAY, HOUR, Time, time},
    inputs::Inputs,
    lru::{Lru, key},
};

/// How many times as large as the Redis that there is each is that is asked.
const SIZES: [f64; 3] = [1.0 / 8.0, 1.0, 8.0];
/// The one that there is.
const OWN: usize = 1;

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

/// What a Redis would have had.
#[derive(Clone, Copy, Debug)]
pub struct Redis {
    pub room: f64,
    /// Most bytes that it has held.
    pub peak: f64,
    pub states: Found,
    pub answers: Found,
}

/// The Redis of all instances, and the others.
pub struct Shared {
    lru: Lru<3>,
    states: [Found; 3],
    answers: [Found; 3],
}

impl Shared {
    /// With room for so many bytes.
    pub fn new(bytes: f64) -> Self {
        Self { lru: Lru::new(SIZES.map(|size| size * bytes)), states: Default::default(), answers: Default::default() }
    }

    /// Whether a value is there. Where it is not, whoever asks makes it and puts it there.
    pub fn fetch(&mut self, value: Value, now: Time, counts: bool) -> bool {
        let found = self.lru.fetch(value.key, value.bytes, value.life(), now);
        let counters = if value.is_answer { &mut self.answers } else { &mut self.states };
        for (counter, found) in counters.iter_mut().zip(found).filter(|_| counts) {
            counter.asked += 1;
            counter.found += u64::from(found);
        }
        found[OWN]
    }

    pub fn put(&mut self, value: Value, now: Time) {
        self.lru.put(value.key, value.bytes, value.life(), now);
    }

    /// The one that there is.
    pub fn redis(&self) -> Redis {
        self.sizes()[OWN]
    }

    /// That one among the others, the smallest first.
    pub fn sizes(&self) -> [Redis; 3] {
        let (rooms, peaks) = (self.lru.rooms(), self.lru.peaks());
        from_fn(|at| Redis { room: rooms[at], peak: peaks[at], states: self.states[at], answers: self.answers[at] })
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
    memory: Lru<1>,
    open: Lru<1>,
    open_for: Time,
}

impl Local {
    pub fn new(inputs: &Inputs) -> Self {
        let [memory, open] = [inputs.memory_mib, inputs.open_mib].map(|mib| Lru::new([mib * MIB]));
        Self { memory, open, open_for: time(inputs.open_for) }
    }

    /// Where a value is found; it is in memory afterwards, and in Redis.
    pub fn fetch(&mut self, value: Value, shared: &mut Shared, now: Time, counts: bool) -> Place {
        if self.memory.fetch(value.key, value.bytes, value.life(), now) == [true] {
            return Place::Memory;
        }
        if shared.fetch(value, now, counts) { Place::Redis } else { Place::Nowhere }
    }

    /// Where the state of a commit is found; it is open afterwards, and an instance of so many bytes.
    pub fn open(&mut self, state: Value, bytes: f64, shared: &mut Shared, now: Time, counts: bool) -> Place {
        let is_open = self.open.get(state.key, now) == [true];
        self.open.put(state.key, bytes, self.open_for, now);
        if is_open { Place::Open } else { self.fetch(state, shared, now, counts) }
    }

    /// Keeps what was made.
    pub fn put(&mut self, value: Value, shared: &mut Shared, now: Time) {
        self.memory.put(value.key, value.bytes, value.life(), now);
        shared.put(value, now);
    }
}

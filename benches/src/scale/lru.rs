//! A cache that is bounded in bytes: what was not used for longest goes first, and what is older than its life.

use std::{
    collections::{HashMap, VecDeque},
    hash::{BuildHasherDefault, Hasher},
};

use super::{agenda::Time, random::mix};

/// No entry.
const NONE: u32 = u32::MAX;

/// Keys are hashes already.
#[derive(Default)]
struct Same(u64);

impl Hasher for Same {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

struct Entry {
    key: u64,
    bytes: f32,
    expires: Time,
    older: u32,
    newer: u32,
}

/// The cache. Of values only their size is kept.
pub struct Lru {
    room: f64,
    bytes: f64,
    peak: f64,
    places: HashMap<u64, u32, BuildHasherDefault<Same>>,
    entries: Vec<Entry>,
    free: Vec<u32>,
    oldest: u32,
    newest: u32,
    /// When entries end, for each length of life in order: some of them were prolonged, or are gone.
    ends: Vec<(Time, VecDeque<(Time, u64)>)>,
}

/// A key of parts.
pub fn key(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, part| mix(hash ^ mix(*part)))
}

impl Lru {
    /// With room for so many bytes.
    pub fn new(room: f64) -> Self {
        Self {
            room,
            bytes: 0.0,
            peak: 0.0,
            places: HashMap::default(),
            entries: vec![],
            free: vec![],
            oldest: NONE,
            newest: NONE,
            ends: vec![],
        }
    }

    /// Whether it is there; it counts as used.
    pub fn get(&mut self, key: u64, now: Time) -> bool {
        self.expire(now);
        let Some(&place) = self.places.get(&key) else { return false };
        self.unlink(place);
        self.link(place);
        true
    }

    /// Keeps a value for a time.
    pub fn put(&mut self, key: u64, bytes: f64, life: Time, now: Time) {
        self.expire(now);
        self.remove(key);
        if bytes > self.room {
            return;
        }
        while self.bytes + bytes > self.room && self.oldest != NONE {
            self.remove(self.entries[self.oldest as usize].key);
        }
        let entry = Entry { key, bytes: bytes as f32, expires: now + life, older: NONE, newer: NONE };
        let place = match self.free.pop() {
            Some(place) => {
                self.entries[place as usize] = entry;
                place
            }
            None => {
                self.entries.push(entry);
                (self.entries.len() - 1) as u32
            }
        };
        self.bytes += f64::from(bytes as f32);
        self.peak = self.peak.max(self.bytes);
        self.places.insert(key, place);
        self.link(place);
        match self.ends.iter_mut().find(|(other, _)| *other == life) {
            Some((_, ends)) => ends.push_back((now + life, key)),
            None => self.ends.push((life, VecDeque::from([(now + life, key)]))),
        }
    }

    #[cfg(test)]
    pub fn bytes(&self) -> f64 {
        self.bytes
    }

    /// Most bytes that it has held.
    pub fn peak(&self) -> f64 {
        self.peak
    }

    pub fn room(&self) -> f64 {
        self.room
    }

    fn expire(&mut self, now: Time) {
        for at in 0..self.ends.len() {
            while let Some(&(end, key)) = self.ends[at].1.front()
                && end <= now
            {
                self.ends[at].1.pop_front();
                let ended = |place: &u32| self.entries[*place as usize].expires <= now;
                if self.places.get(&key).is_some_and(ended) {
                    self.remove(key);
                }
            }
        }
    }

    fn remove(&mut self, key: u64) {
        if let Some(place) = self.places.remove(&key) {
            self.unlink(place);
            self.bytes -= f64::from(self.entries[place as usize].bytes);
            self.free.push(place);
        }
    }

    fn unlink(&mut self, place: u32) {
        let Entry { older, newer, .. } = self.entries[place as usize];
        match older {
            NONE => self.oldest = newer,
            _ => self.entries[older as usize].newer = newer,
        }
        match newer {
            NONE => self.newest = older,
            _ => self.entries[newer as usize].older = older,
        }
    }

    fn link(&mut self, place: u32) {
        let older = std::mem::replace(&mut self.newest, place);
        (self.entries[place as usize].older, self.entries[place as usize].newer) = (older, NONE);
        match older {
            NONE => self.oldest = place,
            _ => self.entries[older as usize].newer = place,
        }
    }
}

//! Caches that are told the same, each bounded in bytes: what was not used for longest goes first, and what is older than
//! its life. They share one table of what is in any of them, for it is looking things up that takes the time.

use std::{
    array::from_fn,
    collections::{HashMap, VecDeque},
    hash::{BuildHasherDefault, Hasher},
};

use super::{agenda::Time, random::mix};

/// No entry.
const NONE: u32 = u32::MAX;
/// When an entry ends in a cache that does not have it.
const ABSENT: Time = 0;

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

/// What is in one of the caches, or in several. For three of them it fills a line of the processor's cache.
struct Entry<const N: usize> {
    key: u64,
    bytes: f32,
    links: [Link; N],
}

/// An entry in one cache.
#[derive(Clone, Copy)]
struct Link {
    expires: Time,
    older: u32,
    newer: u32,
}

/// One cache.
#[derive(Clone, Copy)]
struct Cache {
    room: f64,
    bytes: f64,
    peak: f64,
    oldest: u32,
    newest: u32,
}

/// The caches. Of values only their size is kept.
pub struct Lru<const N: usize> {
    caches: [Cache; N],
    places: HashMap<u64, u32, BuildHasherDefault<Same>>,
    entries: Vec<Entry<N>>,
    free: Vec<u32>,
    /// When entries end, for each length of life in order: some of them were prolonged, or are gone.
    ends: Vec<(Time, VecDeque<(Time, u32)>)>,
}

/// A key of parts.
pub fn key(parts: &[u64]) -> u64 {
    parts.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, part| mix(hash ^ mix(*part)))
}

impl<const N: usize> Lru<N> {
    /// With room for so many bytes in each.
    pub fn new(rooms: [f64; N]) -> Self {
        Self {
            caches: rooms.map(|room| Cache { room, bytes: 0.0, peak: 0.0, oldest: NONE, newest: NONE }),
            places: HashMap::default(),
            entries: vec![],
            free: vec![],
            ends: vec![],
        }
    }

    /// Which of them have it; it counts as used.
    pub fn get(&mut self, key: u64, now: Time) -> [bool; N] {
        self.expire(now);
        match self.places.get(&key) {
            Some(&place) => self.touch(place),
            None => [false; N],
        }
    }

    /// Which of them have it; the others keep it for a time from now on.
    pub fn fetch(&mut self, key: u64, bytes: f64, life: Time, now: Time) -> [bool; N] {
        self.expire(now);
        let place = self.place(key, bytes);
        let found = self.touch(place);
        if found != [true; N] {
            self.enter(place, life, now);
        }
        found
    }

    /// Has all of them keep a value for a time.
    pub fn put(&mut self, key: u64, bytes: f64, life: Time, now: Time) {
        self.expire(now);
        let place = self.place(key, bytes);
        (0..N).for_each(|cache| self.leave(place, cache));
        self.entries[place as usize].bytes = bytes as f32;
        self.enter(place, life, now);
    }

    #[cfg(test)]
    pub fn bytes(&self) -> [f64; N] {
        self.caches.map(|cache| cache.bytes)
    }

    /// Most bytes that each has held.
    pub fn peaks(&self) -> [f64; N] {
        self.caches.map(|cache| cache.peak)
    }

    pub fn rooms(&self) -> [f64; N] {
        self.caches.map(|cache| cache.room)
    }

    /// The place of a key; a new one is in no cache yet.
    fn place(&mut self, key: u64, bytes: f64) -> u32 {
        *self.places.entry(key).or_insert_with(|| {
            let absent = Link { expires: ABSENT, older: NONE, newer: NONE };
            let entry = Entry { key, bytes: bytes as f32, links: [absent; N] };
            match self.free.pop() {
                Some(place) => {
                    self.entries[place as usize] = entry;
                    place
                }
                None => {
                    self.entries.push(entry);
                    (self.entries.len() - 1) as u32
                }
            }
        })
    }

    fn has(&self, place: u32, cache: usize) -> bool {
        self.entries[place as usize].links[cache].expires != ABSENT
    }

    fn touch(&mut self, place: u32) -> [bool; N] {
        from_fn(|cache| {
            let is_there = self.has(place, cache);
            if is_there {
                self.unlink(place, cache);
                self.link(place, cache);
            }
            is_there
        })
    }

    /// Puts an entry into all caches that do not have it and where there is room for it.
    fn enter(&mut self, place: u32, life: Time, now: Time) {
        let bytes = f64::from(self.entries[place as usize].bytes);
        for cache in 0..N {
            if self.has(place, cache) || bytes > self.caches[cache].room {
                continue;
            }
            while self.caches[cache].bytes + bytes > self.caches[cache].room && self.caches[cache].oldest != NONE {
                let oldest = self.caches[cache].oldest;
                self.leave(oldest, cache);
                self.settle(oldest);
            }
            let Cache { bytes: sum, peak, .. } = &mut self.caches[cache];
            *sum += bytes;
            *peak = peak.max(*sum);
            self.entries[place as usize].links[cache].expires = now + life;
            self.link(place, cache);
        }
        match self.ends.iter_mut().find(|(other, _)| *other == life) {
            Some((_, ends)) => ends.push_back((now + life, place)),
            None => self.ends.push((life, VecDeque::from([(now + life, place)]))),
        }
        self.settle(place);
    }

    fn expire(&mut self, now: Time) {
        for at in 0..self.ends.len() {
            while let Some(&(end, place)) = self.ends[at].1.front()
                && end <= now
            {
                self.ends[at].1.pop_front();
                let links = self.entries[place as usize].links;
                if links.iter().all(|link| link.expires == ABSENT || link.expires > now) {
                    continue;
                }
                (0..N).filter(|cache| links[*cache].expires <= now).for_each(|cache| self.leave(place, cache));
                self.settle(place);
            }
        }
    }

    /// Takes an entry out of a cache, if that has it.
    fn leave(&mut self, place: u32, cache: usize) {
        if self.has(place, cache) {
            self.unlink(place, cache);
            let entry = &mut self.entries[place as usize];
            entry.links[cache].expires = ABSENT;
            self.caches[cache].bytes -= f64::from(entry.bytes);
        }
    }

    /// Forgets an entry that no cache has any more.
    fn settle(&mut self, place: u32) {
        let Entry { key, links, .. } = &self.entries[place as usize];
        if links.iter().all(|link| link.expires == ABSENT) {
            self.places.remove(key);
            self.free.push(place);
        }
    }

    fn unlink(&mut self, place: u32, cache: usize) {
        let Link { older, newer, .. } = self.entries[place as usize].links[cache];
        match older {
            NONE => self.caches[cache].oldest = newer,
            _ => self.entries[older as usize].links[cache].newer = newer,
        }
        match newer {
            NONE => self.caches[cache].newest = older,
            _ => self.entries[newer as usize].links[cache].older = older,
        }
    }

    fn link(&mut self, place: u32, cache: usize) {
        let older = std::mem::replace(&mut self.caches[cache].newest, place);
        let link = &mut self.entries[place as usize].links[cache];
        (link.older, link.newer) = (older, NONE);
        match older {
            NONE => self.caches[cache].oldest = place,
            _ => self.entries[older as usize].links[cache].newer = place,
        }
    }
}

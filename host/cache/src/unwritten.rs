//! What could not be written, kept in memory: a process finds again what it put itself, whatever becomes of the file.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::clock;
use crate::write::Entry;

/// Entries that the file does not hold, or holds in an older version.
#[derive(Debug, Default)]
pub(crate) struct Unwritten(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    values: BTreeMap<String, Value>,
    bytes: u64,
}

#[derive(Debug)]
struct Value {
    bytes: Vec<u8>,
    written: i64,
    ttl: i64,
}

impl Unwritten {
    /// Keeps these entries, as far as all that is kept stays within `limit_bytes`.
    pub(crate) fn keep(&self, entries: &[Entry<'_>], limit_bytes: u64, now: i64) {
        let mut kept = self.kept();
        for entry in entries {
            kept.remove(entry.key);
            let size = entry.value.len() as u64;
            if kept.bytes.saturating_add(size) <= limit_bytes {
                kept.bytes += size;
                let value = Value { bytes: entry.value.to_vec(), written: now, ttl: clock::lifetime(entry.ttl) };
                kept.values.insert(entry.key.to_owned(), value);
            }
        }
    }

    /// Lets go of these entries: the file has them now.
    pub(crate) fn forget(&self, entries: &[Entry<'_>]) {
        let mut kept = self.kept();
        if !kept.values.is_empty() {
            entries.iter().for_each(|entry| kept.remove(entry.key));
        }
    }

    /// Lets go of the entries of these keys.
    pub(crate) fn remove<K: AsRef<str>>(&self, keys: &[K]) {
        let mut kept = self.kept();
        keys.iter().for_each(|key| kept.remove(key.as_ref()));
    }

    /// Lets go of all entries.
    pub(crate) fn clear(&self) {
        *self.kept() = Kept::default();
    }

    /// Puts what is kept of `keys` in the place of what the file has.
    pub(crate) fn fill(&self, keys: &[&str], values: &mut [Option<Vec<u8>>], now: i64) {
        let kept = self.kept();
        for (key, found) in keys.iter().zip(values).filter(|_| !kept.values.is_empty()) {
            if let Some(value) = kept.values.get(*key) {
                *found = (!clock::is_over(value.written, value.ttl, now)).then(|| value.bytes.clone());
            }
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn remove(&mut self, key: &str) {
        if let Some(value) = self.values.remove(key) {
            self.bytes -= value.bytes.len() as u64;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn entry<'a>(key: &'a str, value: &'a [u8]) -> Entry<'a> {
        Entry { key, value, ttl: None }
    }

    fn get(unwritten: &Unwritten, key: &str, now: i64) -> Option<Vec<u8>> {
        let mut found = [Some(b"file".to_vec())];
        unwritten.fill(&[key], &mut found, now);
        let [found] = found;
        found
    }

    #[test]
    fn the_newest_value_counts_until_the_file_has_it() {
        let unwritten = Unwritten::default();
        assert_eq!(get(&unwritten, "k", 0), Some(b"file".to_vec()));
        unwritten.keep(&[entry("k", b"one"), entry("k", b"two")], 100, 0);
        assert_eq!(get(&unwritten, "k", 0), Some(b"two".to_vec()));
        unwritten.forget(&[entry("k", b"two")]);
        assert_eq!(get(&unwritten, "k", 0), Some(b"file".to_vec()));
        assert_eq!(unwritten.kept().bytes, 0);
    }

    #[test]
    fn it_is_bounded_and_values_end_with_their_lifetime() {
        let unwritten = Unwritten::default();
        unwritten.keep(&[entry("a", &[1; 60]), entry("b", &[2; 60]), entry("c", &[3; 40])], 100, 0);
        let kept: Vec<_> = unwritten.kept().values.keys().cloned().collect();
        assert_eq!(kept, ["a", "c"]);
        unwritten.clear();
        let ttl = Some(Duration::from_millis(5));
        unwritten.keep(&[Entry { ttl, ..entry("d", b"x") }], 100, 0);
        assert_eq!((get(&unwritten, "d", 4), get(&unwritten, "d", 5)), (Some(b"x".to_vec()), None));
    }
}

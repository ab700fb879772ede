//! The cache as its callers see it: every call does what it can, and what went wrong is a warning.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::clock;
use crate::components;
use crate::connection::Access;
use crate::evict;
use crate::fault::{self, Fault};
use crate::opening::open_store;
use crate::pause::Pause;
use crate::place::{FileId, Place};
use crate::read::{self, Reading};
use crate::settings::Settings;
use crate::stats::{self, Mode, Stats};
use crate::store::Store;
use crate::unwritten::Unwritten;
use crate::warning::{Report, Warning};
use crate::write::{self, Entry};

/// How often a file that turns out damaged in use is replaced. One accident is bad luck, three are a bad disk.
const REPLACEMENTS: u32 = 2;

/// Bytes under string keys in one SQLite file. To be shared by threads as it is; any number of processes may have the
/// same file open.
#[derive(Debug)]
pub struct Cache {
    settings: Settings,
    place: Place,
    report: Report,
    /// `None` when nothing can be remembered.
    store: RwLock<Option<Arc<Store>>>,
    replacements: AtomicU32,
    reads_rest: Pause,
    writes_rest: Pause,
    unwritten: Unwritten,
}

impl Cache {
    /// Opens the cache in `settings.directory` and makes it where there is none. Whatever is found there, this ends in
    /// a cache: a file that is damaged or not ours is put aside, and where nothing can be kept nothing is beyond this
    /// process.
    pub fn open(settings: Settings) -> Self {
        let place = Place::new(&settings.directory);
        let report = Report::default();
        let store = open_store(&place, settings.busy_timeout, None, &report).map(Arc::new);
        if store.as_ref().is_some_and(|store| store.access == Access::Full) {
            components::remove_old(&settings.components(), (settings.clock)());
        }
        Self {
            settings,
            place,
            report,
            store: RwLock::new(store),
            replacements: AtomicU32::new(0),
            reads_rest: Pause::default(),
            writes_rest: Pause::default(),
            unwritten: Unwritten::default(),
        }
    }

    /// The values of `keys`, in their order; `None` for what is not there or is over. The bytes are those of the file:
    /// whether they are sound is for the caller to check.
    pub fn get<K: AsRef<str>>(&self, keys: &[K]) -> Vec<Option<Vec<u8>>> {
        let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
        let now = clock::now(self.settings.clock);
        let mut values = self.read(&keys, now);
        self.unwritten.fill(&keys, &mut values, now);
        values
    }

    /// The values that the file has.
    fn read(&self, keys: &[&str], now: i64) -> Vec<Option<Vec<u8>>> {
        let mut reading = Reading::nothing(keys.len());
        if keys.is_empty() || self.reads_rest.is_on() {
            return reading.values;
        }
        let Some(store) = self.store() else { return reading.values };
        if let Err(error) = store.with(|connection| read::read(connection, keys, now, &mut reading)) {
            self.handle(store, &error, &self.reads_rest);
            return reading.values;
        }
        if !reading.stale.is_empty() && self.may_write(&store) {
            let noted = store.without_waiting(|connection| read::note_use(connection, keys, &reading.stale, now));
            match noted {
                // Someone is writing: the use is noted the next time.
                Err(error) if Fault::of(&error) == Fault::Busy => {}
                Err(error) => drop(self.handle(store, &error, &self.writes_rest)),
                Ok(_) => {}
            }
        }
        reading.values
    }

    /// Keeps all entries in the file or, when that fails, in memory; then deletes from the file what was not used for
    /// longest, down to 80% of the limit, if the limit is passed. A value of more than half of the limit is left out.
    pub fn put(&self, entries: &[Entry<'_>]) {
        let limit_bytes = self.settings.limit_bytes;
        let largest = write::largest(limit_bytes);
        let fits = |entry: &&Entry<'_>| entry.value.len() as u64 <= largest;
        let kept: Vec<Entry<'_>> = entries.iter().filter(fits).copied().collect();
        if let Some(entry) = entries.iter().find(|entry| !fits(entry)) {
            self.report.add(Warning::TooLarge { bytes: entry.value.len() as u64, limit_bytes });
        }
        if kept.is_empty() {
            return;
        }
        let now = clock::now(self.settings.clock);
        let compiled = components::count(&self.settings.components()).bytes;
        let of_file = limit_bytes.saturating_sub(compiled).max(limit_bytes / 2);
        if self.change(|connection| write::write(connection, &kept, of_file, now)) {
            self.unwritten.forget(&kept);
        } else {
            self.unwritten.keep(&kept, limit_bytes, now);
        }
    }

    /// Forgets these keys; those that are not there do no harm.
    pub fn remove<K: AsRef<str>>(&self, keys: &[K]) {
        self.unwritten.remove(keys);
        if !keys.is_empty() {
            // What went wrong is a warning by now.
            let _ = self.change(|connection| write::remove(connection, keys));
        }
    }

    /// What can be done with the file at present.
    pub fn mode(&self) -> Mode {
        match self.store() {
            None => Mode::Off,
            Some(store) if store.access == Access::Full => Mode::ReadWrite,
            Some(_) => Mode::ReadOnly,
        }
    }

    /// What is in the cache, less what is in memory only. Nothing is, where it cannot be read.
    pub fn stats(&self) -> Stats {
        let mode = self.mode();
        let store = self.store();
        let counted = store.and_then(|store| match store.with(stats::count) {
            Ok(counted) => Some(counted),
            Err(error) => {
                self.handle(store, &error, &self.reads_rest);
                None
            }
        });
        let (mut bytes, mut kinds) = counted.unwrap_or_default();
        let compiled = components::count(&self.settings.components());
        if compiled.entries > 0 {
            bytes = bytes.saturating_add(compiled.bytes);
            kinds.push(compiled);
            kinds.sort_by(|a, b| a.name.cmp(&b.name));
        }
        Stats {
            path: self.place.file.clone(),
            mode,
            entries: kinds.iter().map(|kind| kind.entries).sum(),
            bytes,
            limit_bytes: self.settings.limit_bytes,
            kinds,
        }
    }

    /// Deletes all entries and the compiled components, and gives their room back to the disk. Tells whether that was
    /// done; if it was not for the entries, a warning says why. Other processes may stay; files put aside stay too.
    pub fn clear(&self) -> bool {
        self.unwritten.clear();
        let emptied = self.change(|connection| {
            let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
            transaction.execute("DELETE FROM entry", [])?;
            transaction.execute("DELETE FROM value", [])?;
            evict::return_to_disk(&transaction, 0)?;
            transaction.commit()?;
            // The file shrinks when the write-ahead file is emptied; if others are reading, the last of them does it.
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        });
        emptied && components::clear(&self.settings.components())
    }

    /// The warnings since this was last asked, in order. Each kind comes once in the life of a cache.
    pub fn take_warnings(&self) -> Vec<Warning> {
        self.report.take()
    }

    /// Runs a change; on a file that turns out damaged, once more on the one that replaces it.
    fn change(&self, action: impl Fn(&Connection) -> rusqlite::Result<()>) -> bool {
        for _ in 0..2 {
            let Some(store) = self.store() else { return false };
            if !self.may_write(&store) {
                return false;
            }
            match store.with_turn(&action) {
                Ok(()) => return true,
                Err(error) => {
                    if !self.handle(store, &error, &self.writes_rest) {
                        return false;
                    }
                }
            }
        }
        false
    }

    fn store(&self) -> Option<Arc<Store>> {
        self.store.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn may_write(&self, store: &Store) -> bool {
        store.access == Access::Full && !self.writes_rest.is_on()
    }

    /// Turns an error into a warning and into what follows from it. True if there is another file to try.
    fn handle(&self, store: Arc<Store>, error: &rusqlite::Error, rest: &Pause) -> bool {
        let file = self.place.file.clone();
        let warning = match Fault::of(error) {
            Fault::Damaged | Fault::Foreign => {
                let suspect = store.id;
                // Given up before waiting for the others: the file is replaced once nobody has it open.
                drop(store);
                return self.replace(suspect);
            }
            Fault::Busy => Warning::Locked { file, waited: self.settings.busy_timeout },
            Fault::Full => Warning::Full { file },
            // For now: a disk that was mounted to be read may be written again.
            Fault::ReadOnly => Warning::ReadOnly { file, cause: fault::cause(error) },
            Fault::NoAccess | Fault::Failing => Warning::Failing { file, cause: fault::cause(error) },
        };
        rest.begin(self.settings.busy_timeout);
        self.report.add(warning);
        false
    }

    /// Replaces a file that turned out damaged, unless another thread has done so already.
    fn replace(&self, suspect: Option<FileId>) -> bool {
        let mut current = self.store.write().unwrap_or_else(PoisonError::into_inner);
        match &*current {
            None => return false,
            Some(store) if store.id != suspect => return true,
            Some(_) => *current = None,
        }
        if self.replacements.fetch_add(1, Ordering::Relaxed) >= REPLACEMENTS {
            let cause = "it was damaged again and again".to_string();
            self.report.add(Warning::Unusable { path: self.place.file.clone(), cause });
            return false;
        }
        *current = open_store(&self.place, self.settings.busy_timeout, suspect, &self.report).map(Arc::new);
        current.is_some()
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_full_disk_is_told_once_and_costs_later_runs_new_values_only() {
        let directory = tempfile::tempdir().unwrap();
        let cache = Cache::open(Settings::new(directory.path()));
        cache.put(&[Entry { key: "old", value: b"1", ttl: None }]);
        // SQLite answers as it does when the disk has no room for another page.
        let cap = |connection: &Connection| {
            connection.pragma_update_and_check(None, "max_page_count", 20, |row| row.get::<_, i64>(0))
        };
        assert_eq!(cache.store().unwrap().with(cap).unwrap(), 20);
        for _ in 0..3 {
            cache.put(&[
                Entry { key: "new", value: b"2", ttl: None },
                Entry { key: "large", value: &[3; 200_000], ttl: None },
            ]);
        }
        assert_eq!(cache.get(&["old", "new"]), [Some(b"1".to_vec()), Some(b"2".to_vec())]);
        assert_eq!(
            Cache::open(Settings::new(directory.path())).get(&["old", "new", "large"]),
            [Some(b"1".to_vec()), None, None]
        );
        assert_eq!(cache.take_warnings(), [Warning::Full { file: cache.place.file.clone() }]);
        assert_eq!(cache.stats().entries, 1);
    }

    #[test]
    fn a_file_that_could_not_be_written_for_a_while_is_written_again() {
        let directory = tempfile::tempdir().unwrap();
        let busy_timeout = Duration::from_millis(20);
        let cache = Cache::open(Settings { busy_timeout, ..Settings::new(directory.path()) });
        // SQLite answers as it does on a disk that is mounted to be read.
        cache.store().unwrap().with(|connection| connection.pragma_update(None, "query_only", true)).unwrap();
        cache.put(&[Entry { key: "k", value: b"1", ttl: None }]);
        assert!(matches!(cache.take_warnings()[..], [Warning::ReadOnly { .. }]));
        assert_eq!((cache.get(&["k"]), cache.stats().entries), (vec![Some(b"1".to_vec())], 0));
        let is_written = |_| {
            std::thread::sleep(busy_timeout);
            cache.put(&[Entry { key: "k", value: b"2", ttl: None }]);
            cache.stats().entries == 1
        };
        assert!((0..100).any(is_written));
        assert_eq!(cache.get(&["k"]), [Some(b"2".to_vec())]);
    }

    #[test]
    fn caches_are_shared_by_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Cache>();
    }
}

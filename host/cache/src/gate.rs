//! The lock that keeps a file from being moved while anyone has it open.
//!
//! SQLite locks transactions, but a file that is renamed under an open connection may be given another one's journal.
//! So whoever has the cache open holds the gate shared, and making or moving the file takes it alone. The system gives
//! a lock back when its process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// An open lock file; its lock, if any, ends with it.
#[derive(Debug)]
pub(crate) struct Gate(File);

impl Gate {
    /// Opens the lock file and makes it where it is missing.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).map(Self)
    }

    /// Opens the lock file for a user who may not write it: enough to lock it.
    pub(crate) fn open_for_reading(path: &Path) -> io::Result<Self> {
        File::open(path).map(Self)
    }

    /// Whether the gate is now held together with others. Replaces the lock held before.
    pub(crate) fn share(&self) -> bool {
        granted(self.0.try_lock_shared())
    }

    /// Whether the gate is now held alone.
    pub(crate) fn close(&self) -> bool {
        granted(self.0.try_lock())
    }

    /// Lets go of the lock.
    pub(crate) fn release(&self) {
        // What cannot be unlocked was never locked: the file system has no locks.
        let _ = self.0.unlock();
    }
}

/// File systems without locks leave safety to SQLite's own; waiting would not bring a lock there.
fn granted(outcome: Result<(), TryLockError>) -> bool {
    !matches!(outcome, Err(TryLockError::WouldBlock))
}

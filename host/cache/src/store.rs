//! An open file: its connections, its lock, and what may be done with it.

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::Connection;

use crate::connection::{Access, connect, tune};
use crate::fault::Fault;
use crate::gate::Gate;
use crate::place::FileId;

/// Connections kept for the next call; more threads than that at once open their own.
const KEPT: usize = 8;

/// An open cache file.
#[derive(Debug)]
pub(crate) struct Store {
    file: PathBuf,
    pub(crate) access: Access,
    /// Which file this is, should another take its name.
    pub(crate) id: Option<FileId>,
    busy_timeout: Duration,
    idle: Mutex<Vec<Connection>>,
    /// Threads of one process take turns here: SQLite's own waiting sleeps in steps.
    writing: Mutex<()>,
    /// Last, so that the connections are closed before the lock is given back.
    _gate: Option<Gate>,
}

impl Store {
    pub(crate) fn new(
        file: PathBuf,
        access: Access,
        busy_timeout: Duration,
        connection: Connection,
        gate: Option<Gate>,
    ) -> Self {
        let id = FileId::of(&file);
        Self {
            file,
            access,
            id,
            busy_timeout,
            idle: Mutex::new(vec![connection]),
            writing: Mutex::new(()),
            _gate: gate,
        }
    }

    /// Runs `action` on a connection that no other thread uses meanwhile. One on which something failed, other than
    /// by waiting too long, is not used again.
    pub(crate) fn with<T>(&self, action: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.file, self.access, self.busy_timeout)?;
                tune(&connection)?;
                connection
            }
        };
        let outcome = action(&connection);
        let sound = outcome.as_ref().err().is_none_or(|error| Fault::of(error) == Fault::Busy);
        let mut idle = self.idle();
        if sound && idle.len() < KEPT {
            idle.push(connection);
        }
        outcome
    }

    /// As `with`, one thread at a time.
    pub(crate) fn with_turn<T>(&self, action: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> rusqlite::Result<T> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.with(action)
    }

    /// As `with_turn`, for work that can be left: `None` when another thread or process is writing.
    pub(crate) fn without_waiting<T>(
        &self,
        action: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> rusqlite::Result<Option<T>> {
        let Ok(_turn) = self.writing.try_lock() else { return Ok(None) };
        self.with(|connection| {
            connection.busy_timeout(Duration::ZERO)?;
            let outcome = action(connection);
            connection.busy_timeout(self.busy_timeout)?;
            outcome.map(Some)
        })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

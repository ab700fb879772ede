//! What an SQLite error means for a cache.

use rusqlite::{Error, ErrorCode, ffi};

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The file is not what it should be: begin another one.
    Damaged,
    /// Not an SQLite file at all: begin another one.
    Foreign,
    /// Someone else is at it: later.
    Busy,
    /// No room: stop writing.
    Full,
    /// Stop writing.
    ReadOnly,
    /// The file or a companion cannot be opened or made.
    NoAccess,
    /// The disk or the memory failed: stop trying.
    Failing,
}

impl Fault {
    pub(crate) fn of(error: &Error) -> Self {
        let Error::SqliteFailure(failure, _) = error else {
            // The statements are fixed and tested, so what they meet in the wrong type or shape is the file's doing.
            return Self::Damaged;
        };
        match failure.code {
            ErrorCode::NotADatabase => Self::Foreign,
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => Self::Busy,
            ErrorCode::DiskFull => Self::Full,
            // Renamed or deleted while open: there is another one to be made.
            ErrorCode::ReadOnly if failure.extended_code == ffi::SQLITE_READONLY_DBMOVED => Self::Damaged,
            ErrorCode::ReadOnly | ErrorCode::PermissionDenied => Self::ReadOnly,
            ErrorCode::CannotOpen => Self::NoAccess,
            ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory | ErrorCode::NoLargeFileSupport => Self::Failing,
            _ => Self::Damaged,
        }
    }
}

/// The error in words, without the path that SQLite may add: a warning names that itself.
pub(crate) fn cause(error: &Error) -> String {
    match error {
        Error::SqliteFailure(failure, _) => failure.to_string(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(code: i32) -> Fault {
        Fault::of(&Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn every_code_has_its_meaning() {
        for (code, meaning) in [
            (ffi::SQLITE_CORRUPT, Fault::Damaged),
            (ffi::SQLITE_ERROR, Fault::Damaged),
            (ffi::SQLITE_CONSTRAINT, Fault::Damaged),
            (ffi::SQLITE_READONLY_DBMOVED, Fault::Damaged),
            (ffi::SQLITE_NOTADB, Fault::Foreign),
            (ffi::SQLITE_BUSY, Fault::Busy),
            (ffi::SQLITE_BUSY_SNAPSHOT, Fault::Busy),
            (ffi::SQLITE_LOCKED, Fault::Busy),
            (ffi::SQLITE_PROTOCOL, Fault::Busy),
            (ffi::SQLITE_FULL, Fault::Full),
            (ffi::SQLITE_READONLY, Fault::ReadOnly),
            (ffi::SQLITE_PERM, Fault::ReadOnly),
            (ffi::SQLITE_CANTOPEN, Fault::NoAccess),
            (ffi::SQLITE_IOERR_READ, Fault::Failing),
            (ffi::SQLITE_IOERR_WRITE, Fault::Failing),
            (ffi::SQLITE_NOMEM, Fault::Failing),
        ] {
            assert_eq!(fault(code), meaning, "{code}");
        }
        assert_eq!(Fault::of(&Error::QueryReturnedNoRows), Fault::Damaged);
    }
}

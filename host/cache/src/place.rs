//! The names of a cache's files.
//!
//! They contain the number of the layout, so two versions of Astlas with different layouts never touch each other's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::schema::VERSION;

/// What SQLite keeps beside a file, and what is moved with it.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Where a cache's files are.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) directory: PathBuf,
    /// The SQLite file.
    pub(crate) file: PathBuf,
    /// An empty file, locked by whoever has the cache open.
    pub(crate) gate: PathBuf,
}

impl Place {
    pub(crate) fn new(directory: &Path) -> Self {
        // Absolute, so that a later change of directory moves nothing, and no name starts with `file:`, which SQLite
        // would read as a URI.
        let directory = std::path::absolute(directory).unwrap_or_else(|_| directory.to_path_buf());
        Self {
            file: directory.join(format!("astlas-cache-{VERSION}.sqlite")),
            gate: directory.join(format!("astlas-cache-{VERSION}.lock")),
            directory,
        }
    }
}

/// `path` with `suffix` added to its name.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Which file is behind a path, whatever it is called by now. Asked without opening it: closing any handle on an
/// SQLite file drops the locks that SQLite holds on it in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FileId(#[cfg(unix)] (u64, u64), #[cfg(not(unix))] std::time::SystemTime);

impl FileId {
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self((metadata.dev(), metadata.ino())))
    }

    #[cfg(not(unix))]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok()?.created().ok().map(Self)
    }
}

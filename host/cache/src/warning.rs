//! What went wrong with the cache, as values for the caller to print.

use std::fmt;
use std::mem::discriminant;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Why a file was moved out of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Cut short, overwritten in part, or inconsistent.
    Damaged,
    /// Not an SQLite file, or that of another program.
    Foreign,
    /// A directory or a device.
    NotAFile,
}

/// Something the user may want to know. None of them keeps the program from its work.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// The file was moved, and a new one was begun.
    PutAside {
        /// Where it was.
        file: PathBuf,
        /// Where it is now.
        moved_to: PathBuf,
        /// Why.
        reason: Reason,
    },
    /// The cache is read, but nothing is added to it.
    ReadOnly {
        /// The cache file.
        file: PathBuf,
        /// What keeps it from being written.
        cause: String,
    },
    /// Nothing is remembered.
    Unusable {
        /// The file or directory that stands in the way.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// Others kept the cache locked, so this program went on without it.
    Locked {
        /// The cache file.
        file: PathBuf,
        /// How long was waited.
        waited: Duration,
    },
    /// The disk has no room for more.
    Full {
        /// The cache file.
        file: PathBuf,
    },
    /// The disk reported an error.
    Failing {
        /// The cache file.
        file: PathBuf,
        /// What it reported.
        cause: String,
    },
    /// A value would take more than half of the cache and was not kept.
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The cache's limit.
        limit_bytes: u64,
    },
}

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Damaged => "is damaged",
            Self::Foreign => "was not written by astlas",
            Self::NotAFile => "is not a file",
        })
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PutAside { file, moved_to, reason } => write!(
                formatter,
                "cache {} {reason}: moved to {} and begun anew; delete that unless you want to look into it",
                file.display(),
                moved_to.display()
            ),
            Self::ReadOnly { file, cause } => write!(
                formatter,
                "cache {} cannot be written ({cause}): it is read, but nothing new is kept; let this user write it and \
                 its directory, or name another one with --cache-dir",
                file.display()
            ),
            Self::Unusable { path, cause } => write!(
                formatter,
                "cache {} cannot be used ({cause}): going on without it; name another directory with --cache-dir, or \
                 pass --no-cache",
                path.display()
            ),
            Self::Locked { file, waited } => write!(
                formatter,
                "cache {} was locked for more than {} ms: going on without it; if no other astlas is at work, end \
                 the program that holds it, or pass --no-cache",
                file.display(),
                waited.as_millis()
            ),
            Self::Full { file } => write!(
                formatter,
                "cache {}: the disk is full, new results are not kept; make room, run `astlas cache clear`, or name \
                 another directory with --cache-dir",
                file.display()
            ),
            Self::Failing { file, cause } => write!(
                formatter,
                "cache {}: the disk failed ({cause}): going on without it; check the disk, or name another directory \
                 with --cache-dir",
                file.display()
            ),
            Self::TooLarge { bytes, limit_bytes } => write!(
                formatter,
                "cache: a result of {bytes} bytes is not kept, it is more than half of the limit of {limit_bytes}; \
                 raise the limit"
            ),
        }
    }
}

/// Collects warnings, each kind once. Files put aside are all told: each is another file.
#[derive(Debug, Default)]
pub(crate) struct Report(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    waiting: Vec<Warning>,
    kinds: Vec<std::mem::Discriminant<Warning>>,
}

impl Report {
    pub(crate) fn add(&self, warning: Warning) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let kind = discriminant(&warning);
        if matches!(warning, Warning::PutAside { .. }) || !told.kinds.contains(&kind) {
            told.kinds.push(kind);
            told.waiting.push(warning);
        }
    }

    pub(crate) fn take(&self) -> Vec<Warning> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).waiting)
    }
}

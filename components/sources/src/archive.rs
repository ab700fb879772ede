//! What may be in an archive: whoever packed it is not trusted.

use std::{collections::BTreeMap, io};

use crate::bounded::Bomb;

/// What an archive may hold.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that come out of a compressed stream.
    pub unpacked: u64,
    /// Bytes of all wanted files.
    pub wanted: u64,
    /// Bytes of one wanted file; larger ones are left out.
    pub file: u64,
    /// Entries of any kind.
    pub entries: u64,
}

impl Limits {
    /// Enough for the largest repositories that fit into an instance.
    pub const DEFAULT: Self = Self { unpacked: 4 << 30, wanted: 384 << 20, file: 10 << 20, entries: 500_000 };
}

/// The wanted files of an archive.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Unpacked {
    /// Contents by path, from the root of the repository.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Wanted files that are larger than the limit.
    pub too_large: u64,
}

/// Why an archive is refused.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is in no known form, damaged, or ends too early.
    #[error("the archive cannot be read: {0}; send a tar, plain or compressed with gzip or zstd, or a zip")]
    Unreadable(io::Error),
    /// It is larger than allowed.
    #[error("the archive holds more than {limit} {what}; send the source files alone")]
    TooLarge {
        /// The limit.
        limit: u64,
        /// Of what.
        what: &'static str,
    },
    /// A path leads out of the archive, or cannot be one of a repository.
    #[error("{0:?} is no path inside a repository; pack it from the root, with relative paths")]
    Path(String),
}

impl From<io::Error> for ArchiveError {
    fn from(error: io::Error) -> Self {
        let bomb = error.get_ref().and_then(|inner| inner.downcast_ref::<Bomb>());
        match bomb {
            Some(Bomb { limit, what }) => Self::TooLarge { limit: *limit, what },
            None => Self::Unreadable(error),
        }
    }
}

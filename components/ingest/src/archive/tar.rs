//! Archives in the form of tar.

use std::io::{self, Read};

use super::{
    ArchiveError, Unpacked,
    keeper::{Bounded, Keeper},
};

/// What ends a tar, in zero bytes: a block of them, or more.
const END: u64 = 512;

pub fn unpack(tar: impl Read, mut keeper: Keeper<'_>) -> Result<Unpacked, ArchiveError> {
    let mut tar = tar::Archive::new(Bounded::new(tar, keeper.limits.unpacked));
    for entry in tar.entries()? {
        let entry = entry?;
        keeper.count()?;
        let size = entry.size();
        if entry.header().entry_type().is_file()
            && let Some(path) = keeper.wants(&entry.path_bytes(), size)?
        {
            keeper.keep(path, size, entry)?;
        }
    }
    if keeper.is_empty() {
        return keeper.finish();
    }
    if tar.into_inner().end()? < END {
        // Cut between two entries: nothing else tells.
        return Err(ArchiveError::Unreadable(io::ErrorKind::UnexpectedEof.into()));
    }
    keeper.finish()
}

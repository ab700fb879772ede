//! Archives in the form of tar.

use std::io::Read;

use super::{
    ArchiveError, Unpacked,
    keeper::{Bounded, Keeper},
};

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
    keeper.finish()
}

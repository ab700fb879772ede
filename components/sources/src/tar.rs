//! Archives in the form of tar: a stream that is unpacked as a whole.

use std::io::{self, Read};

use crate::{
    ArchiveError, Limits, Unpacked,
    bounded::Bounded,
    entries::{Entries, content},
};

/// What ends a tar, in zero bytes: a block of them, or more.
const END: u64 = 512;

/// The files of a tar, plain or compressed, for which `is_wanted` says so. Links and devices are left out. Where
/// everything is inside one folder, paths begin below it, as in the archives that forges make.
pub fn unpack(archive: &[u8], limits: &Limits, is_wanted: impl Fn(&str) -> bool) -> Result<Unpacked, ArchiveError> {
    let entries = Entries::new(limits, &is_wanted);
    match archive {
        [0x1f, 0x8b, ..] => read(flate2::bufread::MultiGzDecoder::new(archive), limits, entries),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(archive);
            let decoder = decoder.map_err(|error| ArchiveError::Unreadable(io::Error::other(error)))?;
            read(decoder, limits, entries)
        }
        _ => read(archive, limits, entries),
    }
}

/// What the reader of tars finds wrong with a head, without the bytes that stand there: anything at all may come in.
fn plainly(error: io::Error, is_first: bool) -> ArchiveError {
    match ArchiveError::from(error) {
        ArchiveError::Unreadable(error) if error.kind() == io::ErrorKind::Other => {
            let what = if is_first { "it is no archive" } else { "an entry is damaged" };
            ArchiveError::Unreadable(io::Error::other(what))
        }
        other => other,
    }
}

fn read(tar: impl Read, limits: &Limits, mut entries: Entries<'_, Vec<u8>>) -> Result<Unpacked, ArchiveError> {
    let bounded = Bounded::new(tar, limits.unpacked);
    let heads = bounded.heads();
    let mut tar = tar::Archive::new(bounded);
    let (mut found, mut sizes) = (tar.entries()?, 0u64);
    loop {
        // Long names and the like, of which the reader of tars would keep any number of bytes.
        heads.begin();
        let entry = found.next();
        heads.end();
        let Some(mut entry) = entry.transpose().map_err(|error| plainly(error, entries.is_empty()))? else { break };
        entries.count()?;
        let size = entry.size();
        // A sparse file is larger than what comes out of the stream for it.
        sizes = sizes.saturating_add(size);
        if sizes > limits.unpacked {
            return Err(ArchiveError::TooLarge { limit: limits.unpacked, what: "bytes unpacked" });
        }
        if entry.header().entry_type().is_file()
            && let Some(path) = entries.wants(&entry.path_bytes(), size)?
        {
            entries.keep(path, content(size, u64::MAX, &mut entry)?);
        }
        // What is left of it, so that only heads come before the next one.
        io::copy(&mut entry, &mut io::sink())?;
    }
    // Cut between two entries: nothing else tells. That there are none is told by itself.
    if !entries.is_empty() && tar.into_inner().end()? < END {
        return Err(ArchiveError::Unreadable(io::ErrorKind::UnexpectedEof.into()));
    }
    let (files, too_large) = entries.finish()?;
    Ok(Unpacked { files, too_large })
}

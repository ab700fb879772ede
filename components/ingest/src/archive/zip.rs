//! Archives in the form of zip, as forges and consoles make them: stored or deflated.

use std::io;

use rawzip::{CompressionMethod, ZipArchive};

use super::{ArchiveError, Unpacked, keeper::Keeper};

/// What a Unix mode has in it where the entry is a link.
const LINK: u32 = 0o120_000;
const TYPE: u32 = 0o170_000;

pub fn unpack(zip: &[u8], mut keeper: Keeper<'_>) -> Result<Unpacked, ArchiveError> {
    let archive = ZipArchive::from_slice(zip).map_err(unreadable)?;
    let mut entries = archive.entries();
    while let Some(entry) = entries.next_entry().map_err(unreadable)? {
        keeper.count()?;
        let size = entry.uncompressed_size_hint();
        if entry.is_dir() || entry.mode().value() & TYPE == LINK {
            continue;
        }
        let Some(path) = keeper.wants(entry.file_path().as_ref(), size)? else { continue };
        let content = archive.get_entry(entry.wayfinder()).map_err(unreadable)?;
        match entry.compression_method() {
            CompressionMethod::STORE => keeper.keep(path, size, content.verifying_reader(content.data()))?,
            CompressionMethod::DEFLATE => {
                let inflated = flate2::bufread::DeflateDecoder::new(content.data());
                keeper.keep(path, size, content.verifying_reader(inflated))?;
            }
            method => {
                let error = format!("{path} is compressed by method {}, not deflated", method.as_u16());
                return Err(ArchiveError::Unreadable(io::Error::other(error)));
            }
        }
    }
    keeper.finish()
}

fn unreadable(error: rawzip::Error) -> ArchiveError {
    ArchiveError::Unreadable(io::Error::other(error))
}

//! Archives in the form of zip, as forges and consoles make them: stored or deflated. They are read in place, each file by
//! itself, so that of a large archive only what is wanted is inflated.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    rc::Rc,
};

use astlas_atlas::ports::{Blobs, Stamp};
use rawzip::{CompressionMethod, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator};

use crate::{
    ArchiveError, Limits,
    entries::{Entries, content},
    window::{Stopped, Window},
};

/// What a Unix mode has in it where the entry is a link.
const LINK: u32 = 0o120_000;
const TYPE: u32 = 0o170_000;
/// What a file may take beside a hundredth more than its size, in bytes: what does not compress becomes larger.
const SLACK: u64 = 1 << 10;

/// Longest directory, in bytes.
const DIRECTORY_LIMIT: u64 = 128 << 20;

/// Whether an archive that begins so is a zip.
pub fn is_zip(start: &[u8]) -> bool {
    matches!(start, [b'P', b'K', 3 | 5, ..])
}

/// A zip whose directory was read.
pub struct Zip<'a, B> {
    window: Rc<Window<'a, B>>,
    archive: ZipArchive<Rc<Window<'a, B>>>,
}

/// Where a file is.
#[derive(Clone, Copy)]
pub struct Entry {
    /// In bytes.
    pub size: u64,
    /// Where it is in the archive.
    pub offset: u64,
    way: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
}

/// What a directory has.
pub struct Directory {
    /// The wanted files by path, from the root of the repository.
    pub files: BTreeMap<String, Entry>,
    /// Wanted files that are larger than the limit.
    pub too_large: u64,
}

impl<'a, B: Blobs> Zip<'a, B> {
    /// Opens a zip, and reads its directory: the wanted files, without links and devices. Where
    /// everything is inside one folder, paths begin below it.
    pub async fn open(
        window: Window<'a, B>,
        limits: &Limits,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<(Self, Directory), Stopped> {
        let window = Rc::new(window);
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let locate = || {
            let found = ZipLocator::new().locate_in_reader(window.clone(), &mut buffer, window.size());
            found.map_err(|(_, error)| unreadable(error))
        };
        let zip = Self { archive: window.read(locate).await?, window };
        let directory = zip.window.read(|| zip.directory(&mut buffer, limits, is_wanted)).await?;
        Ok((zip, directory))
    }

    fn directory(
        &self,
        buffer: &mut [u8],
        limits: &Limits,
        is_wanted: &dyn Fn(&str) -> bool,
    ) -> Result<Directory, ArchiveError> {
        let length = self.window.size().saturating_sub(self.archive.directory_offset());
        if length > DIRECTORY_LIMIT {
            return Err(ArchiveError::TooLarge { limit: DIRECTORY_LIMIT, what: "bytes of directory" });
        }
        let (mut entries, mut packed) = (Entries::new(limits, is_wanted), 0u64);
        let mut directory = self.archive.entries(buffer);
        while let Some(entry) = directory.next_entry().map_err(unreadable)? {
            entries.count()?;
            let size = entry.uncompressed_size_hint();
            if entry.is_dir() || entry.mode().value() & TYPE == LINK {
                continue;
            }
            let Some(path) = entries.wants(entry.file_path().as_ref(), size)? else { continue };
            let packed_size = entry.compressed_size_hint();
            packed = packed.saturating_add(packed_size);
            // Files that lie over each other, or take more room than they need, could be read for hours.
            if packed > self.window.size() || packed_size > size.saturating_add(size / 100).saturating_add(SLACK) {
                return Err(ArchiveError::Unreadable(io::Error::other(format!("{path} is larger than it can be"))));
            }
            let (way, method) = (entry.wayfinder(), entry.compression_method());
            entries.keep(path, Entry { size, offset: entry.local_header_offset(), way, method });
        }
        let (files, too_large) = entries.finish()?;
        Ok(Directory { files, too_large })
    }

    /// How a file looks that holds this: other files look alike if they hold the same. What is hashed is what stands in
    /// the archive: a checksum alone could be met on purpose, and inflating takes ten times as long.
    pub async fn stamp(&self, entry: &Entry) -> Result<Stamp, Stopped> {
        self.window.trim();
        let hash = || {
            let mut hasher = blake3::Hasher::new();
            hasher.update(&entry.method.as_u16().to_le_bytes());
            io::copy(&mut self.archive.get_entry(entry.way).map_err(unreadable)?.reader(), &mut hasher)?;
            Ok(hasher.finalize())
        };
        Ok(Stamp::of(entry.size, "zip", self.window.read(hash).await?.as_bytes()))
    }

    /// Up to `limit` bytes of a file.
    pub async fn read(&self, entry: &Entry, limit: u64) -> Result<Vec<u8>, Stopped> {
        self.window.trim();
        let read = || {
            let found = self.archive.get_entry(entry.way).map_err(unreadable)?;
            let reader: Box<dyn Read> = match entry.method {
                CompressionMethod::STORE => Box::new(found.reader()),
                CompressionMethod::DEFLATE => Box::new(flate2::read::DeflateDecoder::new(found.reader())),
                method => {
                    let error = format!("compressed by method {}, not deflated", method.as_u16());
                    return Err(ArchiveError::Unreadable(io::Error::other(error)));
                }
            };
            Ok(content(entry.size, limit, found.verifying_reader(reader))?)
        };
        self.window.read(read).await
    }
}

fn unreadable(error: rawzip::Error) -> ArchiveError {
    ArchiveError::Unreadable(io::Error::other(error))
}

//! What was read of a large blob: parts of it, as they were needed.

use std::{
    cell::{Cell, RefCell},
    io,
};

use astlas_atlas::{
    blobs,
    ports::{BLOB_PART, Blobs, Unavailable},
};
use rawzip::ReaderAt;

use crate::ArchiveError;

/// How many parts are kept while files are read: a file may lie in several, and the next one may lie before it.
const KEPT: usize = 4;

/// A blob, and the parts of it that were read.
pub struct Window<'a, B> {
    blobs: &'a B,
    name: String,
    size: u64,
    /// Each with the offset it begins at; the latest last.
    parts: RefCell<Vec<(u64, Vec<u8>)>>,
    /// Where a reader found nothing.
    missing: Cell<Option<u64>>,
}

/// Why a reader did not come to its end.
#[derive(Debug)]
pub enum Stopped {
    /// What it found is no archive that is taken.
    Refused(ArchiveError),
    /// The blob is gone, or became shorter.
    Gone,
    Unavailable(Unavailable),
}

impl<'a, B: Blobs> Window<'a, B> {
    /// The blob of this name, which has at most so many bytes.
    pub fn new(blobs: &'a B, name: String, size: u64) -> Self {
        Self { blobs, name, size, parts: RefCell::default(), missing: Cell::default() }
    }

    /// How many bytes it has at most.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// So many bytes from an offset on; `None` if there are fewer.
    pub async fn bytes(&self, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        if let Some(bytes) = self.found(offset, length) {
            return Ok(Some(bytes));
        }
        // What follows will most likely be wanted next.
        let part = blobs::read(self.blobs, &self.name, offset, length.max(BLOB_PART as u64)).await?;
        let Some(part) = part else { return Ok(None) };
        self.parts.replace(vec![(offset, part)]);
        Ok(self.found(offset, length))
    }

    fn found(&self, offset: u64, length: u64) -> Option<Vec<u8>> {
        self.parts.borrow().iter().find_map(|(begin, part)| {
            let start = usize::try_from(offset.checked_sub(*begin)?).ok()?;
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            part.get(start..end).map(<[u8]>::to_vec)
        })
    }

    /// Has a reader begin again until it misses nothing: readers cannot wait. Each time one more part is there.
    pub async fn read<T>(&self, mut read: impl FnMut() -> Result<T, ArchiveError>) -> Result<T, Stopped> {
        loop {
            self.missing.take();
            let outcome = read();
            let Some(offset) = self.missing.take() else { return outcome.map_err(Stopped::Refused) };
            // Parts begin at multiples of their length, so that they serve whichever way a reader goes.
            let begin = offset / BLOB_PART as u64 * BLOB_PART as u64;
            let part = self.blobs.read(&self.name, begin, BLOB_PART as u64).await.map_err(Stopped::Unavailable)?;
            match part {
                Some(part) if part.len() as u64 > offset - begin => self.parts.borrow_mut().push((begin, part)),
                _ => return Err(Stopped::Gone),
            }
        }
    }

    /// Forgets all but the last parts.
    pub fn trim(&self) {
        let mut parts = self.parts.borrow_mut();
        let old = parts.len().saturating_sub(KEPT);
        parts.drain(..old);
    }
}

impl<B> ReaderAt for Window<'_, B> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        for (begin, part) in self.parts.borrow().iter() {
            let start = offset.checked_sub(*begin).and_then(|start| usize::try_from(start).ok());
            if let Some(found) = start.and_then(|start| part.get(start..)).filter(|found| !found.is_empty()) {
                let length = buffer.len().min(found.len());
                buffer[..length].copy_from_slice(&found[..length]);
                return Ok(length);
            }
        }
        if offset >= self.size {
            return Ok(0);
        }
        self.missing.set(Some(offset));
        Err(io::Error::other("not read yet"))
    }
}

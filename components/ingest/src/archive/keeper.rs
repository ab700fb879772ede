//! What is kept of an archive, and the limits on it, whatever form it has.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use super::{ArchiveError, Limits, Unpacked};

/// Longest path that is kept, in bytes.
const LONGEST_PATH: usize = 1024;
/// What a file costs beside its path and content, in bytes.
const PER_FILE: u64 = 100;

/// Takes entries one after the other.
pub struct Keeper<'a> {
    pub limits: &'a Limits,
    is_wanted: &'a dyn Fn(&str) -> bool,
    entries: u64,
    kept: u64,
    too_large: u64,
    /// Their place is known only when the common folder is.
    files: BTreeMap<String, Vec<u8>>,
    root: Root,
}

impl<'a> Keeper<'a> {
    pub fn new(limits: &'a Limits, is_wanted: &'a dyn Fn(&str) -> bool) -> Self {
        let (files, root) = (BTreeMap::new(), Root::default());
        Self { limits, is_wanted, entries: 0, kept: 0, too_large: 0, files, root }
    }

    /// Counts an entry of any kind.
    pub fn count(&mut self) -> Result<(), ArchiveError> {
        self.entries += 1;
        match self.entries > self.limits.entries {
            true => Err(ArchiveError::TooLarge { limit: self.limits.entries, what: "entries" }),
            false => Ok(()),
        }
    }

    /// The path of a file of this size that is to be kept. What is wanted is told by the name and the extension, which
    /// the common folder does not change.
    pub fn wants(&mut self, path: &[u8], size: u64) -> Result<Option<String>, ArchiveError> {
        // Packed from the folder itself, so that what is in it is the root.
        self.root.is_mixed |= path.starts_with(b"./");
        let Some(path) = plain(path)? else { return Ok(None) };
        self.root.meet(&path);
        if !(self.is_wanted)(&path) {
            return Ok(None);
        }
        if size > self.limits.file {
            self.too_large += 1;
            return Ok(None);
        }
        self.kept += size + path.len() as u64 + PER_FILE;
        match self.kept > self.limits.kept {
            true => Err(ArchiveError::TooLarge { limit: self.limits.kept, what: "bytes of source" }),
            false => Ok(Some(path)),
        }
    }

    /// Keeps a file of this size. Of two of one path the later one counts, as for tar itself.
    pub fn keep(&mut self, path: String, size: u64, content: impl Read) -> Result<(), ArchiveError> {
        let mut bytes = Vec::new();
        // One more, to see that there is more.
        content.take(size.saturating_add(1)).read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(ArchiveError::Unreadable(io::ErrorKind::UnexpectedEof.into()));
        }
        self.files.insert(path, bytes);
        Ok(())
    }

    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    pub fn finish(self) -> Result<Unpacked, ArchiveError> {
        if self.entries == 0 {
            return Err(ArchiveError::Unreadable(io::Error::other("it has no entries")));
        }
        let below = self.root.common.filter(|_| !self.root.is_mixed).map_or(0, |folder| folder.len() + 1);
        let files = self.files.into_iter().map(|(path, content)| (path[below..].to_owned(), content)).collect();
        Ok(Unpacked { files, too_large: self.too_large })
    }
}

/// The folder that all files are in, if there is one.
#[derive(Default)]
struct Root {
    common: Option<String>,
    is_mixed: bool,
}

impl Root {
    fn meet(&mut self, path: &str) {
        match (path.split_once('/'), &self.common) {
            (Some((first, _)), None) => self.common = Some(first.to_owned()),
            (Some((first, _)), Some(common)) if first == common => {}
            _ => self.is_mixed = true,
        }
    }
}

/// A path of an entry as one from the root of the archive; none for one that no source file has: too long, not UTF-8, or
/// with characters that mean something else elsewhere.
fn plain(bytes: &[u8]) -> Result<Option<String>, ArchiveError> {
    let parts: Vec<&[u8]> = bytes.split(|&byte| byte == b'/').filter(|part| *part != b".").collect();
    if parts.is_empty() || parts.iter().any(|part| part.is_empty() || *part == b"..") {
        return Err(ArchiveError::Path(String::from_utf8_lossy(bytes).into_owned()));
    }
    if bytes.len() > LONGEST_PATH || bytes.contains(&0) || bytes.contains(&b'\\') {
        return Ok(None);
    }
    Ok(String::from_utf8(parts.join(&b'/')).ok())
}

/// Ends with an error where more comes out than allowed.
pub struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
    /// How many of the last bytes were zero.
    zeros: u64,
}

impl<R: Read> Bounded<R> {
    /// Reads to the end, where checksums are: how many of the last bytes were zero.
    pub fn end(mut self) -> io::Result<u64> {
        io::copy(&mut self, &mut io::sink())?;
        Ok(self.zeros)
    }
}

impl<R> Bounded<R> {
    pub fn new(inner: R, limit: u64) -> Self {
        Self { inner, left: limit, limit, zeros: 0 }
    }
}

/// Too much came out of a stream.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} bytes")]
pub struct Bomb(pub u64);

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(Bomb(self.limit))),
        }
        let zeros = buffer[..read].iter().rev().take_while(|&&byte| byte == 0).count();
        self.zeros = if zeros == read { self.zeros + read as u64 } else { zeros as u64 };
        Ok(read)
    }
}

//! Entries of an archive, and the limits on them, whatever form it has.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use crate::{ArchiveError, Limits};

/// Longest path that is kept, in bytes.
const LONGEST_PATH: usize = 1024;
/// What a file costs beside its path and content, in bytes.
const PER_FILE: u64 = 100;

/// Takes entries one after the other; of each wanted file `T` is kept.
pub struct Entries<'a, T> {
    limits: &'a Limits,
    is_wanted: &'a dyn Fn(&str) -> bool,
    entries: u64,
    wanted: u64,
    too_large: u64,
    /// Their place is known only when the common folder is.
    files: BTreeMap<String, T>,
    root: Root,
}

impl<'a, T> Entries<'a, T> {
    pub fn new(limits: &'a Limits, is_wanted: &'a dyn Fn(&str) -> bool) -> Self {
        let (files, root) = (BTreeMap::new(), Root::default());
        Self { limits, is_wanted, entries: 0, wanted: 0, too_large: 0, files, root }
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
        self.wanted = self.wanted.saturating_add(size).saturating_add(path.len() as u64 + PER_FILE);
        match self.wanted > self.limits.wanted {
            true => Err(ArchiveError::TooLarge { limit: self.limits.wanted, what: "bytes of source" }),
            false => Ok(Some(path)),
        }
    }

    /// Keeps a file. Of two of one path the later one counts, as for tar itself.
    pub fn keep(&mut self, path: String, file: T) {
        self.files.insert(path, file);
    }

    pub fn is_empty(&self) -> bool {
        self.entries == 0
    }

    /// The files by path from the root of the repository, and how many were too large.
    pub fn finish(self) -> Result<(BTreeMap<String, T>, u64), ArchiveError> {
        if self.entries == 0 {
            return Err(ArchiveError::Unreadable(io::Error::other("it has no entries")));
        }
        let below = self.root.common.filter(|_| !self.root.is_mixed).map_or(0, |folder| folder.len() + 1);
        let files = self.files.into_iter().map(|(path, file)| (path[below..].to_owned(), file)).collect();
        Ok((files, self.too_large))
    }
}

/// A content that says that it is of this size, up to a limit.
pub fn content(size: u64, limit: u64, reader: impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    // One more, to see that there is more.
    reader.take(size.saturating_add(1).min(limit)).read_to_end(&mut bytes)?;
    match bytes.len() as u64 == size.min(limit) {
        true => Ok(bytes),
        false => Err(io::ErrorKind::UnexpectedEof.into()),
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

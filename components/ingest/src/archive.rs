//! From an archive to the files in it that are wanted, within limits: whoever packed it is not trusted.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, Read},
};

/// What unpacking may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes that come out of the compressed stream.
    pub unpacked: u64,
    /// Bytes of all files that are kept.
    pub kept: u64,
    /// Bytes of one file that is kept; larger ones are left out.
    pub file: u64,
    /// Entries of any kind.
    pub entries: u64,
}

impl Limits {
    /// Enough for the largest repositories that fit into an instance.
    pub const DEFAULT: Self = Self { unpacked: 4 << 30, kept: 384 << 20, file: 10 << 20, entries: 500_000 };
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
    #[error("the archive cannot be read: {0}; send a tar, plain or compressed with gzip or zstd")]
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
            Some(Bomb(limit)) => Self::TooLarge { limit: *limit, what: "bytes unpacked" },
            None => Self::Unreadable(error),
        }
    }
}

/// The files of an archive for which `is_wanted` says so. Links and devices are left out. Where everything is inside one
/// folder, paths begin below it, as in the archives that forges make.
pub fn unpack(archive: impl Read, limits: &Limits, is_wanted: impl Fn(&str) -> bool) -> Result<Unpacked, ArchiveError> {
    let mut archive = BufReader::new(archive);
    let start = archive.fill_buf()?;
    match start {
        [0x1f, 0x8b, ..] => untar(flate2::bufread::MultiGzDecoder::new(archive), limits, is_wanted),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(archive);
            untar(decoder.map_err(|error| ArchiveError::Unreadable(io::Error::other(error)))?, limits, is_wanted)
        }
        _ => untar(archive, limits, is_wanted),
    }
}

fn untar(tar: impl Read, limits: &Limits, is_wanted: impl Fn(&str) -> bool) -> Result<Unpacked, ArchiveError> {
    let mut tar = tar::Archive::new(Bounded { inner: tar, left: limits.unpacked, limit: limits.unpacked });
    let mut unpacked = Unpacked::default();
    let (mut entries, mut kept) = (0, 0);
    // Files whose place is known only when the common folder is.
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut root = Root::default();
    for entry in tar.entries()? {
        let mut entry = entry?;
        entries += 1;
        if entries > limits.entries {
            return Err(ArchiveError::TooLarge { limit: limits.entries, what: "entries" });
        }
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = path(&entry.path_bytes())?;
        root.meet(&path);
        // What is wanted is told by the name and the extension, which the folder does not change.
        if !is_wanted(&path) {
            continue;
        }
        let size = entry.size();
        if size > limits.file {
            unpacked.too_large += 1;
            continue;
        }
        kept += size;
        if kept > limits.kept {
            return Err(ArchiveError::TooLarge { limit: limits.kept, what: "bytes of source" });
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        if content.len() as u64 != size {
            return Err(ArchiveError::Unreadable(io::ErrorKind::UnexpectedEof.into()));
        }
        // Of two entries of one path the later one counts, as for tar itself.
        files.insert(path, content);
    }
    if entries == 0 {
        return Err(ArchiveError::Unreadable(io::Error::other("it has no entries")));
    }
    let below = root.common.filter(|_| !root.is_mixed).map_or(0, |folder| folder.len() + 1);
    unpacked.files = files.into_iter().map(|(path, content)| (path[below..].to_owned(), content)).collect();
    Ok(unpacked)
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

/// A path of an entry as one from the root of the archive.
fn path(bytes: &[u8]) -> Result<String, ArchiveError> {
    let refused = || ArchiveError::Path(String::from_utf8_lossy(bytes).into_owned());
    let text = std::str::from_utf8(bytes).map_err(|_| refused())?;
    let is_plain = |part: &&str| !matches!(*part, "" | "..") && !part.contains(['\0', '\\']);
    let parts: Vec<&str> = text.split('/').filter(|part| *part != ".").collect();
    if parts.is_empty() || text.len() > 4096 || !parts.iter().all(is_plain) {
        return Err(refused());
    }
    Ok(parts.join("/"))
}

/// Ends with an error where more comes out than allowed.
struct Bounded<R> {
    inner: R,
    left: u64,
    limit: u64,
}

/// Too much came out of a stream.
#[derive(Debug, thiserror::Error)]
#[error("more than {0} bytes")]
struct Bomb(u64);

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => return Err(io::Error::other(Bomb(self.limit))),
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LIMITS: Limits = Limits { unpacked: 1 << 20, kept: 1000, file: 600, entries: 8 };

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        for (path, content) in files {
            let mut header = tar::Header::new_gnu();
            // Written as it is: the builder itself refuses what the tests are about.
            header.as_gnu_mut().unwrap().name[..path.len()].copy_from_slice(path.as_bytes());
            header.set_size(content.len() as u64);
            header.set_cksum();
            tar.append(&header, *content).unwrap();
        }
        tar.into_inner().unwrap()
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn paths(archive: &[u8]) -> Result<Vec<String>, String> {
        let unpacked = unpack(archive, &LIMITS, |path| path.ends_with(".py")).map_err(|error| error.to_string())?;
        Ok(unpacked.files.into_keys().collect())
    }

    #[test]
    fn wanted_files_come_out_below_the_common_folder() {
        let inside = tar(&[("repo-1/a.py", b"a"), ("repo-1/b/c.py", b"b"), ("repo-1/x.png", b"c")]);
        for archive in [inside.clone(), gzip(&inside)] {
            assert_eq!(paths(&archive).unwrap(), ["a.py", "b/c.py"]);
        }
        let mixed = tar(&[("./a/a.py", b"a"), ("README", b""), ("a/a.py", b"again")]);
        assert_eq!(paths(&mixed).unwrap(), ["a/a.py"]);
        let zstd = ruzstd::encoding::compress_to_vec(inside.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
        assert_eq!(paths(&zstd).unwrap(), ["a.py", "b/c.py"]);
    }

    #[test]
    fn what_is_too_large_or_leads_out_is_refused() {
        for (archive, words) in [
            (tar(&[("../a.py", b"")]), "no path inside"),
            (tar(&[("/etc/a.py", b"")]), "no path inside"),
            (tar(&[("a/../../a.py", b"")]), "no path inside"),
            (tar(&[("a\\b.py", b"")]), "no path inside"),
            (tar(&[("a.py", &[b'x'; 500]), ("b.py", &[b'x'; 501])]), "1000 bytes of source"),
            (tar(&[("a.png", &b""[..]); 9]), "8 entries"),
            (gzip(&vec![0; 2 << 20]), "cannot be read"),
            (gzip(&tar(&[("a.png", &vec![0; 2 << 20])])), "1048576 bytes unpacked"),
            (gzip(&tar(&[("a.py", b"x")]))[..30].to_vec(), "cannot be read"),
            (tar(&[("a.py", &[b'x'; 400])])[..700].to_vec(), "cannot be read"),
            (b"PK\x03\x04 something".to_vec(), "cannot be read"),
            (vec![], "cannot be read"),
        ] {
            let error = paths(&archive).unwrap_err();
            assert!(error.contains(words), "{words:?}: {error}");
        }
        let large = unpack(tar(&[("a.py", &[b'x'; 601]), ("b.py", b"")]).as_slice(), &LIMITS, |_| true).unwrap();
        assert_eq!((large.files.len(), large.too_large), (1, 1));
    }
}

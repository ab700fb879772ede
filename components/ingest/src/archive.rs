//! From an archive to the files in it that are wanted, within limits: whoever packed it is not trusted.

mod keeper;
mod tar;
mod zip;

use std::{collections::BTreeMap, io};

use keeper::Keeper;

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
        let bomb = error.get_ref().and_then(|inner| inner.downcast_ref::<keeper::Bomb>());
        match bomb {
            Some(keeper::Bomb(limit)) => Self::TooLarge { limit: *limit, what: "bytes unpacked" },
            None => Self::Unreadable(error),
        }
    }
}

/// The files of an archive for which `is_wanted` says so. Links and devices are left out. Where everything is inside one
/// folder, paths begin below it, as in the archives that forges make.
pub fn unpack(archive: &[u8], limits: &Limits, is_wanted: impl Fn(&str) -> bool) -> Result<Unpacked, ArchiveError> {
    let keeper = Keeper::new(limits, &is_wanted);
    match archive {
        [b'P', b'K', 3 | 5, ..] => zip::unpack(archive, keeper),
        [0x1f, 0x8b, ..] => tar::unpack(flate2::bufread::MultiGzDecoder::new(archive), keeper),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => {
            let decoder = ruzstd::decoding::StreamingDecoder::new(archive);
            tar::unpack(decoder.map_err(|error| ArchiveError::Unreadable(io::Error::other(error)))?, keeper)
        }
        _ => tar::unpack(archive, keeper),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    const LIMITS: Limits = Limits { unpacked: 1 << 20, kept: 1000, file: 600, entries: 8 };

    fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut tar = ::tar::Builder::new(Vec::new());
        for (path, content) in files {
            let mut header = ::tar::Header::new_gnu();
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

    fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut output = Vec::new();
        let mut zip = rawzip::ZipArchiveWriter::new(&mut output);
        for (path, content) in files {
            let deflate = rawzip::CompressionMethod::DEFLATE;
            let (mut entry, config) = zip.new_file(path).compression_method(deflate).start().unwrap();
            let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::fast()));
            writer.write_all(content).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            entry.finish(descriptor).unwrap();
        }
        zip.finish().unwrap();
        output
    }

    fn paths(archive: &[u8]) -> Result<Vec<String>, String> {
        let unpacked = unpack(archive, &LIMITS, |path| path.ends_with(".py")).map_err(|error| error.to_string())?;
        Ok(unpacked.files.into_keys().collect())
    }

    #[test]
    fn wanted_files_come_out_below_the_common_folder() {
        let inside = tar(&[("repo-1/a.py", b"a"), ("repo-1/b/c.py", b"b"), ("repo-1/x.png", b"c")]);
        let zip = zip(&[("repo-1/b/c.py", b"b"), ("repo-1/a.py", b"a"), ("repo-1/x.png", b"c")]);
        for archive in [inside.clone(), gzip(&inside), zip] {
            assert_eq!(paths(&archive).unwrap(), ["a.py", "b/c.py"]);
        }
        // Packed from inside, or with names that no source file has.
        assert_eq!(paths(&tar(&[("./src/a.py", b"a")])).unwrap(), ["src/a.py"]);
        assert_eq!(paths(&tar(&[("r/a\\b.py", b"a"), ("r/c.py", b"c")])).unwrap(), ["c.py"]);
        let mixed = tar(&[("./a/a.py", b"a"), ("README", b""), ("a/a.py", b"again")]);
        assert_eq!(paths(&mixed).unwrap(), ["a/a.py"]);
        let zstd = ruzstd::encoding::compress_to_vec(inside.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
        assert_eq!(paths(&zstd).unwrap(), ["a.py", "b/c.py"]);
    }

    #[test]
    fn what_is_too_large_or_leads_out_is_refused() {
        // Put in afterwards: the builder makes such a path plain.
        let mut leading_out = zip(&[("a/UP/UP/a.py", b"")]);
        let ups: Vec<usize> = (0..leading_out.len()).filter(|&at| leading_out[at..].starts_with(b"UP")).collect();
        ups.into_iter().for_each(|at| leading_out[at..at + 2].copy_from_slice(b".."));
        for (archive, words) in [
            (tar(&[("../a.py", b"")]), "no path inside"),
            (tar(&[("/etc/a.py", b"")]), "no path inside"),
            (tar(&[("a/../../a.py", b"")]), "no path inside"),
            (tar(&[("a.py", &[b'x'; 400]), ("b.py", &[b'x'; 401])]), "1000 bytes of source"),
            (tar(&[("a.png", &b""[..]); 9]), "8 entries"),
            (gzip(&vec![0; 2 << 20]), "cannot be read"),
            (gzip(&tar(&[("a.png", &vec![0; 2 << 20])])), "1048576 bytes unpacked"),
            (gzip(&tar(&[("a.py", b"x")]))[..30].to_vec(), "cannot be read"),
            (tar(&[("a.py", &[b'x'; 400])])[..700].to_vec(), "cannot be read"),
            (leading_out, "no path inside"),
            (zip(&[("a.py", &[b'x'; 400]), ("b.py", &[b'x'; 401])]), "1000 bytes of source"),
            (zip(&[("a.png", &b""[..]); 9]), "8 entries"),
            (zip(&[("a.py", b"x")])[..60].to_vec(), "cannot be read"),
            (b"PK\x03\x04 something".to_vec(), "cannot be read"),
            (tar(&[("a.py", b"x"), ("b.py", b"y")])[..1024].to_vec(), "cannot be read"),
            (gzip(&tar(&[("a.py", b"x")]))[..].split_last_chunk::<6>().unwrap().0.to_vec(), "cannot be read"),
            (vec![], "cannot be read"),
        ] {
            let error = paths(&archive).unwrap_err();
            assert!(error.contains(words), "{words:?}: {error}");
        }
        let large = unpack(&tar(&[("a.py", &[b'x'; 601]), ("b.py", b"")]), &LIMITS, |_| true).unwrap();
        assert_eq!((large.files.len(), large.too_large), (1, 1));
    }
}

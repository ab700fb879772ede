//! Files out of archives of every form, and archives that are refused.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{cell::Cell, collections::BTreeMap, io::Write};

use astlas_atlas::{
    blobs,
    ports::{BLOB_PART, Blob, Blobs, FetchError, Files, Unavailable},
};
use astlas_sources::{BlobFiles, Limits, is_zip, unpack};
use astlas_tests::archives::zip;
use pollster::block_on;

const LIMITS: Limits = Limits { unpacked: 1 << 20, wanted: 1000, file: 600, entries: 8 };

/// A blob named `zip`, and one beside it; nothing can be written. Counts the reads.
struct Shelf(Vec<u8>, Cell<u32>);

impl Blobs for Shelf {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        assert!(length <= BLOB_PART as u64);
        self.1.set(self.1.get() + 1);
        let from = self.0.len().min(offset as usize);
        let to = self.0.len().min(from + length as usize);
        Ok((name == "zip").then(|| self.0[from..to].to_vec()))
    }

    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        let blob = |(name, size)| Blob { name, size, updated: 0, digest: String::new() };
        let all = [("zip".to_owned(), self.0.len() as u64), ("zip-2".to_owned(), 7)];
        Ok(all.into_iter().filter(|(name, _)| name.starts_with(prefix) && name.as_str() > after).map(blob).collect())
    }

    async fn write(&self, _: &str, _: Vec<u8>) -> Result<(), Unavailable> {
        unreachable!()
    }

    async fn begin(&self, _: &str) -> Result<String, Unavailable> {
        unreachable!()
    }

    async fn append(&self, _: &str, _: u64, _: Vec<u8>) -> Result<(), Unavailable> {
        unreachable!()
    }

    async fn finish(&self, _: &str, _: u64) -> Result<(), Unavailable> {
        unreachable!()
    }

    async fn delete(&self, _: &[String]) -> Result<(), Unavailable> {
        unreachable!()
    }

    async fn fetch(&self, _: &str, _: &str, _: &str) -> Result<u64, FetchError> {
        unreachable!()
    }
}

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

/// Contents by path, and how many files were too large.
type Read = Result<(BTreeMap<String, Vec<u8>>, u64), String>;

fn read_limited(archive: &[u8], limits: &Limits) -> Read {
    let is_wanted = |path: &str| path.ends_with(".py");
    if !is_zip(archive) {
        let unpacked = unpack(archive, limits, is_wanted).map_err(|error| error.to_string())?;
        return Ok((unpacked.files, unpacked.too_large));
    }
    let shelf = Shelf(archive.to_vec(), Cell::default());
    let opened = block_on(BlobFiles::of_archive(&shelf, "zip".into(), limits, &is_wanted));
    let (files, too_large) = opened.map_err(|error| error.to_string())?;
    let content = |path: &str| block_on(files.read(path, u64::MAX)).map_err(|error| error.to_string());
    let contents: Result<_, String> =
        files.entries().iter().map(|file| Ok((file.path.clone(), content(&file.path)?))).collect();
    Ok((contents?, too_large))
}

fn read(archive: &[u8]) -> Read {
    read_limited(archive, &LIMITS)
}

#[test]
fn wanted_files_come_out_below_the_common_folder() {
    let inside = tar(&[("repo-1/a.py", b"a"), ("repo-1/b/c.py", b"b"), ("repo-1/x.png", b"c")]);
    let zip = zip(&[("repo-1/b/c.py", b"b"), ("repo-1/a.py", b"a"), ("repo-1/x.png", b"c")]);
    let zstd = ruzstd::encoding::compress_to_vec(inside.as_slice(), ruzstd::encoding::CompressionLevel::Fastest);
    for archive in [inside.clone(), gzip(&inside), zip, zstd] {
        let (files, too_large) = read(&archive).unwrap();
        assert_eq!(files, BTreeMap::from([("a.py".into(), b"a".to_vec()), ("b/c.py".into(), b"b".to_vec())]));
        assert_eq!(too_large, 0);
    }
    // Packed from inside, or with names that no source file has.
    let paths = |archive: Vec<u8>| read(&archive).unwrap().0.into_keys().collect::<Vec<_>>();
    assert_eq!(paths(tar(&[("./src/a.py", b"a")])), ["src/a.py"]);
    assert_eq!(paths(tar(&[("r/a\\b.py", b"a"), ("r/c.py", b"c")])), ["c.py"]);
    assert_eq!(paths(tar(&[("./a/a.py", b"a"), ("README", b""), ("a/a.py", b"again")])), ["a/a.py"]);
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
        let error = read(&archive).unwrap_err();
        assert!(error.contains(words), "{words:?}: {error}");
    }
    for archive in [tar(&[("a.py", &[b'x'; 601]), ("b.py", b"")]), zip(&[("a.py", &[b'x'; 601]), ("b.py", b"")])] {
        let (files, too_large) = read(&archive).unwrap();
        assert_eq!((files.len(), too_large), (1, 1));
    }
}

/// Bytes that hardly compress.
fn noise(length: usize, seed: u64) -> Vec<u8> {
    let mut state = seed | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as u8
    };
    std::iter::repeat_with(next).take(length).collect()
}

#[test]
fn a_zip_larger_than_a_part_is_read_part_by_part() {
    let contents: Vec<Vec<u8>> = (0..9).map(|number| noise(3_000_000 + number * 7, 9 + number as u64)).collect();
    let names: Vec<String> = (0..9).map(|number| format!("r/{number}.py")).collect();
    let files: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(contents.iter().map(Vec::as_slice)).collect();
    let archive = zip(&files);
    assert!(archive.len() > 3 * BLOB_PART);
    let (read, _) = read_limited(&archive, &Limits::DEFAULT).unwrap();
    assert!(read.into_values().eq(contents), "in the order of the names");
    // Backwards as well, each part is read once: the directory, then eight others at most.
    let parts = archive.len().div_ceil(BLOB_PART) as u32;
    let shelf = Shelf(archive, Cell::default());
    let opened = block_on(BlobFiles::of_archive(&shelf, "zip".into(), &Limits::DEFAULT, &|_| true)).unwrap().0;
    shelf.1.set(0);
    for name in names.iter().rev() {
        block_on(opened.read(name.strip_prefix("r/").unwrap(), u64::MAX)).unwrap();
    }
    assert!(shelf.1.get() <= parts, "{} reads of {parts} parts", shelf.1.get());
    let whole = block_on(blobs::read_all(&shelf, "zip")).unwrap().unwrap();
    assert_eq!(whole, shelf.0);
}

/// Writes a number into the directory's entries of a zip, at an offset in each.
fn patch(archive: &mut [u8], offset: usize, number: u32) {
    let entries: Vec<usize> = (0..archive.len() - 4).filter(|&at| archive[at..].starts_with(b"PK\x01\x02")).collect();
    for at in entries {
        archive[at + offset..at + offset + 4].copy_from_slice(&number.to_le_bytes());
    }
}

#[test]
fn entries_that_would_take_hours_are_refused() {
    let whole = zip(&[("r/a.py", &noise(500, 5)), ("r/b.py", b"b"), ("r/c.py", b"c"), ("r/d.py", b"d")]);
    // All of them where the first one is, and as long: several times as much as there is.
    let (mut over, mut long) = (whole.clone(), whole.clone());
    patch(&mut over, 42, 0);
    patch(&mut over, 20, 500);
    patch(&mut over, 24, 500);
    patch(&mut long, 20, 700_000);
    let mut beyond = whole;
    patch(&mut beyond, 42, 700_000);
    for (archive, words) in
        [(over, "larger than it can be"), (long, "larger than it can be"), (beyond, "the archive cannot be read")]
    {
        let error = read_limited(&archive, &Limits::DEFAULT).unwrap_err();
        assert!(error.contains(words), "{error}");
    }
}

#[test]
fn files_of_zips_look_alike_if_they_hold_the_same() {
    let stamps = |files: &[(&str, &[u8])]| {
        let shelf = Shelf(zip(files), Cell::default());
        let opened = block_on(BlobFiles::of_archive(&shelf, "zip".into(), &LIMITS, &|_| true));
        opened.unwrap().0.entries().iter().map(|file| file.stamp).collect::<Vec<_>>()
    };
    let before = stamps(&[("r-1/a.py", b"one"), ("r-1/b.py", b"two"), ("r-1/c.py", b"one")]);
    let after = stamps(&[("r-2/a.py", b"one"), ("r-2/b.py", b"TWO"), ("r-2/c.py", b"one")]);
    assert!(before[0] == after[0] && before[2] == after[2] && before[0] == before[2]);
    assert!(before[1] != after[1]);
}

#[test]
fn a_file_that_does_not_hold_what_it_says_is_an_error_of_its_own() {
    let mut archive = zip(&[("r/a.py", b"unharmed"), ("r/b.py", &noise(400, 3))]);
    let at = archive.windows(6).position(|name| name == b"r/b.py").unwrap() + 100;
    archive[at] ^= 1;
    let shelf = Shelf(archive, Cell::default());
    let opened = block_on(BlobFiles::of_archive(&shelf, "zip".into(), &LIMITS, &|_| true));
    let (files, _) = opened.unwrap();
    assert_eq!(block_on(files.read("a.py", 3)).unwrap(), b"unh");
    let error = block_on(files.read("b.py", 600)).unwrap_err();
    assert!(error.to_string().contains("cannot be read") && files.failure().is_none(), "{error}");
}

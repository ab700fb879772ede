//! Archives and packs: any bytes as what somebody sent in.

use astlas_atlas::{keys::Sources, ports::Files};
use astlas_sources::{BlobFiles, Limits, unpack};
use pollster::block_on;

use crate::shelf::{NAME, Shelf};

/// Far below what the service takes, so that bombs are small.
pub const LIMITS: Limits = Limits { unpacked: 1 << 20, wanted: 64 << 10, file: 16 << 10, entries: 64 };

/// Files by path, as far as they can be read, and what was said where they cannot.
pub type Read = Vec<(String, Result<Vec<u8>, String>)>;

/// Whether a path of an archive is wanted.
fn is_wanted(path: &str) -> bool {
    !path.ends_with(".png")
}

/// Checks paths and sizes of what an archive holds.
fn check(files: &Read) {
    let mut bytes = 0;
    for (path, content) in files {
        let is_plain = path.split('/').all(|part| !part.is_empty() && part != "." && part != "..");
        assert!(is_plain && !path.contains(['\0', '\\']) && path.len() <= 1024, "{path:?}");
        match content {
            Ok(content) => {
                assert!(content.len() as u64 <= LIMITS.file, "{path}: {} bytes", content.len());
                bytes += content.len() as u64;
            }
            Err(error) => assert!(error.contains("cannot be read") || error.contains("gone"), "{path}: {error}"),
        }
    }
    assert!(bytes <= LIMITS.wanted && files.len() as u64 <= LIMITS.entries, "{bytes} bytes, {} files", files.len());
    assert!(files.is_sorted_by(|one, next| one.0 < next.0), "a path twice, or out of order");
}

/// The files of a tar, plain or compressed.
pub fn read_tar(bytes: &[u8]) -> Result<Read, String> {
    let unpacked = unpack(bytes, &LIMITS, is_wanted).map_err(|error| error.to_string())?;
    Ok(unpacked.files.into_iter().map(|(path, content)| (path, Ok(content))).collect())
}

/// The files of a zip.
pub fn read_zip(bytes: &[u8]) -> Result<Read, String> {
    let shelf = Shelf(bytes);
    let opened = block_on(BlobFiles::of_archive(&shelf, NAME.into(), &LIMITS, &is_wanted));
    let (files, _) = opened.map_err(|error| error.to_string())?;
    Ok(read_all(&files))
}

/// The files of a pack.
pub fn read_pack(bytes: &[u8]) -> Read {
    read_all(&BlobFiles::new(&Shelf(bytes), NAME.into(), Sources::Pack))
}

fn read_all(files: &impl Files) -> Read {
    block_on(files.ready());
    let read = |path: &str| block_on(files.read(path, LIMITS.file)).map_err(|error| error.to_string());
    files.entries().iter().map(|file| (file.path.clone(), read(&file.path))).collect()
}

/// Checks that a refusal says what is wrong and what to do.
fn check_refusal(error: &str) {
    assert!(error.contains("; send ") || error.contains("; pack "), "{error}");
}

/// A tar, plain or compressed with gzip or zstd.
pub fn tar(bytes: &[u8]) {
    match read_tar(bytes) {
        Ok(files) => check(&files),
        Err(error) => check_refusal(&error),
    }
}

/// A zip.
pub fn zip(bytes: &[u8]) {
    match read_zip(bytes) {
        Ok(files) => check(&files),
        Err(error) => check_refusal(&error),
    }
}

/// A pack: ours, so its paths are not looked at; but its table may be damaged.
pub fn pack(bytes: &[u8]) {
    for (path, content) in read_pack(bytes) {
        assert!(content.is_err() || content.is_ok_and(|content| content.len() <= bytes.len()), "{path}");
    }
}

//! Archives as nobody should make them.

use std::io::Write;

use rawzip::CompressionMethod;

#[derive(Clone, Copy)]
/// One entry of a tar, written as it is: no builder would.
pub struct TarEntry<'a> {
    /// At most 100 bytes; longer ones need an entry of their own.
    pub path: &'a [u8],
    /// `b'0'` is a file.
    pub kind: u8,
    /// What the header says of its size, if not the truth.
    pub size: Option<u64>,
    /// Its content.
    pub content: &'a [u8],
}

impl<'a> TarEntry<'a> {
    /// A plain file.
    pub fn file(path: &'a [u8], content: &'a [u8]) -> Self {
        Self { path, kind: b'0', size: None, content }
    }

    /// Something else than a file.
    pub fn other(kind: u8, path: &'a [u8], content: &'a [u8]) -> Self {
        Self { kind, ..Self::file(path, content) }
    }
}

/// A tar of these entries, with its end.
pub fn tar(entries: &[TarEntry<'_>]) -> Vec<u8> {
    let mut bytes = vec![];
    for entry in entries {
        let mut header = ::tar::Header::new_gnu();
        let gnu = header.as_gnu_mut().unwrap();
        gnu.name[..entry.path.len()].copy_from_slice(entry.path);
        gnu.typeflag = [entry.kind];
        if matches!(entry.kind, b'1' | b'2') {
            gnu.linkname[..11].copy_from_slice(b"/etc/passwd");
        }
        header.set_size(entry.size.unwrap_or(entry.content.len() as u64));
        header.set_cksum();
        bytes.extend(header.as_bytes());
        bytes.extend(entry.content);
        bytes.resize(bytes.len().next_multiple_of(512), 0);
    }
    bytes.resize(bytes.len() + 1024, 0);
    bytes
}

/// These bytes compressed with gzip.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// These bytes compressed with zstd.
pub fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// A zip of these files, deflated, with this Unix mode where there is one. Paths stand in it as they are.
pub fn zip(files: &[(&[u8], &[u8], Option<u32>)]) -> Vec<u8> {
    let mut output = Vec::new();
    let mut zip = rawzip::ZipArchiveWriter::new(&mut output);
    for (number, (path, content, mode)) in files.iter().enumerate() {
        // The writer makes paths plain, so they are put in afterwards.
        let name = placeholder(number, path.len());
        let mut file = zip.new_file(&name).compression_method(CompressionMethod::DEFLATE);
        if let Some(mode) = mode {
            file = file.unix_permissions(*mode);
        }
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(flate2::write::DeflateEncoder::new(&mut entry, flate2::Compression::fast()));
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    zip.finish().unwrap();
    for (number, (path, ..)) in files.iter().enumerate() {
        replace_all(&mut output, placeholder(number, path.len()).as_bytes(), path);
    }
    output
}

/// A name of this length that nothing else in an archive holds.
fn placeholder(number: usize, length: usize) -> String {
    let mut name = format!("{number:03}");
    name.extend(std::iter::repeat_n('~', length.saturating_sub(3)));
    name.truncate(length);
    name
}

/// Puts `new` where `old` is; both are equally long.
pub fn replace_all(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    assert_eq!(old.len(), new.len());
    let places: Vec<usize> =
        bytes.windows(old.len()).enumerate().filter(|(_, part)| *part == old).map(|(at, _)| at).collect();
    for at in places {
        bytes[at..at + new.len()].copy_from_slice(new);
    }
}

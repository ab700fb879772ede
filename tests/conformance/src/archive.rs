//! Archives, as forges and people pack them.

use std::io::Write;

use flate2::{Compression, write::DeflateEncoder, write::GzEncoder};

use crate::corpus::Files;

/// A tar of these files.
pub fn tar(files: &Files) -> Result<Vec<u8>, String> {
    let mut tar = tar::Builder::new(Vec::new());
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        // By hand: one that leads outside, the builder would refuse.
        let name = path.as_bytes();
        header.as_mut_bytes().get_mut(..name.len()).ok_or("a path is too long")?.copy_from_slice(name);
        header.set_cksum();
        tar.append(&header, content.as_slice()).map_err(|error| error.to_string())?;
    }
    tar.into_inner().map_err(|error| error.to_string())
}

/// The same, compressed.
pub fn tar_gz(files: &Files) -> Result<Vec<u8>, String> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&tar(files)?).and_then(|()| gzip.finish()).map_err(|error| error.to_string())
}

/// A zip of these files, deflated.
pub fn zip(files: &Files) -> Result<Vec<u8>, String> {
    let mut output = Vec::new();
    zip_into(&mut output, files).map_err(|error| error.to_string())?;
    Ok(output)
}

fn zip_into(output: &mut Vec<u8>, files: &Files) -> Result<(), Box<dyn std::error::Error>> {
    let mut zip = rawzip::ZipArchiveWriter::new(output);
    for (path, content) in files {
        let deflate = rawzip::CompressionMethod::DEFLATE;
        let (mut entry, config) = zip.new_file(path).compression_method(deflate).start()?;
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
        writer.write_all(content)?;
        let (encoder, descriptor) = writer.finish()?;
        encoder.finish()?;
        entry.finish(descriptor)?;
    }
    zip.finish()?;
    Ok(())
}

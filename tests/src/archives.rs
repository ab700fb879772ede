//! Archives as forges make them.

use std::io::Write;

/// A zip of these files, deflated.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
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

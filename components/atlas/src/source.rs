//! From a file to its tags: its language, its text or the reason why there is none, and what the parser makes of it.

use astlas_model::{Detector, Language, Tags, tags::DiagnosticType};

use crate::ports::{Files, ReadError, Source, StageError, Stages, TreeFile};

/// Largest file that is read, in bytes. Hand-written source stays far below; beyond it lie dumps and bundles, whose
/// syntax trees would need many times their size in memory.
pub const FILE_LIMIT: u64 = 10 << 20;

/// How much of a file without extension is read to see its `#!` line, in bytes.
pub const FIRST_LINE: u64 = 256;

/// How much of the start decides whether a file is text, in bytes.
const BINARY_WINDOW: usize = 8 << 10;

/// How much source is held at once while reading, in bytes and files: enough to keep every core busy.
const CHUNK_BYTES: u64 = 12 << 20;
pub(crate) const CHUNK_FILES: usize = 1024;

/// What a file's bytes are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoded {
    /// Text; `lossy` if some bytes had to be replaced.
    Text {
        /// The text.
        text: String,
        /// Whether bytes were replaced.
        lossy: bool,
    },
    /// Not text: the tags to keep in place.
    Skipped(Box<Tags>),
}

/// A file as it was read.
pub(crate) struct Content {
    /// blake3 of its bytes; of a file that is too large, of its size.
    pub hash: [u8; 32],
    pub decoded: Decoded,
    pub bytes: u64,
}

/// Whether a file may be source, as far as its path tells.
pub fn may_be(detector: &Detector, path: &str) -> bool {
    detector.by_path(path).is_some() || detector.needs_first_line(path)
}

/// The language of a file: by its path or, if that has no extension, by its first line. `start` is how the file begins;
/// [`FIRST_LINE`] bytes are enough, and none are needed where the path tells.
pub fn language<'d>(detector: &'d Detector, path: &str, start: &[u8]) -> Option<&'d Language> {
    if !detector.needs_first_line(path) {
        return detector.by_path(path);
    }
    let start = &start[..start.len().min(FIRST_LINE as usize)];
    let line = start.split(|&byte| byte == b'\n').next().unwrap_or_default();
    detector.by_first_line(String::from_utf8_lossy(line).trim_end())
}

/// Reads a file, unless it is too large.
pub(crate) async fn read(files: &impl Files, file: &TreeFile, language: &str) -> Result<Content, ReadError> {
    match file.stamp.size {
        size if size > FILE_LIMIT => Ok(too_large_content(language, size)),
        _ => Ok(content(language, files.read(&file.path, FILE_LIMIT).await?)),
    }
}

/// Bytes as the content of a file.
pub(crate) fn content(language: &str, bytes: Vec<u8>) -> Content {
    let size = bytes.len() as u64;
    if size > FILE_LIMIT {
        return too_large_content(language, size);
    }
    Content { hash: *blake3::hash(&bytes).as_bytes(), bytes: size, decoded: decode(language, bytes) }
}

fn too_large_content(language: &str, size: u64) -> Content {
    let hash = *blake3::hash(format!("too large: {size}").as_bytes()).as_bytes();
    Content { hash, decoded: Decoded::Skipped(Box::new(too_large(language, size))), bytes: 0 }
}

/// Cuts a list of files so that the sources of each part can be held at once.
pub(crate) fn chunks<T>(files: &[T], size: impl Fn(&T) -> u64) -> impl Iterator<Item = &[T]> {
    let mut rest = files;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |file: &&T| {
            bytes += size(file).min(FILE_LIMIT);
            bytes <= CHUNK_BYTES
        };
        let count = rest.iter().take(CHUNK_FILES).take_while(fits).count().max(1);
        let (chunk, later) = rest.split_at_checked(count)?;
        rest = later;
        Some(chunk)
    })
}

/// Tags of a file that is too large to read.
pub fn too_large(language: &str, size: u64) -> Tags {
    let message = format!("not parsed: {size} bytes, more than the limit of {FILE_LIMIT}");
    Tags::without(language, DiagnosticType::TooLarge, &message)
}

/// Decodes a file. A byte order mark is taken off; bytes that are not UTF-8 are replaced.
pub fn decode(language: &str, bytes: Vec<u8>) -> Decoded {
    if bytes[..bytes.len().min(BINARY_WINDOW)].contains(&0) {
        let tags = Tags::without(language, DiagnosticType::Binary, "not parsed: not a text file");
        return Decoded::Skipped(Box::new(tags));
    }
    let (mut text, lossy) = match String::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => (String::from_utf8_lossy(error.as_bytes()).into_owned(), true),
    };
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Decoded::Text { text, lossy }
}

/// The tags of contents, in their order. Each comes with the name of its language.
pub fn tags(stages: &impl Stages, contents: Vec<(String, Decoded)>) -> Result<Vec<Tags>, StageError> {
    let mut tags = vec![Tags::default(); contents.len()];
    let (mut places, mut sources) = (vec![], vec![]);
    for (at, (language, decoded)) in contents.into_iter().enumerate() {
        match decoded {
            Decoded::Skipped(skipped) => tags[at] = *skipped,
            Decoded::Text { text, lossy } => {
                places.push((at, lossy));
                sources.push(Source { language, text });
            }
        }
    }
    let parsed = stages.parse(sources)?;
    if parsed.len() != places.len() {
        let message = format!("answered for {} of {} files", parsed.len(), places.len());
        return Err(StageError { stage: "parser", message });
    }
    for ((at, lossy), parsed) in places.into_iter().zip(parsed) {
        tags[at] = parsed;
        if lossy {
            note_lossy(&mut tags[at]);
        }
    }
    Ok(tags)
}

/// Notes in a file's tags that some of its bytes were replaced.
pub fn note_lossy(tags: &mut Tags) {
    let message = "some bytes are not UTF-8 and were replaced";
    let diagnostics = &mut tags.diagnostics;
    let mut noted = astlas_model::tags::Diagnostics::default();
    noted.push(DiagnosticType::InvalidUtf8, 0, message);
    for (index, message) in diagnostics.message.iter().enumerate() {
        noted.push(diagnostics.types[index], diagnostics.line[index], message);
    }
    *diagnostics = noted;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_text_and_the_rest_says_why_not() {
        let text = |text: &str, lossy| Decoded::Text { text: text.into(), lossy };
        assert_eq!(decode("c", b"int x;".to_vec()), text("int x;", false));
        assert_eq!(decode("c", b"\xef\xbb\xbfint x;".to_vec()), text("int x;", false));
        assert_eq!(decode("c", b"// caf\xe9".to_vec()), text("// caf\u{fffd}", true));
        assert_eq!(decode("c", vec![]), text("", false));
        let Decoded::Skipped(tags) = decode("c", b"\x7fELF\0".to_vec()) else { panic!("binary") };
        assert_eq!(tags.diagnostics.types, [DiagnosticType::Binary]);
    }

    #[test]
    fn the_first_line_counts_where_the_name_does_not_tell() {
        let python = Language {
            name: "python".into(),
            extensions: vec!["py".into()],
            interpreters: vec!["python".into()],
            ..Language::default()
        };
        let detector = Detector::new(vec![python]);
        let name = |path, start: &[u8]| language(&detector, path, start).map(|language| language.name.as_str());
        assert_eq!(name("a.py", b""), Some("python"));
        assert_eq!(name("bin/run", b"#!/usr/bin/env python3\r\nx"), Some("python"));
        assert_eq!(name("bin/run", b"\n#!/usr/bin/env python3"), None);
        assert_eq!(name("run.txt", b"#!/usr/bin/env python3\n"), None);
        let late = [b"#!".as_slice(), &[b' '; FIRST_LINE as usize], b"python\n"].concat();
        assert_eq!(name("bin/run", &late), None, "beyond what is read of a file");
    }

    #[test]
    fn chunks_are_bounded_by_number_and_bytes_and_lose_nothing() {
        let cut = |sizes: &[u64]| chunks(sizes, |size| *size).map(<[u64]>::len).collect::<Vec<_>>();
        assert_eq!(cut(&[]), [0usize; 0]);
        assert_eq!(cut(&[1; 2 * CHUNK_FILES + 1]), [CHUNK_FILES, CHUNK_FILES, 1]);
        assert_eq!(cut(&[FILE_LIMIT, CHUNK_BYTES - FILE_LIMIT, 1, u64::MAX, u64::MAX]), [2, 2, 1]);
    }
}

//! From a file's bytes to text that can be parsed, or the reason why not.

use astlas_model::{Tags, tags::DiagnosticType};

/// Largest file that is read, in bytes. Hand-written source stays far below; beyond it lie dumps and bundles, whose
/// syntax trees would need many times their size in memory.
pub const FILE_LIMIT: u64 = 10 << 20;

/// How much of the start decides whether a file is text, in bytes.
const BINARY_WINDOW: usize = 8 << 10;

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
}

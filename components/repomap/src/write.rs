//! Writes the sections out.

use crate::{FileLines, Rendered, ShownFile, fill::Filled, line, section::is_marked, tokens};

/// The text, and what is in it.
pub fn text(files: &[FileLines], filled: Filled) -> Rendered {
    let (mut text, mut shown_files, mut units, mut tokens) = (String::new(), vec![], 0, 0);
    let count = filled.sections.len();
    for (index, section) in filled.sections.iter().enumerate() {
        let (file, is_last) = (&files[section.file], index + 1 == count);
        if section.lines.is_empty() {
            line::write_path(&mut text, &file.path);
        } else {
            line::write_heading(&mut text, &file.path);
            let mut before = None;
            for &shown in &section.lines {
                if is_marked(before, Some(shown), file) {
                    line::write_mark(&mut text);
                }
                line::write_code(&mut text, file.text.get(shown as usize).unwrap_or_default());
                before = Some(shown);
            }
            if is_marked(before, None, file) {
                line::write_mark(&mut text);
            }
            if !is_last {
                text.push('\n');
            }
        }
        // Tokens so far, less those before: so the files' tokens add up even where a token is several units.
        units += if is_last { section.cost().last } else { section.cost().inside() };
        let before = std::mem::replace(&mut tokens, tokens::tokens(units as u64, filled.tokenizer) as u32);
        let lines = section.lines.iter().map(|&shown| file.line[shown as usize]).collect();
        shown_files.push(ShownFile { file: section.file as u32, tokens: tokens - before, lines });
    }
    debug_assert_eq!(
        tokens,
        crate::count(&text, filled.tokenizer),
        "the cost of the text is not the sum of its lines'"
    );
    Rendered { text, tokens, files: shown_files, complete: filled.complete }
}

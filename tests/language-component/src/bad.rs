//! What no component should do: the text of a file says what.

use crate::{
    exports::astlas::{
        parser::parser::{ParseError, Source},
        types::tags::FileTags,
    },
    parse,
};

/// Answers that are no good, if one of the texts asks for them.
pub fn answers(sources: &[Source]) -> Option<Vec<Result<FileTags, ParseError>>> {
    let source = sources.first()?;
    let tags = parse::tags(&source.text);
    match source.text.lines().next()? {
        "trap" => panic!("as asked"),
        "loop" => loop {
            std::hint::black_box(&source);
        },
        "fill" => loop {
            // Few instructions, and very much work.
            std::hint::black_box(vec![1u8; 512 << 20]);
        },
        "grow" => {
            let mut all = vec![];
            loop {
                all.push(vec![1u8; 1 << 20]);
            }
        }
        "read" => {
            // An import that is there, and traps.
            let _ = std::fs::read("/etc/passwd");
            Some(vec![])
        }
        "none" => Some(vec![]),
        "two" => Some(vec![Ok(tags.clone()), Ok(tags)]),
        "unknown" => Some(vec![Err(ParseError::UnknownLanguage)]),
        "short" => {
            let mut tags = tags;
            tags.definitions.scope.pop();
            Some(vec![Ok(tags)])
        }
        "outside" => {
            let mut tags = tags;
            tags.definitions.end_byte.iter_mut().for_each(|end| *end = u32::MAX);
            Some(vec![Ok(tags)])
        }
        "lines" => {
            let mut tags = tags;
            tags.lines += 1;
            Some(vec![Ok(tags)])
        }
        _ => None,
    }
}

//! Source files that an index could not take tags from, and why.

use astlas_atlas::{
    Atlas,
    indexed::Indexed,
    ports::{Files, StageError},
};
use astlas_engine::Runtime;
use astlas_model::{Tags, tags::DiagnosticType};

use crate::cache::CommandCache;

/// Files whose tags are held at once, to bound memory.
const CHUNK: usize = 512;

/// One line for each file that has no tags because of what it is.
pub fn without_tags(
    atlas: &Atlas<Runtime, CommandCache>,
    indexed: &Indexed,
    tree: &impl Files,
) -> Result<Vec<String>, StageError> {
    let snapshot = &indexed.snapshot;
    if snapshot.files_with_diagnostics == 0 {
        return Ok(vec![]);
    }
    // What defines or references something was parsed. Only the tags of the few others have to be looked at.
    let mut is_silent = vec![true; snapshot.graph.files.len()];
    for &file in snapshot.graph.definition_file.iter().chain(&snapshot.graph.reference_file) {
        if let Some(is_silent) = is_silent.get_mut(file as usize) {
            *is_silent = false;
        }
    }
    let silent: Vec<u32> = (0u32..).zip(is_silent).filter(|(_, is_silent)| *is_silent).map(|(file, _)| file).collect();
    let reason = |path: &str, tags: &Tags| {
        let at = tags.diagnostics.types.iter().position(|kind| {
            use DiagnosticType::{Binary, ParserFailed, TooLarge, WorkLimit};
            matches!(kind, Binary | ParserFailed | TooLarge | WorkLimit)
        })?;
        let message = tags.diagnostics.message.get(at).unwrap_or_default();
        Some(format!("{path}: {message}; to leave it out, name it in .astlasignore"))
    };
    collect(atlas, indexed, tree, &silent, reason)
}

/// One line for each file with diagnostics: the first of them, and how many more there are.
pub fn with_diagnostics(
    atlas: &Atlas<Runtime, CommandCache>,
    indexed: &Indexed,
    tree: &impl Files,
) -> Result<Vec<String>, StageError> {
    let all: Vec<u32> = (0..indexed.snapshot.graph.files.len() as u32).collect();
    let first = |path: &str, tags: &Tags| {
        let found = &tags.diagnostics;
        let (line, kind) = (found.line.first()? + 1, found.types.first()?.word());
        let more = match found.line.len() - 1 {
            0 => String::new(),
            more => format!(" ({more} more: `astlas tags` shows them)"),
        };
        Some(format!("{path}:{line}: {kind}: {}{more}", found.message.get(0).unwrap_or_default()))
    };
    collect(atlas, indexed, tree, &all, first)
}

fn collect(
    atlas: &Atlas<Runtime, CommandCache>,
    indexed: &Indexed,
    tree: &impl Files,
    files: &[u32],
    line: impl Fn(&str, &Tags) -> Option<String>,
) -> Result<Vec<String>, StageError> {
    let mut lines = vec![];
    for chunk in files.chunks(CHUNK) {
        let tags = pollster::block_on(atlas.tags_of(indexed, tree, chunk))?;
        let path = |file: u32| indexed.snapshot.graph.files.get(file as usize).unwrap_or_default();
        lines.extend(chunk.iter().zip(&tags).filter_map(|(&file, tags)| line(path(file), tags)));
    }
    Ok(lines)
}

//! One file at a time: parse within the work bound, run the tags query, report what is broken.

use std::fmt;

use astlas_model::{
    Tags,
    tags::{DiagnosticType, Diagnostics},
};
use tree_sitter::{Node, ParseOptions, ParseState, QueryCursor, Tree};

use crate::{
    extract,
    found::{Finder, Found, Injection},
    languages::{Compiled, CompiledLanguages, LANGUAGES, index_of, told_by_lines},
    origin,
    work::Work,
};

/// A file's work bound when the caller leaves it open: so many units of 100 parser steps, plus as many for each byte.
/// Real code takes a small part of it; error recovery on hostile input can take all of it.
const WORK_BASE: u64 = 200_000;
const WORK_PER_BYTE: u64 = 2;

/// Text handed to the lexer at a time, for one unit of work: at this size, a lexer that reads the same text again and
/// again spends a file's work in about the time that a parser does.
const READ_BYTES: usize = 512;

/// Query states kept at once. Above it tree-sitter drops the oldest, so a match may be missed but memory stays bounded,
/// and time with it: every state is tried at every node. A chain of calls takes about one state for each; at 64, the
/// longest chains in real code lose references, at 128 nothing is missed in 280 MB of 25 languages.
const MATCH_LIMIT: u32 = 128;

/// Depth below which no match begins. Beyond 65,535 tree-sitter cannot tell depths apart: states are never done, and all
/// of them are tried at every node, which takes minutes. Nobody writes code as deep as this.
const DEEPEST: u32 = 60_000;

/// Diagnostics kept for one file.
const DIAGNOSTICS: usize = 50;

/// What the caller may set.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Most work on one file, in units of 100 parser steps; 0 for a bound that grows with the file.
    pub work_limit: u64,
}

/// No language of that name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownLanguage;

impl fmt::Display for UnknownLanguage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no language of that name")
    }
}

impl std::error::Error for UnknownLanguage {}

/// Parses files one after the other, keeping tree-sitter's buffers in between.
pub struct Parser {
    parser: tree_sitter::Parser,
    cursor: QueryCursor,
    languages: CompiledLanguages,
}

impl Default for Parser {
    fn default() -> Self {
        let mut cursor = QueryCursor::new();
        cursor.set_match_limit(MATCH_LIMIT);
        cursor.set_max_start_depth(Some(DEEPEST));
        Self { parser: tree_sitter::Parser::new(), cursor, languages: CompiledLanguages::default() }
    }
}

impl Parser {
    /// The tags of one source text.
    pub fn parse(&mut self, language: &str, text: &str, options: Options) -> Result<Tags, UnknownLanguage> {
        let index = told_by_lines(index_of(language).ok_or(UnknownLanguage)?, text);
        let entry = &LANGUAGES[index];
        let failed = |message: &str| Ok(Tags::without(entry.name, DiagnosticType::ParserFailed, message));
        let compiled = match self.languages.get(index) {
            Ok(compiled) => compiled,
            Err(error) => return failed(&error.to_string()),
        };
        let limit = match options.work_limit {
            0 => WORK_BASE + WORK_PER_BYTE * text.len() as u64,
            limit => limit,
        };
        let work = Work::new(limit);
        if self.parser.set_language(&compiled.language).is_err() {
            return failed("the grammar was made for another version of tree-sitter");
        }
        let Some(outer) = tree(&mut self.parser, text, &work) else {
            self.parser.reset();
            let message = format!("not parsed: the file took more than {limit} units of work");
            let lines = text.lines().count() as u32;
            return Ok(Tags { lines, ..Tags::without(entry.name, DiagnosticType::WorkLimit, &message) });
        };
        let mut found = Found::default();
        Finder { text, compiled, work: &work }.find(&mut self.cursor, outer.root_node(), &mut found);
        let injections = std::mem::take(&mut found.injections);
        let inner = inner_trees(&mut self.parser, &self.languages, text, injections, &work);
        for (compiled, tree) in &inner {
            Finder { text, compiled, work: &work }.find(&mut self.cursor, tree.root_node(), &mut found);
        }
        // Code in code is as far as it goes.
        found.injections.clear();
        if entry.document {
            found.keep_outline();
        }
        let mut tags = extract::tags(text, found);
        tags.language = entry.name.into();
        (tags.generated, tags.minified) = (origin::is_generated(text), origin::is_minified(text, tags.lines));
        // In order of line the work limit comes last; it is one of those kept.
        let exhausted = work.is_spent();
        let trees = || inner.iter().map(|(_, tree)| tree).chain([&outer]);
        tags.diagnostics = errors(trees().filter(|tree| tree.root_node().has_error()), usize::from(exhausted));
        if exhausted {
            let message = "some tags are missing: the work limit was reached";
            tags.diagnostics.push(DiagnosticType::WorkLimit, tags.lines.saturating_sub(1), message);
        }
        Ok(tags)
    }

    /// Compiles the queries of all languages now instead of on first use.
    pub fn compile_all(&mut self) {
        for index in 0..LANGUAGES.len() {
            // A query that does not compile says so again with the file that needs it.
            let _ = self.languages.get(index);
        }
    }
}

/// The syntax tree, unless the work runs out.
fn tree(parser: &mut tree_sitter::Parser, text: &str, work: &Work) -> Option<Tree> {
    let bytes = text.as_bytes();
    // A lexer in search of the end of a string or of the start of the line can read very far for one parser step, again
    // and again: what it reads is work too.
    let mut read = |offset: usize, _| {
        // Never the beginning of a character without its end: tree-sitter would ask for the rest, and where the work runs
        // out there, it does not look whether it got any.
        let end = text.floor_char_boundary(offset + READ_BYTES);
        if work.spend().is_break() { &[][..] } else { bytes.get(offset..end).unwrap_or_default() }
    };
    let mut count = |_: &ParseState| work.spend();
    let options = ParseOptions::new().progress_callback(&mut count);
    parser.parse_with_options(&mut read, None, Some(options))
}

/// The syntax trees of code in other languages; their positions are those of the whole text. A part whose work runs out
/// has none.
fn inner_trees<'a>(
    parser: &mut tree_sitter::Parser,
    languages: &'a CompiledLanguages,
    text: &str,
    mut injections: Vec<Injection>,
    work: &Work,
) -> Vec<(&'a Compiled, Tree)> {
    // A part found by several patterns is in the language of the earliest.
    injections.sort_by_key(|injection| (injection.range.start_byte, injection.pattern));
    injections.dedup_by_key(|injection| injection.range.start_byte);
    let mut trees = vec![];
    for Injection { language, range, .. } in injections {
        let Ok(compiled) = languages.get(language) else { continue };
        let ready = parser.set_language(&compiled.language).is_ok() && parser.set_included_ranges(&[range]).is_ok();
        if ready && let Some(tree) = tree(parser, text, work) {
            trees.push((compiled, tree));
        }
        parser.reset();
    }
    // The next text is read as a whole again.
    let _ = parser.set_included_ranges(&[]);
    trees
}

/// What is broken in these trees, in order of line; leaves room for `others`.
fn errors<'a>(trees: impl Iterator<Item = &'a Tree>, others: usize) -> Diagnostics {
    let mut all = vec![];
    for tree in trees {
        report_errors(tree, &mut all, DIAGNOSTICS - others);
    }
    all.sort_by_key(|(line, ..)| *line);
    let mut diagnostics = Diagnostics::default();
    for (line, kind, message) in all {
        diagnostics.push(kind, line, &message);
    }
    diagnostics
}

/// Line, type and message.
type Report = (u32, DiagnosticType, String);

/// Walks only where tree-sitter says that something is broken.
fn report_errors(tree: &Tree, reports: &mut Vec<Report>, most: usize) {
    let mut cursor = tree.walk();
    while reports.len() < most {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            reports.push(report(node));
        }
        let descend = node.has_error() && !node.is_error() && cursor.goto_first_child();
        if descend {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

fn report(node: Node<'_>) -> Report {
    let start = node.start_position();
    let (kind, message) = if node.is_missing() {
        (DiagnosticType::MissingToken, format!("column {}: expected {}", start.column + 1, node.kind()))
    } else {
        (DiagnosticType::SyntaxError, format!("column {}: not valid in this language", start.column + 1))
    };
    (start.row as u32, kind, message)
}

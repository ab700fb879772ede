//! One file at a time: parse within the work bound, run the tags query, report what is broken.

use std::{
    fmt,
    ops::ControlFlow,
};

use astlas_model::{
    Tags,
    tags::{Diagnostics, DiagnosticType},
};
use tree_sitter::{Node, ParseOptions, ParseState, QueryCursor, Tree};

use crate::{
    extract::Extractor,
    languages::{compiled, index_of},
};

/// A file's work bound when the caller leaves it open: so many units of 100 parser steps, plus as many for each byte.
/// Real code takes about 0.02 units a byte; error recovery on hostile input, several hundred.
const WORK_BASE: u64 = 200_000;
const WORK_PER_BYTE: u64 = 2;

/// Query states kept at once. Above it tree-sitter drops the oldest, so a match may be missed but memory stays bounded.
const MATCH_LIMIT: u32 = 512;

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
}

impl Default for Parser {
    fn default() -> Self {
        let mut cursor = QueryCursor::new();
        cursor.set_match_limit(MATCH_LIMIT);
        Self { parser: tree_sitter::Parser::new(), cursor }
    }
}

impl Parser {
    /// The tags of one source text.
    pub fn parse(&mut self, language: &str, text: &str, options: Options) -> Result<Tags, UnknownLanguage> {
        let index = index_of(language).ok_or(UnknownLanguage)?;
        let failed = |message: &str| Ok(Tags::without(language, DiagnosticType::ParserFailed, message));
        let compiled = match compiled(index) {
            Ok(compiled) => compiled,
            Err(error) => return failed(&error.to_string()),
        };
        if self.parser.set_language(&compiled.language).is_err() {
            return failed("the grammar was made for another version of tree-sitter");
        }
        let limit = match options.work_limit {
            0 => WORK_BASE + WORK_PER_BYTE * text.len() as u64,
            limit => limit,
        };
        let mut work = Work { left: limit };
        let Some(tree) = self.tree(text, &mut work) else {
            self.parser.reset();
            let message = format!("not parsed: the file took more than {limit} units of work");
            return Ok(Tags::without(language, DiagnosticType::WorkLimit, &message));
        };
        let extractor = Extractor::new(text, compiled);
        let mut tags = extractor.tags(&mut self.cursor, tree.root_node(), &mut work);
        tags.language = language.into();
        if work.left == 0 {
            tags.diagnostics.push(DiagnosticType::WorkLimit, tags.lines, "some tags are missing: the work limit was reached");
        }
        if tree.root_node().has_error() {
            report_errors(&tree, &mut tags.diagnostics);
        }
        Ok(tags)
    }

    fn tree(&mut self, text: &str, work: &mut Work) -> Option<Tree> {
        let bytes = text.as_bytes();
        let mut count = |_: &ParseState| work.spend();
        let options = ParseOptions::new().progress_callback(&mut count);
        self.parser.parse_with_options(&mut |offset, _| bytes.get(offset..).unwrap_or_default(), None, Some(options))
    }
}

/// What is left of a file's work bound.
pub struct Work {
    left: u64,
}

impl Work {
    /// Takes one unit; breaks off when there is none.
    pub fn spend(&mut self) -> ControlFlow<()> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

/// Walks only where tree-sitter says that something is broken.
fn report_errors(tree: &Tree, diagnostics: &mut Diagnostics) {
    let mut cursor = tree.walk();
    loop {
        let node = cursor.node();
        if node.is_error() || node.is_missing() {
            report(node, diagnostics);
        }
        if diagnostics.line.len() >= DIAGNOSTICS {
            return;
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

fn report(node: Node<'_>, diagnostics: &mut Diagnostics) {
    let start = node.start_position();
    let (kind, message) = if node.is_missing() {
        (DiagnosticType::MissingToken, format!("column {}: expected {}", start.column + 1, node.kind()))
    } else {
        (DiagnosticType::SyntaxError, format!("column {}: not valid in this language", start.column + 1))
    };
    diagnostics.push(kind, start.row as u32, &message);
}

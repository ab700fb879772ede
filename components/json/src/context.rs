//! The context of a change in answers. Sections without anything are left out.

use astlas_atlas::context::{Bundle, Relation};
use schemars::JsonSchema;
use serde::Serialize;

/// What a reviewer needs to see beside the diff, inside one token budget. The lists hold what the text shows.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ReviewContext<'a> {
    tokens: u32,
    budget: u32,
    tokenizer: &'static str,
    complete: bool,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    symbols: Vec<ChangedSymbol<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<ChangedFile<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cycles: Vec<NewCycle<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callers: Vec<RelatedSymbol<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callees: Vec<RelatedSymbol<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<TouchingTest<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<MissingFile<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    map: Vec<ContextFile<'a>>,
}

/// A definition that the change adds, alters or removes.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChangedSymbol<'a> {
    file: &'a str,
    status: &'static str,
    name: &'a str,
    r#type: &'static str,
    line: u32,
    signature: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_signature: Option<&'a str>,
}

/// A changed file without a changed definition.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChangedFile<'a> {
    file: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_file: Option<&'a str>,
}

/// Files that use each other in a circle, as they did not before.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NewCycle<'a> {
    files: &'a [String],
    shortest: &'a [String],
}

/// A definition that refers to a changed symbol, or that one refers to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct RelatedSymbol<'a> {
    file: &'a str,
    line: u32,
    name: Option<&'a str>,
    r#type: Option<&'static str>,
    signature: &'a str,
    symbol: &'a str,
    symbol_file: &'a str,
    confidence: f64,
}

/// A test file tied to changed files.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct TouchingTest<'a> {
    file: &'a str,
    line: Option<u32>,
    symbols: &'a [String],
    confidence: f64,
    changed: bool,
}

/// A file that usually changes along and does not this time.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct MissingFile<'a> {
    file: &'a str,
    value: f64,
    together: u32,
    commits: u32,
}

/// A file on the map of what surrounds the change.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ContextFile<'a> {
    file: &'a str,
    score: f64,
    tokens: u32,
    lines: Vec<u32>,
}

fn related(relation: &Relation) -> RelatedSymbol<'_> {
    RelatedSymbol {
        file: &relation.file,
        line: relation.line + 1,
        name: relation.name.as_deref(),
        r#type: relation.kind.map(|kind| kind.word()),
        signature: &relation.signature,
        symbol: &relation.symbol,
        symbol_file: &relation.symbol_file,
        confidence: relation.confidence,
    }
}

impl<'a> ReviewContext<'a> {
    /// A bundle that was drawn within this budget.
    pub fn new(bundle: &'a Bundle, budget: u32, tokenizer: &'static str) -> Self {
        let symbols = bundle.symbols.iter().map(|symbol| ChangedSymbol {
            file: &symbol.file,
            status: symbol.status.word(),
            name: &symbol.name,
            r#type: symbol.kind.word(),
            line: symbol.line + 1,
            signature: &symbol.signature,
            old_signature: symbol.old_signature.as_deref(),
        });
        let files = bundle.files.iter().map(|file| ChangedFile {
            file: &file.path,
            status: file.status.word(),
            old_file: file.old_path.as_deref(),
        });
        let tests = bundle.tests.iter().map(|test| TouchingTest {
            file: &test.file,
            line: test.line.map(|line| line + 1),
            symbols: &test.symbols,
            confidence: test.confidence,
            changed: test.is_changed,
        });
        let missing = bundle.missing.iter().map(|missing| MissingFile {
            file: &missing.file,
            value: missing.value,
            together: missing.together,
            commits: missing.commits,
        });
        let map = bundle.map.files.iter().map(|file| ContextFile {
            file: &file.path,
            score: file.score,
            tokens: file.tokens,
            lines: file.lines.iter().map(|line| line + 1).collect(),
        });
        Self {
            tokens: bundle.tokens,
            budget,
            tokenizer,
            complete: bundle.complete,
            text: &bundle.text,
            symbols: symbols.collect(),
            files: files.collect(),
            cycles: bundle.cycles.iter().map(|c| NewCycle { files: &c.files, shortest: &c.shortest }).collect(),
            callers: bundle.callers.iter().map(related).collect(),
            callees: bundle.callees.iter().map(related).collect(),
            tests: tests.collect(),
            missing: missing.collect(),
            map: map.collect(),
        }
    }
}

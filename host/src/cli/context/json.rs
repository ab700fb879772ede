//! A context as JSON. Lines are one-based; sections without anything are left out.

use anyhow::Result;
use astlas_atlas::context::{Bundle, Relation};
use serde::Serialize;

use crate::output;

#[derive(Serialize)]
struct Json<'a> {
    tokens: u32,
    budget: u32,
    tokenizer: &'a str,
    complete: bool,
    text: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    symbols: Vec<Symbol<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<File<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cycles: Vec<Cycle<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callers: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    callees: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tests: Vec<Test<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    missing: Vec<Missing<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    map: Vec<MapFile<'a>>,
}

#[derive(Serialize)]
struct Symbol<'a> {
    file: &'a str,
    status: &'static str,
    name: &'a str,
    r#type: &'static str,
    line: u32,
    signature: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_signature: Option<&'a str>,
}

#[derive(Serialize)]
struct File<'a> {
    file: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old_file: Option<&'a str>,
}

#[derive(Serialize)]
struct Cycle<'a> {
    files: &'a [String],
    shortest: &'a [String],
}

#[derive(Serialize)]
struct Related<'a> {
    file: &'a str,
    line: u32,
    name: Option<&'a str>,
    r#type: Option<&'static str>,
    signature: &'a str,
    symbol: &'a str,
    symbol_file: &'a str,
    confidence: f64,
}

#[derive(Serialize)]
struct Test<'a> {
    file: &'a str,
    line: Option<u32>,
    symbols: &'a [String],
    confidence: f64,
    changed: bool,
}

#[derive(Serialize)]
struct Missing<'a> {
    file: &'a str,
    value: f64,
    together: u32,
    commits: u32,
}

#[derive(Serialize)]
struct MapFile<'a> {
    file: &'a str,
    score: f64,
    tokens: u32,
    lines: Vec<u32>,
}

fn related(relation: &Relation) -> Related<'_> {
    Related {
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

/// The bundle, drawn within this budget.
pub fn text(bundle: &Bundle, budget: u32, tokenizer: &str) -> Result<String> {
    let symbols = bundle.symbols.iter().map(|symbol| Symbol {
        file: &symbol.file,
        status: symbol.status.word(),
        name: &symbol.name,
        r#type: symbol.kind.word(),
        line: symbol.line + 1,
        signature: &symbol.signature,
        old_signature: symbol.old_signature.as_deref(),
    });
    let files = bundle.files.iter().map(|file| File {
        file: &file.path,
        status: file.status.word(),
        old_file: file.old_path.as_deref(),
    });
    let tests = bundle.tests.iter().map(|test| Test {
        file: &test.file,
        line: test.line.map(|line| line + 1),
        symbols: &test.symbols,
        confidence: test.confidence,
        changed: test.is_changed,
    });
    let missing = bundle.missing.iter().map(|missing| Missing {
        file: &missing.file,
        value: missing.value,
        together: missing.together,
        commits: missing.commits,
    });
    let map = bundle.map.files.iter().map(|file| MapFile {
        file: &file.path,
        score: file.score,
        tokens: file.tokens,
        lines: file.lines.iter().map(|line| line + 1).collect(),
    });
    output::json(&Json {
        tokens: bundle.tokens,
        budget,
        tokenizer,
        complete: bundle.complete,
        text: &bundle.text,
        symbols: symbols.collect(),
        files: files.collect(),
        cycles: bundle.cycles.iter().map(|c| Cycle { files: &c.files, shortest: &c.shortest }).collect(),
        callers: bundle.callers.iter().map(related).collect(),
        callees: bundle.callees.iter().map(related).collect(),
        tests: tests.collect(),
        missing: missing.collect(),
        map: map.collect(),
    })
}

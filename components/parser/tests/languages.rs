//! Runs the marked-up sources of `queries/*/tests/`.
//!
//! A source says of itself what its tags are. In a comment below a line, carets point at a name on that line and a
//! label says what it is, optionally followed by the scope it is in:
//!
//! ```text
//! class Shape(Thing):
//! #     ^ definition.class
//! #           ^ reference.class
//!     def area(self):
//! #       ^ definition.method Shape
//! ```
//!
//! `import` points at the path and may be followed by the imported name; `export` points at the name; `doc` points at
//! the name of a definition and is followed by its documentation. `<-` instead of carets points at the column where the
//! comment starts; several carets are as many as the name or path is long. Every definition, import and export of the
//! file must be marked, and every mark must be found; references and documentation need not all be marked.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{collections::BTreeSet, fmt, fs, path::Path};

use astlas_model::{Detector, Tags};
use astlas_parser::{Options, Parser, languages};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    /// Zero-based line and byte column of a name, and its length in bytes; 0 where that is not said.
    line: usize,
    column: usize,
    width: usize,
    /// What it is.
    label: String,
    /// The scope, the imported name, or the documentation.
    detail: String,
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "at column {}, {} wide: {} {}", self.column + 1, self.width, self.label, self.detail)
    }
}

impl Mark {
    fn is_same_place_and_label(&self, other: &Self) -> bool {
        self.line == other.line && self.column == other.column && self.label == other.label
    }
}

#[test]
fn marked_up_sources_have_the_tags_they_say() {
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../queries");
    let only = std::env::var("LANGUAGE").ok();
    let (detector, mut failures) = (Detector::new(languages()), vec![]);
    for language in languages() {
        if only.as_ref().is_some_and(|only| *only != language.name) {
            continue;
        }
        let mut sources: Vec<_> = fs::read_dir(queries.join(&language.name).join("tests"))
            .map(|folder| folder.map(|entry| entry.unwrap().path()).collect())
            .unwrap_or_default();
        sources.sort();
        if sources.is_empty() {
            failures.push(format!("queries/{}/tests has no source", language.name));
        }
        for source in sources {
            let text = fs::read_to_string(&source).unwrap();
            let path = source.to_str().unwrap();
            let found = detector.by_path(path).or_else(|| detector.by_first_line(text.lines().next().unwrap_or("")));
            // A language that shares its extension is told by its lines, when the file is parsed.
            let detected = found.map_or("none", |found| &found.name);
            let tags = Parser::default().parse(detected, &text, Options::default()).unwrap_or_default();
            if tags.language != language.name {
                failures.push(format!("{path}: detected as {detected}, parsed as {:?}", tags.language));
            }
            assert!(tags.is_sound(), "{path}");
            failures.extend(compare(&text, &tags).into_iter().map(|failure| format!("{path}:{failure}")));
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

fn compare(text: &str, tags: &Tags) -> Vec<String> {
    let (marks, found) = (marks(text), found(text, tags));
    let mut failures = vec![];
    for mark in &marks {
        // A mark without a scope or a width does not ask for one.
        let fits = |other: &&Mark| {
            mark.is_same_place_and_label(other)
                && (mark.detail.is_empty() || other.detail == mark.detail)
                && (mark.width == 0 || other.width == mark.width)
        };
        if !found.iter().any(|other| fits(&other)) {
            let there: Vec<_> = found.iter().filter(|other| other.line == mark.line).map(Mark::to_string).collect();
            failures.push(format!("{}: marked {mark}; the line has {there:?}", mark.line + 1));
        }
    }
    let optional = |other: &Mark| other.label.starts_with("reference") || other.label == "doc";
    for other in found.iter().filter(|other| !optional(other)) {
        if !marks.iter().any(|mark| mark.is_same_place_and_label(other)) {
            failures.push(format!("{}: not marked: {other}", other.line + 1));
        }
    }
    for (line, message) in tags.diagnostics.line.iter().zip(tags.diagnostics.message.iter()) {
        failures.push(format!("{}: does not parse: {message}", line + 1));
    }
    failures
}

fn marks(text: &str) -> BTreeSet<Mark> {
    let (mut marks, mut code_line) = (BTreeSet::new(), 0);
    for (number, line) in text.lines().enumerate() {
        match mark(line) {
            Some(mark) => {
                marks.insert(Mark { line: code_line, ..mark });
            }
            None => code_line = number,
        }
    }
    marks
}

fn mark(text: &str) -> Option<Mark> {
    let (column, width, rest) = match (text.find("^"), text.find("<-")) {
        (Some(caret), _) => {
            let rest = text[caret..].trim_start_matches('^');
            (caret, text.len() - caret - rest.len(), rest)
        }
        (None, Some(arrow)) => (text.len() - text.trim_start().len(), 0, &text[arrow + 2..]),
        (None, None) => return None,
    };
    let width = if width == 1 { 0 } else { width };
    let (label, rest) = rest.trim().split_once(char::is_whitespace).unwrap_or((rest.trim(), ""));
    let one_of = |labels: &[&str]| labels.contains(&label);
    let known =
        label.starts_with("definition.") || label.starts_with("reference.") || one_of(&["import", "export", "doc"]);
    let name = |word: &&str| word.chars().any(|letter| letter.is_alphanumeric() || letter == '_');
    let detail = if label == "doc" { rest.trim() } else { rest.split_whitespace().next().filter(name).unwrap_or("") };
    known.then(|| Mark { line: 0, column, width, label: label.into(), detail: detail.into() })
}

fn found(text: &str, tags: &Tags) -> BTreeSet<Mark> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let scope = |scope: u32| scope.checked_sub(1).map(|index| tags.qualified_name(index as usize)).unwrap_or_default();
    let mut found = BTreeSet::new();
    let mut add = |line: u32, at: usize, width: usize, label: &str, detail: String| {
        let (line, label) = (line as usize, label.to_owned());
        found.insert(Mark { line, column: at - starts[line], width, label, detail });
    };
    let d = &tags.definitions;
    for index in 0..d.name.len() {
        let (line, name) = (d.name_line[index], tags.name(d.name[index]));
        // The column of the name is not stored: it is the first whole occurrence at or after the definition's start.
        let from = starts[line as usize].max(d.start_byte[index] as usize);
        let at = from + whole_word(&text[from..], name).unwrap();
        add(line, at, name.len(), &format!("definition.{}", d.types[index].word()), scope(d.scope[index]));
        if let Some(doc) = d.doc.get(index).filter(|doc| !doc.is_empty()) {
            add(line, at, name.len(), "doc", doc.to_owned());
        }
    }
    let r = &tags.references;
    for index in 0..r.name.len() {
        let (start, end) = (r.start_byte[index] as usize, r.end_byte[index] as usize);
        add(r.line[index], start, end - start, &format!("reference.{}", r.types[index].word()), scope(r.scope[index]));
    }
    for (index, line) in tags.imports.line.iter().enumerate() {
        let path = tags.imports.path.get(index).unwrap();
        let at = text[starts[*line as usize]..].find(path).unwrap() + starts[*line as usize];
        let line = starts.partition_point(|start| *start <= at) - 1;
        add(line as u32, at, path.len(), "import", tags.imports.name.get(index).unwrap().into());
    }
    for (name, line) in tags.exports.name.iter().zip(&tags.exports.line) {
        let name = tags.name(*name);
        let at = whole_word(&text[starts[*line as usize]..], name).unwrap() + starts[*line as usize];
        add(*line, at, name.len(), "export", String::new());
    }
    found
}

fn whole_word(text: &str, word: &str) -> Option<usize> {
    let part_of_word = |letter: Option<char>| letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_');
    text.match_indices(word)
        .map(|(at, _)| at)
        .find(|&at| {
            !part_of_word(text[..at].chars().next_back()) && !part_of_word(text[at + word.len()..].chars().next())
        })
        .or_else(|| text.find(word))
}

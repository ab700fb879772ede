//! Runs the marked-up sources of `queries/*/tests/`.
//!
//! A source says of itself what its tags are. In a comment below a line, carets point at a name on that line and a label
//! says what it is, optionally followed by the scope it is in:
//!
//! ```text
//! class Shape(Thing):
//! #     ^ definition.class
//! #           ^ reference.class
//!     def area(self):
//! #       ^ definition.method Shape
//! ```
//!
//! `import` points at the path and may be followed by the imported name; `export` points at the name. `<-` instead of
//! carets points at the column where the comment starts. Every definition, import and export of the file must be marked,
//! and every mark must be found; references need not all be marked.

use std::{collections::BTreeSet, fs, path::Path};

use astlas_model::{Detector, Tags};
use astlas_parser::{Options, Parser, languages};

/// Zero-based line and byte column of a name, what it is, and the scope or imported name.
type Mark = (usize, usize, String, String);

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
            if found.map(|found| &found.name) != Some(&language.name) {
                failures.push(format!("{path}: detected as {:?}", found.map(|found| &found.name)));
            }
            let tags = Parser::default().parse(&language.name, &text, Options::default()).unwrap();
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
        // A mark without a scope does not ask for one.
        let fits = |other: &&Mark| {
            other.0 == mark.0 && other.1 == mark.1 && other.2 == mark.2 && (mark.3.is_empty() || other.3 == mark.3)
        };
        if !found.iter().any(|other| fits(&other)) {
            let there: Vec<_> =
                found.iter().filter(|other| other.0 == mark.0).map(|other| (other.1 + 1, &other.2, &other.3)).collect();
            failures.push(format!(
                "{}: marked at column {}: {} {}; the line has {there:?}",
                mark.0 + 1,
                mark.1 + 1,
                mark.2,
                mark.3
            ));
        }
    }
    for other in found.iter().filter(|other| !other.2.starts_with("reference")) {
        if !marks.iter().any(|mark| mark.0 == other.0 && mark.1 == other.1 && mark.2 == other.2) {
            failures.push(format!("{}: not marked at column {}: {} {}", other.0 + 1, other.1 + 1, other.2, other.3));
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
            Some((column, label, detail)) => {
                marks.insert((code_line, column, label, detail));
            }
            None => code_line = number,
        }
    }
    marks
}

fn mark(line: &str) -> Option<(usize, String, String)> {
    let (column, rest) = match (line.find("^"), line.find("<-")) {
        (Some(caret), _) => (caret, line[caret..].trim_start_matches('^')),
        (None, Some(arrow)) => (line.len() - line.trim_start().len(), &line[arrow + 2..]),
        (None, None) => return None,
    };
    let mut words = rest.split_whitespace();
    let label = words.next()?;
    let known =
        label.starts_with("definition.") || label.starts_with("reference.") || label == "import" || label == "export";
    let detail =
        words.next().filter(|word| word.chars().any(|letter| letter.is_alphanumeric() || letter == '_')).unwrap_or("");
    known.then(|| (column, label.to_owned(), detail.to_owned()))
}

fn found(text: &str, tags: &Tags) -> BTreeSet<Mark> {
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let scope = |scope: u32| scope.checked_sub(1).map(|index| tags.qualified_name(index as usize)).unwrap_or_default();
    let mut found = BTreeSet::new();
    let d = &tags.definitions;
    for index in 0..d.name.len() {
        let line = d.name_line[index] as usize;
        let name = tags.name(d.name[index]);
        // The column of the name is not stored: it is the first whole occurrence at or after the definition's start.
        let from = starts[line].max(d.start_byte[index] as usize);
        let column = whole_word(&text[from..], name).map_or(0, |at| from + at - starts[line]);
        found.insert((line, column, format!("definition.{}", d.types[index].word()), scope(d.scope[index])));
    }
    let r = &tags.references;
    for index in 0..r.name.len() {
        let line = r.line[index] as usize;
        found.insert((
            line,
            r.start_byte[index] as usize - starts[line],
            format!("reference.{}", r.types[index].word()),
            scope(r.scope[index]),
        ));
    }
    for (index, line) in tags.imports.line.iter().enumerate() {
        let path = tags.imports.path.get(index).unwrap();
        let at = text[starts[*line as usize]..].find(path).unwrap() + starts[*line as usize];
        let line = starts.partition_point(|start| *start <= at) - 1;
        found.insert((line, at - starts[line], "import".into(), tags.imports.name.get(index).unwrap().into()));
    }
    for (name, line) in tags.exports.name.iter().zip(&tags.exports.line) {
        let column = whole_word(&text[starts[*line as usize]..], tags.name(*name)).unwrap();
        found.insert((*line as usize, column, "export".into(), String::new()));
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

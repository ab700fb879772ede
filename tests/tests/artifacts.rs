//! The security claim: a finished component reaches nothing but what it imports, and neither a stage nor the pipeline,
//! which is made of stages, imports anything.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{collections::BTreeMap, fs};

use astlas_tests::Component;

/// What the read side is made of: all stages, with the nouns they share, and what keeps and tells. The write side has
/// the read side in it, and events.
const QUERY: [&str; 12] = [
    "types/columns",
    "types/history",
    "types/repository",
    "types/tags",
    "graph/graph",
    "parser/parser",
    "ranker/ranker",
    "repomap/repomap",
    "symbols/symbols",
    "blobs/blobs",
    "cache/cache",
    "telemetry/telemetry",
];

/// For each finished component what it imports, sorted.
fn imports() -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(astlas_tests::target().join("components")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let component = Component::read(&path);
            assert!(!component.exports.is_empty(), "{} exports nothing", path.display());
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            all.insert(name, component.imports.into_iter().collect());
        }
    }
    all
}

#[test]
fn stages_import_nothing_and_functions_what_they_are_made_of() {
    let of = |names: &[&str]| {
        // Of HTTP the nouns alone: there is no client.
        let http = "wasi:http/types@0.3.0".to_owned();
        let mut imports: Vec<String> = names.iter().map(|name| format!("astlas:{name}@0.1.0")).chain([http]).collect();
        imports.sort();
        imports
    };
    let mut expected: BTreeMap<String, Vec<String>> =
        ["graph", "parser", "pipeline", "ranker", "repomap", "symbols"].map(|stage| (stage.to_owned(), vec![])).into();
    expected.insert("query".into(), of(&QUERY));
    expected.insert("ingest".into(), of(&[&QUERY[..], &["events/events"]].concat()));
    assert_eq!(imports(), expected);
}

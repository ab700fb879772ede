//! The security claim: a finished component reaches nothing but what it imports, and neither a stage nor the pipeline,
//! which is made of stages, imports anything. And what a component says of itself.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

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

/// What the adapters for Spin reach.
const ADAPTERS: [(&str, &[&str]); 4] = [
    (
        "spin-blobs-gcs",
        &[
            "spin:variables/variables",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/types",
            "wasi:http/client",
            "wasi:http/types",
            "wasi:random/random",
        ],
    ),
    (
        "spin-cache-redis",
        &[
            "spin:redis/redis",
            "spin:variables/variables",
            "wasi:cli/stderr",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/types",
            "wasi:io/error",
            "wasi:io/streams",
            "wasi:random/random",
        ],
    ),
    (
        "spin-events-pubsub",
        &[
            "spin:variables/variables",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/types",
            "wasi:http/client",
            "wasi:http/types",
        ],
    ),
    (
        "spin-telemetry-log",
        &[
            "wasi:cli/stderr",
            "wasi:clocks/monotonic-clock",
            "wasi:clocks/system-clock",
            "wasi:io/error",
            "wasi:io/streams",
        ],
    ),
];

/// For each finished component what it imports.
fn imports() -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(astlas_tests::target().join("components")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "wasm") {
            let component = Component::read(&path);
            assert!(!component.exports.is_empty(), "{} exports nothing", path.display());
            all.insert(path.file_stem().unwrap().to_str().unwrap().to_owned(), component.imports);
        }
    }
    all
}

#[test]
fn stages_import_nothing_and_functions_what_they_are_made_of() {
    let of = |names: &[&str]| -> BTreeSet<String> {
        // Of HTTP the nouns alone: there is no client.
        let http = "wasi:http/types@0.3.0".to_owned();
        names.iter().map(|name| format!("astlas:{name}@0.1.0")).chain([http]).collect()
    };
    let stages = ["graph", "parser", "pipeline", "ranker", "repomap", "symbols"];
    let mut expected: BTreeMap<String, _> = stages.map(|stage| (stage.to_owned(), BTreeSet::new())).into();
    expected.insert("query".into(), of(&QUERY));
    expected.insert("ingest".into(), of(&[&QUERY[..], &["events/events"]].concat()));
    let (for_spin, found): (BTreeMap<_, _>, _) = imports().into_iter().partition(|(name, _)| name.starts_with("spin-"));
    assert_eq!(found, expected);

    // Without versions: of WASI 0.2 any will do.
    let bare = |names: &BTreeSet<String>| -> BTreeSet<String> {
        names.iter().map(|name| name.split('@').next().unwrap().to_owned()).collect()
    };
    let mut expected: BTreeMap<String, BTreeSet<String>> = ADAPTERS
        .map(|(name, imports)| (name.to_owned(), imports.iter().map(|import| (*import).to_owned()).collect()))
        .into();
    // What is composed with all of them reaches what they reach.
    let whole: BTreeSet<String> = expected.values().flatten().cloned().collect();
    expected.extend(["spin-query", "spin-ingest"].map(|name| (name.to_owned(), whole.clone())));
    let found: BTreeMap<String, BTreeSet<String>> =
        for_spin.iter().map(|(name, imports)| (name.clone(), bare(imports))).collect();
    assert_eq!(found, expected);
}

/// A number of LEB128, and what follows.
fn number(bytes: &[u8]) -> (usize, &[u8]) {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    (bytes[..end].iter().rev().fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)), &bytes[end..])
}

/// Names and contents of a component's own custom sections: not those of what is inside it.
fn custom_sections(component: &[u8]) -> BTreeMap<String, &[u8]> {
    let (mut sections, mut rest) = (BTreeMap::new(), &component[8..]);
    while let [kind, after @ ..] = rest {
        let (size, after) = number(after);
        let (section, after) = after.split_at(size);
        if *kind == 0 {
            let (length, section) = number(section);
            let (name, content) = section.split_at(length);
            sections.insert(String::from_utf8(name.to_vec()).unwrap(), content);
        }
        rest = after;
    }
    sections
}

#[test]
fn components_say_their_name_version_description_and_licence() {
    let folder = astlas_tests::target().join("components");
    for name in ["graph", "ingest", "parser", "pipeline", "query", "ranker", "repomap", "symbols"] {
        let component = fs::read(folder.join(format!("{name}.wasm"))).unwrap();
        let sections = custom_sections(&component);
        let manifest = fs::read_to_string(folder.join(format!("../../components/{name}/Cargo.toml"))).unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let text = |section: &str| std::str::from_utf8(sections[section]).unwrap();
        assert_eq!(text("description"), manifest["package"]["description"].as_str().unwrap(), "{name}");
        assert_eq!(text("version"), env!("CARGO_PKG_VERSION"), "{name}");
        assert_eq!(text("licenses"), env!("CARGO_PKG_LICENSE"), "{name}");
        assert_eq!(text("authors"), "The authors of Astlas", "{name}");
        // Its first subsection is the component's own name, after kind and sizes.
        let own = format!("astlas:{name}-component");
        assert_eq!(&sections["component-name"][3..3 + own.len()], own.as_bytes(), "{name}");
    }
}

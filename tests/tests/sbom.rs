//! Bills of materials, as `cargo xtask sbom` writes them: by CycloneDX's schema, and complete by Cargo.lock.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test relies on may stop it")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, iter,
    path::PathBuf,
    process::Command,
};

use astlas_tests::COMPONENTS;
use serde_json::Value;

/// What is shipped: the program, the components in it, and those for other hosts.
fn shipped() -> impl Iterator<Item = &'static str> {
    iter::once("astlas").chain(COMPONENTS)
}

fn file(name: &str) -> PathBuf {
    astlas_tests::target().join(format!("sbom/{name}.cdx.json"))
}

fn bill(name: &str) -> Value {
    let text = fs::read_to_string(file(name)).expect("`cargo xtask test` and `cargo xtask sbom` write it");
    serde_json::from_str(&text).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

#[test]
fn every_bill_is_valid_by_the_schema() {
    let python = std::env::var("ASTLAS_PYTHON").expect("`cargo xtask test` says where Python with cyclonedx is");
    let script = astlas_tests::target().join("../tests/sbom/validate.py");
    let output = Command::new(python).arg(script).args(shipped().map(file)).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
}

#[test]
fn every_crate_has_the_checksum_of_the_lock_file_and_every_reference_leads_somewhere() {
    let lock = fs::read_to_string(astlas_tests::target().join("../Cargo.lock")).unwrap();
    let field = |package: &str, name: &str| -> Option<String> {
        let line = package.lines().find_map(|line| line.strip_prefix(&format!("{name} = ")))?;
        Some(line.trim_matches('"').to_owned())
    };
    let packages = lock.split("[[package]]").filter_map(|package| {
        Some(((field(package, "name")?, field(package, "version")?), field(package, "checksum")?))
    });
    let checksums: BTreeMap<(String, String), String> = packages.collect();
    for name in shipped() {
        let bill = bill(name);
        let root = text(&bill["metadata"]["component"], "bom-ref").to_owned();
        let mut known = BTreeSet::from([root.clone()]);
        for component in list(&bill, "components") {
            let key = (text(component, "name").to_owned(), text(component, "version").to_owned());
            assert!(!text(&component["licenses"][0], "expression").is_empty(), "{name}: {component}");
            if text(component, "purl").starts_with("pkg:cargo/") {
                assert_eq!(text(&component["hashes"][0], "content"), checksums[&key], "{name}: {component}");
            }
            assert!(known.insert(text(component, "bom-ref").to_owned()), "{name} has {component} twice");
        }
        let mut below: BTreeMap<&str, &[Value]> = BTreeMap::new();
        for dependency in list(&bill, "dependencies") {
            below.insert(text(dependency, "ref"), list(dependency, "dependsOn"));
        }
        // Everything is there for something.
        let (mut reached, mut waiting) = (BTreeSet::new(), vec![root.as_str()]);
        while let Some(reference) = waiting.pop() {
            if reached.insert(reference.to_owned()) {
                waiting.extend(below.get(reference).into_iter().copied().flatten().filter_map(Value::as_str));
            }
        }
        assert_eq!(reached, known, "{name}");
    }
}

#[test]
fn what_is_not_linked_is_not_listed() {
    let names = |name: &str| -> BTreeSet<String> {
        list(&bill(name), "components").iter().map(|component| text(component, "name").to_owned()).collect()
    };
    let (program, parser, ranker) = (names("astlas"), names("parser"), names("ranker"));
    assert!(program.contains("wasmtime") && program.contains("astlas-parser.wasm") && !program.contains("tree-sitter"));
    assert!(parser.contains("tree-sitter") && parser.contains("tree-sitter-python") && !parser.contains("petgraph"));
    // Of macros and of what runs at build time alone nothing is left.
    for names in [&program, &parser, &ranker] {
        assert!(names.contains("serde") && !names.contains("serde_derive") && !names.contains("syn"), "{names:?}");
        assert!(!names.contains("cc") && !names.contains("proptest"), "{names:?}");
    }
    // The whole workspace has this one with more features than the component.
    assert!(ranker.contains("serde_core") && !ranker.contains("serde_json") && !ranker.contains("tokio"), "{ranker:?}");
}

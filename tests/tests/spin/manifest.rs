//! `spin.toml` against what is built.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use astlas_spin_host::Manifest;
use astlas_tests::Component;

/// What a dependency has to inherit for what it imports.
const INHERITED: [(&str, &str); 3] = [
    ("spin:redis/redis@3.0.0", "allowed_outbound_hosts"),
    ("spin:variables/variables@3.0.0", "variables"),
    ("wasi:http/client@0.3.0", "allowed_outbound_hosts"),
];

pub fn file(name: &str) -> PathBuf {
    astlas_tests::target().join("..").join(name)
}

pub fn manifest() -> Manifest {
    Manifest::read(&file("spin.toml"))
}

fn component(name: &str) -> Component {
    Component::read(&file(name))
}

#[test]
fn every_import_of_a_function_is_what_one_dependency_exports() {
    let manifest = manifest();
    assert_eq!(manifest.spin_manifest_version, 2);
    assert_eq!(manifest.application.version, env!("CARGO_PKG_VERSION"));
    for (name, described) in &manifest.components {
        let function = component(&described.source);
        assert_eq!(function.exports, BTreeSet::from(["wasi:http/handler@0.3.0".to_owned()]));
        let mut wanted: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        // Types without functions are the same wherever they come from.
        let imports = function.imports.iter().filter(|import| !import.starts_with("astlas:types/"));
        for import in imports.filter(|import| *import != "wasi:http/types@0.3.0") {
            wanted.entry(import.split('/').next().unwrap()).or_default().push(import);
        }
        let offered: Vec<&str> = described.dependencies.keys().map(String::as_str).collect();
        assert_eq!(wanted.keys().copied().collect::<Vec<_>>(), offered, "{name}");
        for (package, dependency) in &described.dependencies {
            let offers = component(&dependency.path);
            for import in &wanted[package.as_str()] {
                assert!(offers.exports.contains(*import), "{} does not export {import}", dependency.path);
            }
            let asked = INHERITED.iter().filter(|(import, _)| offers.imports.contains(*import)).map(|(_, key)| *key);
            let inherited: BTreeSet<&str> = dependency.inherit_configuration.iter().map(String::as_str).collect();
            assert_eq!(inherited, asked.collect(), "{name}: {package}");
        }
    }
}

#[test]
fn every_variable_is_declared_and_used() {
    let manifest = manifest();
    let used = |name: &str| {
        let is_it = |template: &String| template.contains(&format!("{{{{ {name} }}}}"));
        let all = manifest.components.values();
        all.flat_map(|it| it.variables.values().chain(&it.allowed_outbound_hosts)).any(is_it)
    };
    for (name, variable) in &manifest.variables {
        assert!(used(name), "nobody uses {name}");
        assert!(variable.required != variable.default.is_some(), "{name} has a default, or has to be given");
        let is_secret = ["login", "token", "secret"].iter().any(|word| name.ends_with(word));
        assert_eq!(variable.secret, is_secret, "{name}");
    }
    // Every template has its variable, and what may be reached has no path in it.
    for component in manifest.resolved(&[("bucket", "atlas")]).components.values() {
        for host in &component.allowed_outbound_hosts {
            assert!(host.split_once("://").is_some_and(|(_, rest)| !rest.contains('/') && !rest.is_empty()), "{host}");
        }
    }
}

#[test]
fn every_path_is_answered_by_the_function_that_has_it() {
    let manifest = manifest();
    for operation in astlas_query::Operation::ALL {
        assert_eq!(manifest.component_at(operation.path()), Some("query"), "{}", operation.path());
    }
    for operation in astlas_ingest::Operation::ALL {
        assert_eq!(manifest.component_at(operation.path()), Some("ingest"), "{}", operation.path());
    }
}

#[test]
fn the_composed_functions_hold_the_artifacts_that_the_program_holds() {
    for (name, described) in &manifest().components {
        let mut held = component(&format!("target/components/spin-{name}.wasm")).components;
        let parts = described.dependencies.values().map(|dependency| &dependency.path).chain([&described.source]);
        for path in parts {
            let artifact = fs::read(file(path)).unwrap();
            let place = held.iter().position(|held| *held == artifact);
            held.remove(place.unwrap_or_else(|| panic!("spin-{name}.wasm does not hold {path} as it is")));
            if let Ok(in_program) = fs::read(file(&format!("{path}.zst"))) {
                assert!(zstd::decode_all(&in_program[..]).unwrap() == artifact, "the program holds another {path}");
            } else {
                assert!(path.contains("/spin-"), "the program does not hold {path}");
            }
        }
        assert!(held.is_empty(), "spin-{name}.wasm holds {} more", held.len());
    }
}

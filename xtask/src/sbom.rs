//! Bills of materials: what is linked into the program and into each component, as CycloneDX's JSON in target/sbom.
//!
//! `cargo tree` says what that is, asked about the same packages at once, for the same target, as the build is: features
//! are those of that build alone. Lists that are made of `cargo metadata` have the features of the whole workspace in
//! them, its tests included: for a component up to six times as many crates. Nothing in a bill changes from run to run.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::{
    build::{ADAPTERS, FUNCTIONS, PIPELINE, STAGES, cargo, root},
    toolchain::{self, TARGET},
};

/// Version of CycloneDX.
const SPECIFICATION: &str = "1.6";

/// A package that is linked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    /// An expression of SPDX.
    license: String,
    is_ours: bool,
}

/// Packages, and which others each stands on.
type Graph = BTreeMap<Package, BTreeSet<Package>>;

/// Checksums of crates, by name and version.
type Checksums = BTreeMap<(String, String), String>;

/// Writes all bills.
pub fn all() -> Result<()> {
    let version = toolchain::output("rustc", &["-vV"]).context("rustc does not run")?;
    let said = |key: &str| version.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
    let host = said("host:").context("rustc does not say what it runs on")?;
    let checksums = checksums(&fs::read_to_string(root().join("Cargo.lock"))?)?;
    let bill = Bill { rust: said("release:").context("rustc does not say which it is")?, checksums: &checksums };

    // Stages are built at once, functions one by one (`build::components`).
    let stages = graph(TARGET, &STAGES.map(|stage| format!("astlas-{stage}")))?;
    for stage in STAGES {
        bill.write(stage, &part(&stages, &format!("astlas-{stage}"))?, TARGET, &[])?;
    }
    for function in FUNCTIONS {
        let package = format!("astlas-{function}");
        bill.write(function, &part(&graph(TARGET, std::slice::from_ref(&package))?, &package)?, TARGET, &[])?;
    }
    let package = format!("astlas-{PIPELINE}");
    let pipeline = graph(TARGET, std::slice::from_ref(&package))?;
    bill.write(PIPELINE, &part(&pipeline, &package)?, TARGET, &STAGES)?;
    let adapters = graph(TARGET, &ADAPTERS.map(|adapter| format!("astlas-{adapter}")))?;
    for adapter in ADAPTERS {
        bill.write(adapter, &part(&adapters, &format!("astlas-{adapter}"))?, TARGET, &[])?;
    }
    let program = "astlas".to_owned();
    let inside = [&STAGES[..], &FUNCTIONS].concat();
    bill.write("astlas", &part(&graph(host, std::slice::from_ref(&program))?, &program)?, host, &inside)
}

/// What cargo links for some packages that are built at once.
fn graph(target: &str, packages: &[String]) -> Result<Graph> {
    let mut command = cargo();
    command.args(["tree", "--locked", "--target", target, "--edges", "normal,no-proc-macro"]);
    command.args(["--prefix", "depth", "--format", "\t{p}\t{l}\t"]);
    let output = command.args(packages.iter().flat_map(|package| ["--package", package])).output()?;
    ensure!(output.status.success(), "cargo tree: {}", String::from_utf8_lossy(&output.stderr).trim());
    read(&String::from_utf8(output.stdout)?)
}

/// Reads lines of depth, package and licence. What a package stands on is listed the first time that it comes.
fn read(tree: &str) -> Result<Graph> {
    let mut graph = Graph::new();
    let mut above: Vec<Package> = vec![];
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut fields = line.split('\t');
        let mut next = || fields.next().with_context(|| format!("cargo tree says {line:?}"));
        let (depth, package, license) = (next()?.parse()?, next()?, next()?);
        let mut words = package.split(' ');
        let mut word = || words.next().with_context(|| format!("cargo tree says {line:?}"));
        let (name, version) = (word()?.to_owned(), word()?.trim_start_matches('v').to_owned());
        ensure!(!license.is_empty(), "{package} has no licence");
        // As licences were joined before SPDX.
        let license = license.replace(" / ", " OR ").replace('/', " OR ");
        let package = Package { name, version, license, is_ours: words.any(|word| word.starts_with('(')) };
        above.truncate(depth);
        if let Some(below) = above.last().and_then(|parent| graph.get_mut(parent)) {
            below.insert(package.clone());
        }
        graph.entry(package.clone()).or_default();
        above.push(package);
    }
    Ok(graph)
}

/// What one package stands on, directly or over others, with itself first.
fn part(graph: &Graph, name: &str) -> Result<(Package, Graph)> {
    let root =
        graph.keys().find(|package| package.name == name).with_context(|| format!("cargo tree has no {name}"))?;
    let (mut part, mut waiting) = (Graph::new(), vec![root]);
    while let Some(package) = waiting.pop() {
        let below = &graph[package];
        if part.insert(package.clone(), below.clone()).is_none() {
            waiting.extend(below);
        }
    }
    Ok((root.clone(), part))
}

fn checksums(lock: &str) -> Result<Checksums> {
    let lock: toml::Table = lock.parse()?;
    let packages = lock.get("package").and_then(toml::Value::as_array).context("Cargo.lock has no packages")?;
    let text = |package: &toml::Value, key| package.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    let entry = |package| Some(((text(package, "name")?, text(package, "version")?), text(package, "checksum")?));
    Ok(packages.iter().filter_map(entry).collect())
}

impl Package {
    /// Its name everywhere. Ours are not on crates.io; somebody else's there may be called the same.
    fn url(&self) -> String {
        let kind = if self.is_ours { "generic" } else { "cargo" };
        format!("pkg:{kind}/{}@{}", self.name, self.version.replace('+', "%2B"))
    }

    fn component(&self, kind: &str) -> Value {
        let url = self.url();
        json!({
            "type": kind, "bom-ref": url, "name": self.name, "version": self.version,
            "licenses": [{ "expression": self.license }], "purl": url,
        })
    }
}

/// What all bills have in common.
struct Bill<'a> {
    rust: &'a str,
    checksums: &'a Checksums,
}

impl Bill<'_> {
    /// Writes the bill of a package and all below it; the components of these names are inside.
    fn write(&self, name: &str, (root, graph): &(Package, Graph), target: &str, inside: &[&str]) -> Result<()> {
        let standard = Package {
            name: "rust-std".into(),
            version: self.rust.into(),
            license: "MIT OR Apache-2.0".into(),
            is_ours: true,
        };
        let mut components = vec![standard.component("library")];
        let mut dependencies = vec![json!({ "ref": standard.url() })];
        for (package, below) in graph {
            let mut below: Vec<String> = below.iter().map(Package::url).collect();
            if package == root {
                below.push(standard.url());
                below.extend(inside.iter().map(|name| reference(name)));
            } else {
                let mut component = package.component("library");
                let checksum = self.checksums.get(&(package.name.clone(), package.version.clone()));
                ensure!(package.is_ours || checksum.is_some(), "Cargo.lock has no checksum of {}", package.url());
                if let Some(checksum) = checksum {
                    component["hashes"] = json!([{ "alg": "SHA-256", "content": checksum }]);
                }
                components.push(component);
            }
            dependencies.push(json!({ "ref": package.url(), "dependsOn": below }));
        }
        for name in inside {
            components.push(json!({
                "type": "application", "bom-ref": reference(name), "name": format!("astlas-{name}.wasm"),
                "version": root.version, "licenses": [{ "expression": root.license }],
                "externalReferences": [{ "type": "bom", "url": format!("{name}.cdx.json") }],
            }));
        }
        let bill = json!({
            "bomFormat": "CycloneDX", "specVersion": SPECIFICATION, "version": 1,
            "metadata": {
                "component": root.component("application"),
                "properties": [{ "name": "cdx:rustc:sbom:target:triple", "value": target }],
            },
            "components": components, "dependencies": dependencies,
        });
        let folder = crate::build::root().join("target/sbom");
        fs::create_dir_all(&folder)?;
        let file = folder.join(format!("{name}.cdx.json"));
        fs::write(&file, serde_json::to_string_pretty(&bill)?).with_context(|| file.display().to_string())
    }
}

/// What a bill calls a finished component.
fn reference(name: &str) -> String {
    format!("{name}.wasm")
}

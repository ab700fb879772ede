//! What `cargo xtask publish` writes: OCI layouts that skopeo reads and copies, with the artifacts in them, the same ones
//! each time; and wkg.toml, which names the same packages.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "what a test relies on may stop it")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use astlas_tests::COMPONENTS;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// Folders of `wit/` whose package is ours.
fn contracts() -> Vec<String> {
    let is_ours = |folder: &Path| {
        let files = fs::read_dir(folder).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
        files.into_iter().any(|text| text.lines().any(|line| line.starts_with("package astlas:")))
    };
    let folders = fs::read_dir(root().join("wit")).unwrap().map(|entry| entry.unwrap().path());
    let ours = folders.filter(|folder| !folder.ends_with("released") && is_ours(folder));
    let mut names: Vec<String> = ours.map(|path| path.file_name().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

fn root() -> PathBuf {
    astlas_tests::target().join("..")
}

fn digest(bytes: &[u8]) -> String {
    format!("sha256:{:x}", Sha256::digest(bytes))
}

/// Runs skopeo, which has to be content, and returns what it prints.
fn skopeo(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new("skopeo").args(arguments).output().expect("`cargo xtask test` installs skopeo");
    assert!(output.status.success(), "skopeo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The version of what is published under this name: of a component the workspace's, of a contract its own.
fn version(name: &str) -> String {
    if name.ends_with("-component") {
        return env!("CARGO_PKG_VERSION").to_owned();
    }
    let files = fs::read_dir(root().join("wit").join(name)).unwrap();
    let texts: Vec<String> = files.map(|file| fs::read_to_string(file.unwrap().path()).unwrap()).collect();
    let package = format!("package astlas:{name}@");
    let mut said = texts.iter().flat_map(|text| text.lines()).filter_map(|line| line.strip_prefix(&package));
    said.next().unwrap().trim_end_matches(';').to_owned()
}

/// An interface that a contract of ours has, with its version.
fn interface(name: &str) -> String {
    format!("astlas:{name}/{name}@{}", version(name))
}

/// A layout of target/publish, as skopeo copies it: its manifest, its configuration and its layer.
fn copied(name: &str) -> (Value, Value, Vec<u8>) {
    let layout = astlas_tests::target().join("publish").join(name);
    assert!(layout.exists(), "`cargo xtask test` and `cargo xtask publish --dry-run` write {}", layout.display());
    let source = format!("oci:{}:{}", layout.display(), version(name));
    let folder = tempfile::tempdir().unwrap();
    let target = format!("dir:{}", folder.path().display());
    skopeo(&["copy", "--insecure-policy", "--preserve-digests", &source, &target]);
    let raw = skopeo(&["inspect", "--raw", &source]);
    let manifest: Value = serde_json::from_slice(&raw).unwrap();
    let blob = |descriptor: &Value| {
        let named = descriptor["digest"].as_str().unwrap();
        let bytes = fs::read(folder.path().join(named.trim_start_matches("sha256:"))).unwrap();
        assert_eq!((digest(&bytes).as_str(), bytes.len() as u64), (named, descriptor["size"].as_u64().unwrap()));
        bytes
    };
    assert_eq!(manifest["layers"].as_array().unwrap().len(), 1);
    let config = serde_json::from_slice(&blob(&manifest["config"])).unwrap();
    (manifest.clone(), config, blob(&manifest["layers"][0]))
}

/// Asserts that manifest and configuration are what CNCF's guide says, and returns the annotations.
fn annotations(name: &str, manifest: &Value, config: &Value) -> Value {
    assert_eq!(manifest["mediaType"], "application/vnd.oci.image.manifest.v1+json", "{name}");
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json", "{name}");
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm", "{name}");
    assert_eq!((&config["architecture"], &config["os"]), (&json!("wasm"), &json!("wasip2")), "{name}");
    assert_eq!(config["layerDigests"], json!([manifest["layers"][0]["digest"]]), "{name}");
    let annotations = &manifest["annotations"];
    assert_eq!(annotations["org.opencontainers.image.version"], version(name), "{name}");
    assert_eq!(annotations["org.opencontainers.image.licenses"], "Apache-2.0", "{name}");
    assert!(annotations["org.opencontainers.image.description"].as_str().unwrap().len() > 20, "{name}");
    annotations.clone()
}

#[test]
fn skopeo_copies_every_component_and_its_layer_is_the_artifact() {
    for component in COMPONENTS {
        let name = format!("{component}-component");
        let (manifest, config, layer) = copied(&name);
        let annotations = annotations(&name, &manifest, &config);
        assert_eq!(annotations["org.opencontainers.image.title"], format!("astlas:{name}"));
        let artifact = fs::read(astlas_tests::target().join(format!("components/{component}.wasm"))).unwrap();
        assert!(layer == artifact, "{name} is not what was built");
        let has = |way: &str, what: &str| config["component"][way].as_array().unwrap().contains(&json!(what));
        match component {
            "query" | "ingest" => {
                assert!(has("imports", &interface("cache")) && has("exports", "wasi:http/handler@0.3.0"));
            }
            "spin-blobs-gcs" => assert!(has("exports", &interface("blobs")), "{config}"),
            "spin-cache-redis" => assert!(has("exports", &interface("cache")), "{config}"),
            "spin-events-pubsub" => assert!(has("exports", &interface("events")), "{config}"),
            "spin-telemetry-log" => assert!(has("exports", &interface("telemetry")), "{config}"),
            _ => {
                assert_eq!(config["component"]["imports"], json!([]), "{name}");
                assert!(has("exports", &interface(component)), "{config}");
            }
        }
    }
}

#[test]
fn skopeo_copies_every_contract_and_its_layer_is_a_package() {
    let names = contracts();
    assert!(names.len() > 10 && !names.contains(&"wasi-http".to_owned()), "{names:?}");
    for name in names {
        let (manifest, config, layer) = copied(&name);
        let annotations = annotations(&name, &manifest, &config);
        assert_eq!(annotations["org.opencontainers.image.title"], format!("astlas:{name}"));
        assert!(layer.starts_with(b"\0asm\x0d\0\x01\0"), "{name} is not in the binary form of components");
        let offers = config["component"]["exports"].as_array().unwrap();
        assert!(!offers.is_empty(), "{name}");
        let is_own = |offer: &Value| offer.as_str().unwrap().starts_with(&format!("astlas:{name}/"));
        assert!(offers.iter().all(is_own), "{name}: {offers:?}");
        // What is said of it, and its documentation, are inside.
        for text in ["Apache-2.0", annotations["org.opencontainers.image.description"].as_str().unwrap()] {
            assert!(layer.windows(text.len()).any(|part| part == text.as_bytes()), "{name} does not hold {text:?}");
        }
    }
}

#[test]
fn the_same_is_written_each_time_and_the_way_to_a_registry_said() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(astlas_tests::target().join("release/xtask"))
        .args(["publish", "--dry-run", "--registry", "registry.example/acme/", "--output"])
        .arg(folder.path())
        .output()
        .unwrap();
    let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    assert!(output.status.success(), "{said}");
    let names: Vec<String> =
        contracts().into_iter().chain(COMPONENTS.map(|component| format!("{component}-component"))).collect();
    for name in &names {
        let index = |folder: PathBuf| fs::read_to_string(folder.join(name).join("index.json")).unwrap();
        let again = index(folder.path().to_owned());
        assert_eq!(again, index(astlas_tests::target().join("publish")), "{name}");
        let index: Value = serde_json::from_str(&again).unwrap();
        let row = said.lines().find(|line| line.starts_with(&format!("astlas:{name} "))).expect("a row of the table");
        assert!(row.ends_with(index["manifests"][0]["digest"].as_str().unwrap()), "{row}");
        assert!(said.contains(&format!(" docker://registry.example/acme/astlas/{name}:{}\n", version(name))), "{said}");
    }
    let written = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(written.collect::<BTreeSet<_>>(), names.into_iter().collect());
}

#[test]
fn nothing_is_written_over_what_is_no_layout() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("blobs/notes.txt");
    fs::create_dir(folder.path().join("blobs")).unwrap();
    fs::write(&kept, "mine").unwrap();
    let xtask = astlas_tests::target().join("release/xtask");
    let output = Command::new(&xtask).args(["publish", "--dry-run", "--output"]).arg(folder.path()).output().unwrap();
    assert!(!output.status.success() && kept.exists());
    // Nor is anything pushed without being told where to.
    assert!(!Command::new(&xtask).arg("publish").output().unwrap().status.success());
}

#[test]
fn wkg_toml_is_a_workspace_of_all_our_contracts() {
    let table: toml::Table = fs::read_to_string(root().join("wkg.toml")).unwrap().parse().unwrap();
    // As wkg has it, nothing stands beside a workspace.
    assert_eq!(table.keys().collect::<Vec<_>>(), ["workspace"]);
    let workspace = table["workspace"].as_table().unwrap();
    assert_eq!(workspace.keys().map(String::as_str).collect::<BTreeSet<_>>(), ["members", "metadata"].into());
    let members: Vec<&str> = workspace["members"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert_eq!(members, contracts().iter().map(|name| format!("wit/{name}")).collect::<Vec<_>>());
    for (key, value) in workspace["metadata"].as_table().unwrap() {
        let known = ["authors", "description", "homepage", "licenses", "revision", "source"];
        assert!(known.contains(&key.as_str()) && value.is_str(), "{key}");
    }
}

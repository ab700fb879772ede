//! Unsafe code is denied, but in the files that SECURITY.md names.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The lint's name; not written out, for this file allows nothing.
const LINT: &str = concat!("unsafe", "_code");

/// Files below a folder whose names end so: those of the tree, none that was built.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let (mut found, mut folders) = (vec![], vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = entry.file_name().unwrap().to_str().unwrap_or_default().to_owned();
            if entry.is_dir() && name != "target" && !name.starts_with('.') && !entry.is_symlink() {
                folders.push(entry);
            } else if entry.is_file() && name.ends_with(ending) {
                found.push(entry);
            }
        }
    }
    found
}

#[test]
fn files_that_allow_it_are_those_that_are_named() {
    let root = astlas_tests::target().join("..");
    let security = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let section = security.split("\n## ").find(|section| section.starts_with("Unsafe code\n")).unwrap();
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let named: BTreeSet<String> = rows.filter_map(|row| Some(row.split_once('`')?.0.to_owned())).collect();
    let sources = files(&root, ".rs").into_iter().filter(|file| fs::read_to_string(file).unwrap().contains(LINT));
    let found: BTreeSet<String> =
        sources.map(|file| file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned()).collect();
    assert_eq!(found, named, "left: files that allow {LINT}; right: those in SECURITY.md, section Unsafe code");
}

#[test]
fn every_crate_of_the_workspace_denies_it() {
    let root = astlas_tests::target().join("..");
    let denied = format!("[workspace.lints.rust]\n{LINT} = \"deny\"\n");
    assert!(fs::read_to_string(root.join("Cargo.toml")).unwrap().contains(&denied));
    for manifest in files(&root, "Cargo.toml") {
        let text = fs::read_to_string(&manifest).unwrap();
        // A workspace of its own is an example of what others write.
        let is_member = !text.contains("[workspace]\n");
        assert!(!is_member || text.contains("[lints]\nworkspace = true\n"), "{}", manifest.display());
    }
}

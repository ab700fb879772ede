//! `cargo xtask contracts`: a contract that changed since its release needs another version, and which.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{fs, path::Path, process::Command};

const NOUNS: &str = "\
/// Nouns.
package astlas:nouns@0.1.0;

interface nouns {
    /// A file.
    record file {
        name: string,
        size: u64,
    }
}
";

const STORE: &str = "\
/// A store of files.
package astlas:store@0.1.0;

interface store {
    use astlas:nouns/nouns@0.1.0.{file};

    enum trouble { gone, full }

    /// Reads one.
    read: async func(name: string) -> result<file, trouble>;
    count: func() -> u32;
}

world store-component {
    export store;
}
";

/// What is changed: the file, a text in it, and what stands there instead.
type Edit = (&'static str, &'static str, &'static str);

/// Says whether contracts pass, and what is said if not.
fn contracts(folder: &Path, arguments: &[&str]) -> Result<(), String> {
    let xtask = astlas_tests::target().join("release/xtask");
    let output = Command::new(xtask).arg("contracts").arg("--wit").arg(folder).args(arguments).output().unwrap();
    if output.status.success() { Ok(()) } else { Err(String::from_utf8(output.stderr).unwrap()) }
}

/// A folder of contracts, recorded and then edited.
fn edited(edits: &[Edit]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("nouns", NOUNS), ("store", STORE)] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("contract.wit"), text).unwrap();
    }
    contracts(folder.path(), &["--record"]).unwrap();
    for (name, old, new) in edits {
        let file = folder.path().join(name).join("contract.wit");
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains(old), "{name} has no {old:?}");
        fs::write(&file, text.replace(old, new)).unwrap();
    }
    folder
}

#[track_caller]
fn passes(edits: &[Edit]) {
    contracts(edited(edits).path(), &[]).unwrap();
}

#[track_caller]
fn fails(edits: &[Edit], parts: &[&str]) {
    let folder = edited(edits);
    let said = contracts(folder.path(), &[]).unwrap_err();
    for part in parts {
        assert!(said.contains(part), "no {part:?} in:\n{said}");
    }
    // Nor is it recorded by the way.
    assert!(contracts(folder.path(), &["--record"]).is_err());
}

/// The version of the store, counted up.
const PATCH: Edit = ("store", "store@0.1.0", "store@0.1.1");
const MINOR: Edit = ("store", "store@0.1.0", "store@0.2.0");
const ADDED: Edit = ("store", "    count", "    sum: async func() -> u64;\n    count");
const REMOVED: Edit = ("store", "    count: func() -> u32;\n", "");

#[test]
fn what_is_recorded_passes_and_documentation_and_order_do_not_count() {
    passes(&[]);
    passes(&[
        ("store", "/// Reads one.", "/// Reads a file, or says why not.\n    // Soon."),
        ("nouns", "/// A file.", ""),
    ]);
    passes(&[REMOVED, ("store", "    enum", "    count: func() -> u32;\n    enum")]);
    passes(&[PATCH]);
}

#[test]
fn an_addition_takes_the_next_patch_and_is_named() {
    fails(&[ADDED], &["astlas:store@0.1.0 has changed", "has to be 0.1.1", "interface store: sum added"]);
    passes(&[ADDED, PATCH]);
    passes(&[ADDED, MINOR]);
}

#[test]
fn a_breaking_change_takes_the_next_minor_version() {
    let breaking: [(Edit, &str); 6] = [
        (REMOVED, "interface store: count removed"),
        (("store", "count: func() -> u32", "count: func() -> u64"), "interface store: count changed"),
        (("store", "read: async func", "read: func"), "interface store: read changed"),
        (("store", "gone, full", "gone, full, slow"), "interface store: enum trouble changed"),
        (("store", "export store;", ""), "world store-component: export store removed"),
        (("store", "export store;", "import now: func() -> u64; export store;"), "world store-component: import now"),
    ];
    for (edit, named) in breaking {
        for version in [("store", "", ""), PATCH] {
            fails(&[edit, version], &["astlas:store@0.1", "breaks", "has to be 0.2.0", named]);
        }
        passes(&[edit, MINOR]);
    }
}

#[test]
fn types_without_functions_are_compared_too() {
    let edit = ("nouns", "size: u64", "size: u32");
    fails(&[edit], &["astlas:nouns@0.1.0 breaks", "has to be 0.2.0", "interface nouns: record file changed"]);
    fails(
        &[edit, ("nouns", "nouns@0.1.0", "nouns@0.1.1"), ("store", "nouns@0.1.0", "nouns@0.1.1"), PATCH],
        &["astlas:nouns@0.1.1 breaks", "astlas:store@0.1.1 breaks"],
    );
}

#[test]
fn who_uses_another_series_of_a_package_breaks_with_it() {
    let moved = [("nouns", "nouns@0.1.0", "nouns@0.2.0"), ("store", "nouns@0.1.0", "nouns@0.2.0")];
    fails(&[moved[0], moved[1], PATCH], &["astlas:store@0.1.1 breaks", "has to be 0.2.0", "use astlas:nouns/nouns"]);
    passes(&[moved[0], moved[1], MINOR]);
    let patched = [("nouns", "nouns@0.1.0", "nouns@0.1.1"), ("store", "nouns@0.1.0", "nouns@0.1.1")];
    fails(&patched, &["astlas:store@0.1.0 has changed", "has to be 0.1.1"]);
    passes(&[patched[0], patched[1], PATCH]);
}

#[test]
fn versions_do_not_go_back() {
    fails(&[("store", "store@0.1.0", "store@0.0.9")], &["astlas:store@0.0.9 is older", "has to be 0.1.0"]);
}

#[test]
fn from_one_on_an_addition_takes_a_minor_and_a_break_a_major_version() {
    let released = |edits: &[Edit]| {
        let folder = edited(&[("store", "store@0.1.0", "store@1.4.2")]);
        contracts(folder.path(), &["--record"]).unwrap();
        let file = folder.path().join("store/contract.wit");
        let text = edits.iter().fold(fs::read_to_string(&file).unwrap(), |text, (_, old, new)| text.replace(old, new));
        fs::write(&file, text).unwrap();
        contracts(folder.path(), &[])
    };
    assert!(released(&[ADDED]).unwrap_err().contains("has to be 1.5.0"));
    assert!(released(&[ADDED, ("store", "@1.4.2", "@1.4.3")]).unwrap_err().contains("has to be 1.5.0"));
    assert!(released(&[REMOVED, ("store", "@1.4.2", "@1.5.0")]).unwrap_err().contains("has to be 2.0.0"));
    released(&[ADDED, ("store", "@1.4.2", "@1.5.0")]).unwrap();
    released(&[REMOVED, ("store", "@1.4.2", "@2.0.0")]).unwrap();
}

#[test]
fn a_package_is_recorded_or_forgotten_by_asking_for_it() {
    let folder = edited(&[]);
    fs::rename(folder.path().join("store"), folder.path().join("shop")).unwrap();
    let file = folder.path().join("shop/contract.wit");
    fs::write(&file, STORE.replace("astlas:store", "astlas:shop")).unwrap();
    let said = contracts(folder.path(), &[]).unwrap_err();
    assert!(said.contains("astlas:shop is not recorded") && said.contains("astlas:store is gone"), "{said}");
    contracts(folder.path(), &["--record"]).unwrap();
    contracts(folder.path(), &[]).unwrap();
    assert!(!folder.path().join("released/store.wit").exists());
}

//! A tree that changes file by file: what an update gives is what an index from scratch does.

use astlas_atlas::{
    indexed::Indexed,
    rank::{Context, Definitions},
};
use astlas_model::stages::{Profile, Ranks};

use crate::{Atlases, atlas, definitions, index, tree::Tree};

/// How far ranks that go on from earlier ones may be from those that begin anew.
const CLOSE: f64 = 1e-9;

/// Twelve files in two folders; each imports the next one and references what it defines.
fn tree() -> Tree {
    let mut tree = Tree::with(&[("README.md", "# Title\n"), ("run", "#!/usr/bin/env python3\ndef script(): pass\n")]);
    for file in 0..12 {
        let text = source(&format!("see{file}"), &format!("see{}", (file + 1) % 12), (file + 1) % 12);
        tree.write(&path(file), text.as_bytes(), 0);
    }
    tree
}

fn path(file: usize) -> String {
    format!("{}/m{file}.py", if file.is_multiple_of(2) { "even" } else { "odd" })
}

fn source(defined: &str, used: &str, imported: usize) -> String {
    let module = path(imported).replace('/', ".").replace(".py", "");
    format!("from {module} import {used}\n\ndef {defined}():\n    return {used}() + some_helper()\n")
}

fn ranks(atlas: &Atlases, indexed: &Indexed, profile: Profile) -> Ranks {
    let context = Context { profile, ..Context::default() };
    pollster::block_on(atlas.ranks(indexed, &context, Definitions::All)).unwrap()
}

/// Indexes by an update, and compares with an index from scratch.
fn updated(atlas: &Atlases, tree: &Tree, what: &str) {
    let indexed = index(atlas, tree);
    assert!(indexed.report.graph_updated && !indexed.report.graph_cached, "{what}");
    compare(atlas, tree, &indexed, what);
}

fn compare(atlas: &Atlases, tree: &Tree, indexed: &Indexed, what: &str) {
    let fresh = crate::atlas();
    let from_scratch = index(&fresh, tree);
    assert!(!from_scratch.report.graph_updated);
    assert_eq!(indexed.snapshot, from_scratch.snapshot, "{what}");
    assert_eq!(indexed.tree, from_scratch.tree, "{what}");
    assert_eq!(definitions(atlas, tree, indexed), definitions(&fresh, tree, &from_scratch), "{what}");
    for profile in [Profile::Default, Profile::Classic] {
        let (one, other) = (ranks(atlas, indexed, profile), ranks(&fresh, &from_scratch, profile));
        let scores = one.files.iter().zip(&other.files);
        assert!(scores.clone().all(|(one, other)| (one - other).abs() < CLOSE), "{what}: {one:?}\n{other:?}");
    }
}

#[test]
fn whatever_changes_an_update_is_an_index_from_scratch() {
    let (atlas, mut tree) = (atlas(), tree());
    let first = index(&atlas, &tree);
    assert!(!first.report.graph_updated);
    compare(&atlas, &tree, &first, "the first");
    let write = |tree: &mut Tree, path: &str, text: &str| tree.write(path, text.as_bytes(), 1);
    write(&mut tree, "even/m2.py", &source("see2", "see7", 7));
    updated(&atlas, &tree, "another reference");
    write(&mut tree, "odd/m3.py", &source("some_helper", "see4", 4));
    updated(&atlas, &tree, "a name that all reference comes to be defined, another one is no more");
    tree.remove("odd/m5.py");
    updated(&atlas, &tree, "a file is gone");
    write(&mut tree, "added.py", &source("see5", "see6", 6));
    updated(&atlas, &tree, "a file is added");
    tree.remove("added.py");
    write(&mut tree, "even/renamed.py", &source("see5", "see6", 6));
    updated(&atlas, &tree, "a file is renamed");
    write(&mut tree, "even/m4.py", "def broken(:\n    see1()\n");
    updated(&atlas, &tree, "a file is broken");
    write(&mut tree, "run", "no script any more");
    updated(&atlas, &tree, "a file is no source any more");
    assert_eq!(definitions(&atlas, &tree, &index(&atlas, &tree)).len(), 13);
}

#[test]
fn tags_of_unchanged_files_are_not_asked_for() {
    let (atlas, mut tree) = (atlas(), tree());
    index(&atlas, &tree);
    atlas.cache.asked("ast");
    let before = atlas.cache.keys("ast");
    tree.write("even/m2.py", source("see2", "see7", 7).as_bytes(), 1);
    assert!(index(&atlas, &tree).report.graph_updated);
    let new: Vec<_> = atlas.cache.keys("ast").into_iter().filter(|key| !before.contains(key)).collect();
    assert_eq!((new.len(), atlas.cache.asked("ast")), (1, new));
}

#[test]
fn where_much_changes_all_is_built_anew() {
    let (atlas, mut tree) = (atlas(), tree());
    index(&atlas, &tree);
    for file in 0..4 {
        tree.write(&path(file), source(&format!("new{file}"), "see7", 7).as_bytes(), 1);
    }
    let indexed = index(&atlas, &tree);
    assert!(!indexed.report.graph_updated);
    compare(&atlas, &tree, &indexed, "four of fourteen");
}

#[test]
fn what_an_update_needs_may_be_lost_spoilt_or_not_fit() {
    for kind in ["graph", "ledger", "symbols", "ast", "merkle"] {
        type Damage = fn(&Atlases, &str);
        let damages: [Damage; 2] = [|atlas, kind| atlas.cache.lose(&[kind]), |atlas, kind| atlas.cache.spoil(&[kind])];
        for damage in damages {
            let (atlas, mut tree) = (atlas(), tree());
            index(&atlas, &tree);
            tree.write("even/m2.py", source("see2", "see7", 7).as_bytes(), 1);
            damage(&atlas, kind);
            let indexed = index(&atlas, &tree);
            // The tags of files that did not change are not needed.
            assert_eq!(indexed.report.graph_updated, kind == "ast", "{kind}");
            compare(&atlas, &tree, &indexed, kind);
        }
    }
}

#[test]
fn a_ledger_of_another_tree_is_not_gone_on_from() {
    let (atlas, mut tree) = (atlas(), tree());
    index(&atlas, &tree);
    let first = atlas.cache.keys("ledger");
    // Of as many files, but of another number of names.
    tree.write("even/m2.py", source("other2", "see7", 7).as_bytes(), 1);
    index(&atlas, &tree);
    let second = atlas.cache.keys("ledger").into_iter().find(|key| !first.contains(key)).unwrap();
    atlas.cache.swap(&second, &first[0]);
    tree.write("even/m6.py", source("see6", "see9", 9).as_bytes(), 1);
    let indexed = index(&atlas, &tree);
    assert!(!indexed.report.graph_updated);
    compare(&atlas, &tree, &indexed, "swapped");
}

#[test]
fn ranks_go_on_from_those_of_the_tree_before() {
    let (atlas, mut tree) = (atlas(), tree());
    // Else all files rank alike, and a walk that starts so has settled.
    tree.write("even/m4.py", source("see4", "see9", 9).as_bytes(), 0);
    let before = index(&atlas, &tree);
    let profiles = [Profile::Default, Profile::Classic];
    let from_scratch = profiles.map(|profile| ranks(&atlas, &before, profile));
    let text = source("see2", "see3", 3) + "\n# one line more\n";
    tree.write("even/m2.py", text.as_bytes(), 1);
    let after = index(&atlas, &tree);
    for (profile, from_scratch) in profiles.into_iter().zip(from_scratch) {
        let rounds = ranks(&atlas, &after, profile).iterations;
        assert!(rounds <= 2 && from_scratch.iterations > 10, "{rounds} rounds, {}", from_scratch.iterations);
    }
    compare(&atlas, &tree, &after, "one line more");
}

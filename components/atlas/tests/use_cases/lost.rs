//! A cache that loses what it held: costs time, never an answer, and leaves nothing wrong behind.

use astlas_atlas::{indexed::Indexed, source::FILE_LIMIT};
use astlas_model::tags::DiagnosticType;

use crate::{Atlases, atlas, cache::Shaky, definitions, index, map, tree::Tree};

const ONE: (&str, &str) = ("one.py", "def one(): return see()\n");
const SEE: (&str, &str) = ("see.py", "def see(): pass\n");
const OTHER: &str = "def other(): pass\n";

fn all(atlas: &Atlases, tree: &Tree) -> (Indexed, Vec<String>, String) {
    let indexed = index(atlas, tree);
    let definitions = definitions(atlas, tree, &indexed);
    let text = map(atlas, tree, &indexed).text;
    (indexed, definitions, text)
}

#[test]
fn whatever_is_lost_or_spoilt_the_answers_are_the_same() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE, SEE]));
    tree.write("latin.py", b"# caf\xe9\ndef latine(): pass\n", 0);
    tree.write("large.py", b"", 0);
    tree.stamp("large.py").size = FILE_LIMIT + 1;
    let (indexed, names, text) = all(&atlas, &tree);
    assert_eq!(names, ["latin.py latine", "one.py one", "see.py see"]);
    let kinds: [&[&str]; 6] = [
        &["ast"],
        &["symbols", "map"],
        &["ast", "symbols", "map"],
        &["ast", "graph"],
        &["merkle", "graph"],
        &["languages"],
    ];
    for kinds in kinds {
        for damage in [Shaky::lose, Shaky::spoil] {
            damage(&atlas.cache, kinds);
            let again = all(&atlas, &tree);
            assert_eq!((&again.0.snapshot, &again.1, &again.2), (&indexed.snapshot, &names, &text), "{kinds:?}");
        }
    }
}

#[test]
fn tags_made_again_say_what_the_first_ones_said() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[SEE]));
    tree.write("latin.py", b"# caf\xe9\ndef latine(): pass\n", 0);
    let indexed = index(&atlas, &tree);
    let before = atlas.cache.tags();
    assert!(before.iter().any(|tags| tags.diagnostics.types == [DiagnosticType::InvalidUtf8]));
    atlas.cache.lose(&["ast"]);
    map(&atlas, &tree, &indexed);
    assert_eq!(atlas.cache.tags(), before);
}

#[test]
fn a_cache_that_keeps_nothing_changes_no_answer() {
    let (good, bad, tree) = (atlas(), atlas(), Tree::with(&[ONE, SEE]));
    bad.cache.refuse();
    let (indexed, names, text) = all(&good, &tree);
    for _ in 0..2 {
        let again = all(&bad, &tree);
        assert_eq!((again.0.snapshot, again.1, again.2), (indexed.snapshot.clone(), names.clone(), text.clone()));
        assert_eq!((again.0.report.parsed, again.0.report.cached), (2, 0));
    }
    assert_eq!(bad.cache.keys("ast"), [""; 0]);
}

#[test]
fn a_file_that_changed_while_its_tags_were_lost_is_indexed_as_it_is() {
    let (mut atlas, mut tree) = (atlas(), Tree::with(&[ONE, SEE]));
    index(&atlas, &tree);
    atlas.cache.lose(&["ast", "graph", "symbols"]);
    tree.write_unseen("one.py", OTHER);
    let (indexed, names, _) = all(&atlas, &tree);
    assert_eq!(names, ["one.py other", "see.py see"]);
    assert_eq!(index(&atlas, &tree).tree, indexed.tree, "the manifest names what was found");

    // Another folder that holds the old content has nothing of the new one.
    atlas.repository = "there".into();
    let there = Tree::with(&[ONE, SEE]);
    assert_eq!(all(&atlas, &there).1, ["one.py one", "see.py see"]);
}

#[test]
fn a_file_that_turned_into_something_else_is_left_out() {
    const SCRIPT: (&str, &str) = ("run", "#!/usr/bin/env python3\ndef script_one(): pass\n");
    let (atlas, mut tree) = (atlas(), Tree::with(&[SCRIPT, SEE]));
    assert_eq!(all(&atlas, &tree).1, ["run script_one", "see.py see"]);
    atlas.cache.lose(&["ast", "graph", "symbols"]);
    tree.write_unseen("run", "no script any more");
    let (indexed, names, _) = all(&atlas, &tree);
    assert_eq!((indexed.report.files, names), (1, vec!["see.py see".to_owned()]));
}

#[test]
fn a_file_that_cannot_be_read_while_its_tags_are_lost_is_reported_and_comes_back() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE, SEE]));
    let (first, names, text) = all(&atlas, &tree);
    atlas.cache.lose(&["ast", "graph", "symbols", "map"]);
    tree.lock("one.py");
    for _ in 0..2 {
        let (indexed, names, _) = all(&atlas, &tree);
        assert_eq!(names, ["see.py see"]);
        assert_eq!(indexed.report.unreadable, [("one.py".to_owned(), "permission denied".to_owned())]);
        assert_eq!((indexed.report.files, indexed.report.parsed + indexed.report.cached), (1, 1));
    }
    tree.unlock("one.py");
    let (indexed, again, drawn) = all(&atlas, &tree);
    assert_eq!((indexed.snapshot, again, drawn), (first.snapshot, names, text));
}

#[test]
fn what_was_drawn_without_a_file_is_not_kept_for_the_tree_that_has_it() {
    for lock in [true, false] {
        let (atlas, mut tree) = (atlas(), Tree::with(&[ONE, SEE]));
        let (indexed, names, text) = all(&atlas, &tree);
        let tags = atlas.cache.keys("ast");
        atlas.cache.lose(&["ast", "symbols", "map"]);
        if lock {
            tree.lock("one.py");
        } else {
            tree.write_unseen("one.py", OTHER);
        }
        assert_eq!(definitions(&atlas, &tree, &indexed), ["see.py see"]);
        assert!(!map(&atlas, &tree, &indexed).text.contains("def one"));
        assert_eq!(atlas.cache.keys("ast").len(), tags.len() - 1, "the other content has no place under that key");
        tree.unlock("one.py");
        tree.write_unseen("one.py", ONE.1);
        assert_eq!(definitions(&atlas, &tree, &indexed), names);
        assert_eq!(map(&atlas, &tree, &indexed).text, text);
        assert_eq!(atlas.cache.keys("ast"), tags);
    }
}

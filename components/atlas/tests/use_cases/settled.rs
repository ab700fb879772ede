//! Which files are read again.

use crate::{
    atlas, definitions, index,
    tree::{NOON, SECOND, Tree},
};

const ONE: (&str, &str) = ("one.py", "def one(): pass\n");
const TWO: (&str, &str) = ("two.py", "def two_eggs(): pass\n");

#[test]
fn an_unchanged_file_is_read_once() {
    let (atlas, tree) = (atlas(), Tree::with(&[ONE, TWO, ("LICENSE", "free"), ("logo.png", "")]));
    assert_eq!(index(&atlas, &tree).report.read, 3);
    assert_eq!(tree.reads(), ["LICENSE", "one.py", "two.py"]);
    let again = index(&atlas, &tree).report;
    assert_eq!((tree.reads(), again.read, again.bytes_read), (vec![], 0, 0));
}

#[test]
fn a_file_written_just_before_the_listing_is_read_twice_and_no_more() {
    for changes in [false, true] {
        let (atlas, mut tree) = (atlas(), Tree::with(&[TWO]));
        tree.write("one.py", ONE.1.as_bytes(), NOON - 1);
        index(&atlas, &tree);
        tree.reads();
        if changes {
            // In the same step of the clock.
            tree.write_unseen("one.py", "def new(): pass\n");
        }
        tree.listed_at = NOON + SECOND;
        let indexed = index(&atlas, &tree);
        assert_eq!(tree.reads(), ["one.py"]);
        assert_eq!(definitions(&atlas, &tree, &indexed).contains(&"one.py new".into()), changes);
        for later in 2..4 {
            tree.listed_at = NOON + later * SECOND;
            index(&atlas, &tree);
            assert_eq!(tree.reads(), [""; 0], "{changes}");
        }
    }
}

#[test]
fn a_time_of_change_in_the_future_is_no_reason_to_read_again() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE]));
    tree.stamp("one.py").modified = NOON + 24 * 3600 * SECOND;
    index(&atlas, &tree);
    tree.reads();
    index(&atlas, &tree);
    assert_eq!(tree.reads(), [""; 0]);
    // A write leaves its trace in what nobody can set.
    tree.stamp("one.py").changed += 1;
    index(&atlas, &tree);
    assert_eq!(tree.reads(), ["one.py"]);
}

#[test]
fn a_file_that_was_touched_is_read_and_not_parsed() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE, TWO]));
    index(&atlas, &tree);
    atlas.stages.parsed();
    tree.stamp("one.py").modified += 1;
    let report = index(&atlas, &tree).report;
    assert_eq!((report.read, report.parsed, report.cached, report.graph_cached), (1, 0, 2, true));
    assert_eq!(atlas.stages.parsed(), 0);
}

#[test]
fn a_file_that_is_gone_is_forgotten() {
    let (atlas, tree) = (atlas(), Tree::with(&[ONE, TWO]));
    index(&atlas, &tree);
    let fewer = Tree::with(&[ONE]);
    let indexed = index(&atlas, &fewer);
    assert_eq!((indexed.report.files, fewer.reads()), (1, vec![]));
    assert_eq!(definitions(&atlas, &fewer, &indexed), ["one.py one"]);
    index(&atlas, &tree);
    assert!(tree.reads().contains(&"two.py".into()));
}

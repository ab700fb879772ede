//! Trees and stages that do not give what they should.

use astlas_atlas::{index::IndexError, ports::StageError};

use crate::{atlas, definitions, index, tree::Tree, try_index};

const ONE: (&str, &str) = ("one.py", "def one(): pass\n");

#[test]
fn a_tree_without_source_has_no_index() {
    let atlas = atlas();
    for tree in [Tree::with(&[]), Tree::with(&[("LICENSE", "free"), ("logo.png", "")])] {
        assert_eq!(try_index(&atlas, &tree).unwrap_err(), IndexError::NoSource);
    }
}

#[test]
fn a_tree_of_which_nothing_can_be_read_says_why() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE]));
    tree.lock("one.py");
    let report = index(&atlas, &tree).report;
    assert_eq!((report.files, &report.unreadable[..]), (0, &[("one.py".into(), "permission denied".into())][..]));
    tree.unlock("one.py");
    let indexed = index(&atlas, &tree);
    assert_eq!(definitions(&atlas, &tree, &indexed), ["one.py one"]);
}

#[test]
fn a_file_that_cannot_be_read_costs_itself_only() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[ONE, ("see.py", "def see(): pass\n")]));
    tree.lock("see.py");
    let indexed = index(&atlas, &tree);
    assert_eq!(definitions(&atlas, &tree, &indexed), ["one.py one"]);
    assert_eq!(indexed.report.unreadable.len(), 1);
}

#[test]
fn a_parser_that_does_not_run_leaves_nothing_behind() {
    let (mut atlas, tree) = (atlas(), Tree::with(&[ONE]));
    let failure = StageError { stage: "parser", message: "out of memory".into() };
    atlas.stages.failure = Some(failure.clone());
    for _ in 0..2 {
        assert_eq!(try_index(&atlas, &tree).unwrap_err(), IndexError::Stage(failure.clone()));
        assert_eq!(atlas.cache.keys("ast"), [""; 0]);
    }
    atlas.stages.failure = None;
    let indexed = index(&atlas, &tree);
    assert_eq!((indexed.report.parsed, definitions(&atlas, &tree, &indexed)), (1, vec!["one.py one".to_owned()]));
}

//! What an index says it took.

use crate::{atlas, index, tree::Tree};

const ONE: &str = "def one(): pass\n";

#[test]
fn every_file_is_either_parsed_or_cached() {
    let (atlas, mut tree) = (atlas(), Tree::with(&[("a.py", ONE), ("b.py", ONE), ("c.py", ""), ("d/c.py", "")]));
    let counts = |tree: &Tree| {
        let report = index(&atlas, tree).report;
        (report.files, report.parsed, report.cached)
    };
    assert_eq!(counts(&tree), (4, 4, 0));
    assert_eq!(atlas.stages.parsed(), 2, "one for each content");
    assert_eq!(counts(&tree), (4, 0, 4));
    tree.write("b.py", b"def two(): pass\n", 0);
    assert_eq!(counts(&tree), (4, 1, 3));
    tree.write("e.py", ONE.as_bytes(), 0);
    assert_eq!(counts(&tree), (5, 0, 5));
    atlas.cache.lose(&["ast", "graph"]);
    assert_eq!(counts(&tree), (5, 5, 0));
    assert_eq!(index(&atlas, &tree).report.languages.into_iter().collect::<Vec<_>>(), [("python".to_owned(), 5)]);
}

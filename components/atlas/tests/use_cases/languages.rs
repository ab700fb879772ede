//! Another build of the parser finds other files, however they look.

use astlas_model::Language;

use crate::{atlas, definitions, index, tree::Tree};

fn named<'a>(languages: &'a mut [Language], name: &str) -> &'a mut Language {
    languages.iter_mut().find(|language| language.name == name).unwrap()
}

#[test]
fn an_extension_that_is_added_moved_or_taken_away_counts_at_once() {
    let mut atlas = atlas();
    let tree = Tree::with(&[("one.py", "def one(): pass\n"), ("see.pyx", "def see(): pass\n")]);
    let mut found = |change: fn(&mut Vec<Language>)| {
        atlas.stages.upgrade(change);
        let indexed = index(&atlas, &tree);
        (definitions(&atlas, &tree, &indexed), indexed.report.languages.into_keys().collect::<Vec<_>>())
    };
    let python = || vec!["python".to_owned()];
    assert_eq!(found(|_| ()), (vec!["one.py one".into()], python()));
    let added = found(|languages| named(languages, "python").extensions.push("pyx".into()));
    assert_eq!(added, (vec!["one.py one".into(), "see.pyx see".into()], python()));
    let moved = found(|languages| {
        named(languages, "python").extensions.retain(|extension| extension != "pyx");
        named(languages, "ruby").extensions.push("pyx".into());
    });
    assert_eq!(moved.1, ["python", "ruby"]);
    let gone = found(|languages| languages.retain(|language| language.name != "ruby"));
    assert_eq!(gone, (vec!["one.py one".into()], python()));
}

#[test]
fn another_build_with_the_same_languages_reads_nothing() {
    let (mut atlas, tree) = (atlas(), Tree::with(&[("one.py", "def one(): pass\n")]));
    index(&atlas, &tree);
    tree.reads();
    atlas.stages.upgrade(|_| ());
    let report = index(&atlas, &tree).report;
    assert_eq!((tree.reads(), report.cached, report.graph_cached), (vec![], 1, false));
}

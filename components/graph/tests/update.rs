//! Updating: the same as building anew, to the bit, after any sequence of adds, edits, deletes and renames.

#![expect(clippy::expect_used, reason = "a test may end there")]

use std::collections::BTreeMap;

use astlas_graph::{Built, FileNames, GraphError, build, update};
use astlas_model::{FileMarks, Strings};
use proptest::prelude::*;

/// The files of a repository by path.
type Tree = BTreeMap<String, FileNames>;

const PATHS: &[&str] = &[
    "app/__init__.py",
    "app/models.py",
    "app/views.py",
    "index.js",
    "lib/models.py",
    "lib/util.d.ts",
    "lib/util.js",
    "test_models.py",
    "vendor/lib/util.js",
    "views",
];
const NAMES: &[&str] = &["User", "load", "loadUser", "save", "models", "util", "x", "é"];
const IMPORTS: &[&str] =
    &[".models", "..models", "./util", "../lib/util", "app", "app.views", "lib::util", "os", "views"];
const FAMILIES: &[&str] = &["c", "javascript", "python"];

fn columns(files: &[(&str, &FileNames)]) -> (Strings, Vec<FileNames>) {
    (files.iter().map(|(path, _)| path).collect(), files.iter().map(|(_, names)| (*names).clone()).collect())
}

fn built(tree: &Tree) -> Built {
    let files: Vec<_> = tree.iter().map(|(path, names)| (path.as_str(), names)).collect();
    let (paths, files) = columns(&files);
    let built = build(&paths, &files).expect("sound columns");
    assert_eq!((built.graph.fault(), built.ledger.fault(&built.graph)), (None, None));
    built
}

/// Updates what was built of one tree to what another one holds; paths come in reverse order.
fn updated(before: &Built, old: &Tree, new: &Tree) -> Built {
    let removed: Strings = old.keys().filter(|path| !new.contains_key(*path)).rev().collect();
    let changed = new.iter().filter(|(path, names)| old.get(*path) != Some(names)).rev();
    let changed: Vec<_> = changed.map(|(path, names)| (path.as_str(), names)).collect();
    let (paths, files) = columns(&changed);
    update(before, &removed, &paths, &files).expect("sound columns")
}

fn file(definitions: &[u32], references: &[u32]) -> FileNames {
    FileNames {
        names: NAMES.iter().collect(),
        definitions: definitions.into(),
        references: references.into(),
        family: "python".into(),
        ..FileNames::default()
    }
}

fn tree(files: &[(&str, FileNames)]) -> Tree {
    files.iter().map(|(path, names)| ((*path).to_owned(), names.clone())).collect()
}

fn importing(mut file: FileNames, path: &str) -> FileNames {
    file.import_path.push(path);
    file.import_name.push("");
    file
}

fn exporting(mut file: FileNames, name: u32) -> FileNames {
    file.exports.push(name);
    file
}

#[test]
fn what_one_file_changes_reaches_the_edges_of_others() {
    let user = || file(&[0], &[]);
    let before = tree(&[
        ("app/models.py", user()),
        ("lib/models.py", user()),
        ("app/views.py", file(&[2], &[])),
        ("index.js", importing(file(&[], &[0, 0, 1]), "app.views")),
    ]);
    let changes: &[(&str, &str, Option<FileNames>)] = &[
        ("a definer less: the name is rarer", "lib/models.py", Some(file(&[], &[]))),
        ("no definer is left", "app/models.py", Some(file(&[], &[0]))),
        ("a name comes to be defined", "lib/models.py", Some(file(&[0, 1], &[]))),
        ("a definer exports, but not this name", "lib/models.py", Some(exporting(file(&[0, 1], &[]), 1))),
        ("what is exported comes to be defined elsewhere", "app/views.py", Some(exporting(file(&[2], &[]), 3))),
        ("an imported file imports", "app/views.py", Some(importing(file(&[2], &[]), "lib.models"))),
        ("another family", "lib/models.py", Some(FileNames { family: "c".into(), ..user() })),
        ("a file is gone", "app/views.py", None),
        ("a file comes", "vendor/lib/util.js", Some(file(&[1], &[2]))),
    ];
    for (what, path, now) in changes {
        let mut after = before.clone();
        match now {
            Some(names) => drop(after.insert((*path).into(), names.clone())),
            None => drop(after.remove(*path)),
        }
        let (old, new) = (built(&before), built(&after));
        assert_eq!(updated(&old, &before, &after), new, "{what}");
        assert_eq!(updated(&new, &after, &before), old, "not: {what}");
    }
}

#[test]
fn an_update_by_nothing_changes_nothing() {
    let tree = tree(&[("app/models.py", file(&[0], &[1])), ("views", file(&[], &[0]))]);
    let before = built(&tree);
    let nothing = Strings::default();
    assert_eq!(update(&before, &nothing, &nothing, &[]), Ok(before.clone()));
    let unknown: Strings = ["not/there.py"].iter().collect();
    assert_eq!(update(&before, &unknown, &nothing, &[]), Ok(before.clone()));
    // What is given anew is not removed.
    let (paths, files) = columns(&[("views", &tree["views"])]);
    assert_eq!(update(&before, &paths, &paths, &files), Ok(before));
}

#[test]
fn what_does_not_fit_is_an_error() {
    let before = built(&tree(&[("app/models.py", file(&[0], &[1]))]));
    let nothing = Strings::default();
    let corrupt = |fault: &str| Err(GraphError::Corrupt(fault.into()));
    let unsound = Strings { text: "x".into(), ends: vec![2] };
    assert_eq!(update(&before, &unsound, &nothing, &[]), corrupt("removed: ends do not fit the text"));
    assert_eq!(update(&before, &nothing, &unsound, &[]), corrupt("paths: ends do not fit the text"));
    let twice: Strings = ["x", "x"].iter().collect();
    let files = [file(&[], &[]), file(&[], &[])];
    assert_eq!(update(&before, &nothing, &twice, &files), Err(GraphError::DuplicatePath("x".into())));
    let mut spoilt = before.clone();
    spoilt.graph.file_lines.clear();
    assert_eq!(update(&spoilt, &nothing, &nothing, &[]), corrupt("file-lines: not one for each file"));
    let mut spoilt = before;
    spoilt.ledger.import_ends.clear();
    assert_eq!(update(&spoilt, &nothing, &nothing, &[]), corrupt("ledger: import-ends: not one for each file"));
}

/// Files that share names and imports a lot. Some names are only referenced, some only exported, some not used at all.
fn any_file() -> impl Strategy<Value = FileNames> {
    let uses = || prop::collection::vec(0..NAMES.len() as u32, 0..5);
    let imports = prop::collection::vec((prop::sample::select(IMPORTS), 0..NAMES.len() + 1), 0..3);
    let exports = prop_oneof![2 => Just(vec![]), 1 => uses()];
    let rest = (prop::sample::select(FAMILIES), 0u32..9, any::<bool>(), 0..NAMES.len());
    (uses(), uses(), exports, imports, rest).prop_map(|(definitions, references, exports, imports, rest)| {
        let (family, lines, generated, turn) = rest;
        let used = definitions.iter().chain(&references).chain(&exports).max().map_or(0, |&last| last as usize + 1);
        // Not every file numbers its names alike.
        let names = NAMES.iter().cycle().skip(turn).take(used.max(turn).min(NAMES.len()));
        FileNames {
            names: names.collect(),
            import_path: imports.iter().map(|(path, _)| path).collect(),
            import_name: imports.iter().map(|&(_, name)| NAMES.get(name).copied().unwrap_or_default()).collect(),
            family: family.into(),
            lines,
            marks: FileMarks { generated, ..FileMarks::default() },
            definitions,
            references,
            exports,
        }
    })
}

#[derive(Clone, Debug)]
enum Change {
    Put(usize, Box<FileNames>),
    /// Only what a file references and defines: the most frequent change.
    Edit(usize, Vec<u32>, Vec<u32>),
    Delete(usize),
    Rename(usize, usize),
}

fn any_change() -> impl Strategy<Value = Change> {
    let path = || 0..PATHS.len();
    let uses = || prop::collection::vec(any::<u32>(), 0..4);
    prop_oneof![
        2 => (path(), any_file()).prop_map(|(path, file)| Change::Put(path, Box::new(file))),
        3 => (path(), uses(), uses()).prop_map(|(path, defined, used)| Change::Edit(path, defined, used)),
        1 => path().prop_map(Change::Delete),
        1 => (path(), path()).prop_map(|(from, to)| Change::Rename(from, to)),
    ]
}

fn apply(tree: &mut Tree, change: Change) {
    match change {
        Change::Put(path, file) => drop(tree.insert(PATHS[path].into(), *file)),
        Change::Edit(path, defined, used) => {
            if let Some(file) = tree.get_mut(PATHS[path]) {
                let names = file.names.len() as u32;
                let inside = |uses: Vec<u32>| match names {
                    0 => vec![],
                    names => uses.into_iter().map(|name| name % names).collect(),
                };
                (file.definitions, file.references) = (inside(defined), inside(used));
            }
        }
        Change::Delete(path) => drop(tree.remove(PATHS[path])),
        Change::Rename(from, to) => {
            if let Some(file) = tree.remove(PATHS[from]) {
                tree.insert(PATHS[to].into(), file);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]
    #[test]
    fn updates_end_where_a_build_does(
        first in prop::collection::btree_map(prop::sample::select(PATHS).prop_map(String::from), any_file(), 0..9),
        steps in prop::collection::vec(prop::collection::vec(any_change(), 1..4), 1..8),
    ) {
        let (mut old, mut before) = (first.clone(), built(&first));
        for changes in steps {
            let mut new = old.clone();
            changes.into_iter().for_each(|change| apply(&mut new, change));
            let after = updated(&before, &old, &new);
            prop_assert_eq!(&after, &built(&new));
            (old, before) = (new, after);
        }
    }
}

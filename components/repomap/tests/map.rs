//! What a map looks like, and what is on it.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::collections::BTreeMap;

use astlas_repomap::{Entries, FileLines, MapOrder, Options, RenderError, Rendered, Tokenizer, render};

/// A file whose lines are given as number and text; a line's scope is the closest earlier one that is indented less.
fn file(path: &str, lines: &[(u32, &str)]) -> FileLines {
    let indent = |text: &str| text.len() - text.trim_start().len();
    let scope = |index: usize| {
        let outer = |&before: &usize| indent(lines[before].1) < indent(lines[index].1);
        (0..index).rev().find(outer).map_or(0, |before| before as u32 + 1)
    };
    FileLines {
        path: path.into(),
        line: lines.iter().map(|(line, _)| *line).collect(),
        scope: (0..lines.len()).map(scope).collect(),
        text: lines.iter().map(|(_, text)| text).collect(),
    }
}

fn files() -> Vec<FileLines> {
    vec![
        file("src/cli.py", &[(3, "def main():"), (9, "def version():")]),
        file(
            "src/app.py",
            &[
                (0, "import os"),
                (10, "class App(Scaffold):"),
                (11, "    name: str"),
                (40, "    def run(self, host=None, port=None):"),
                (44, "        def inner():"),
                (60, "    def stop(self):"),
                (90, "def create():"),
            ],
        ),
        file("README.md", &[]),
    ]
}

fn entries(entries: &[(u32, u32)]) -> Entries {
    Entries { file: entries.iter().map(|entry| entry.0).collect(), line: entries.iter().map(|entry| entry.1).collect() }
}

fn map(entries_given: &[(u32, u32)], budget: u32) -> Rendered {
    render(&files(), &entries(entries_given), Options { tokenizer: Tokenizer::O200k, budget, ..Options::default() })
        .unwrap()
}

#[test]
fn lines_come_with_their_scopes_and_what_is_left_out_is_marked() {
    let map = map(&[(1, 5), (2, 0), (0, 1), (1, 3), (0, 2)], 1000);
    let expected = "\
src/app.py:
…
 class App(Scaffold):
     name: str
…
     def run(self, host=None, port=None):
…
         def inner():
…

README.md
src/cli.py:
 def main():
…
 def version():
";
    assert_eq!(map.text, expected);
    assert!(map.complete);
    let shown: Vec<(u32, &[u32])> = map.files.iter().map(|shown| (shown.file, shown.lines.as_slice())).collect();
    assert_eq!(shown, [(1, &[10, 11, 40, 44][..]), (2, &[]), (0, &[3, 9])]);
    assert_eq!(map.tokens, map.files.iter().map(|shown| shown.tokens).sum());
}

#[test]
fn by_path_the_same_is_shown_in_another_order() {
    let chosen = entries(&[(1, 1), (2, 0), (0, 1)]);
    for budget in 0..40 {
        let options = Options { budget, ..options() };
        let by_relevance = render(&files(), &chosen, options).unwrap();
        let by_path = render(&files(), &chosen, Options { order: MapOrder::Path, ..options }).unwrap();
        let shown = |map: &Rendered| {
            map.files.iter().map(|shown| (shown.file, shown.lines.clone())).collect::<BTreeMap<_, _>>()
        };
        assert_eq!((shown(&by_path), by_path.complete), (shown(&by_relevance), by_relevance.complete), "{budget}");
        assert!(by_path.tokens <= budget);
        let paths: Vec<_> = by_path.files.iter().map(|shown| files()[shown.file as usize].path.clone()).collect();
        assert!(paths.is_sorted(), "{paths:?}");
    }
    let map = render(&files(), &chosen, Options { order: MapOrder::Path, ..options() }).unwrap();
    assert_eq!(map.text, "README.md\nsrc/app.py:\n import os\n…\n\nsrc/cli.py:\n def main():\n…\n");
}

#[test]
fn files_keep_the_place_of_their_first_entry() {
    // The first entry takes more than there is; the file is shown for its second one, and still stands first.
    let map = map(&[(1, 5), (0, 1), (1, 1)], 22);
    assert_eq!(map.text, "src/app.py:\n import os\n…\n\nsrc/cli.py:\n def main():\n…\n");
    assert!(!map.complete);
}

#[test]
fn what_is_left_goes_to_paths() {
    let map = map(&[(0, 1), (1, 5)], 16);
    assert_eq!(map.text, "src/cli.py:\n def main():\n…\n\nsrc/app.py\n");
    assert!(!map.complete);
}

#[test]
fn an_entry_may_be_on_the_map_already() {
    let once = map(&[(1, 5)], 1000);
    assert_eq!(map(&[(1, 5), (1, 2), (1, 0), (1, 4), (1, 5)], 1000), once);
}

#[test]
fn nothing_to_show_is_complete() {
    for tokenizer in [Tokenizer::O200k, Tokenizer::Cl100k, Tokenizer::Chars] {
        let map =
            render(&files(), &Entries::default(), Options { tokenizer, budget: 0, ..Options::default() }).unwrap();
        assert_eq!(map, Rendered { text: String::new(), tokens: 0, files: vec![], complete: true });
    }
}

#[test]
fn no_budget_shows_nothing() {
    let map = map(&[(2, 0)], 0);
    assert_eq!(map, Rendered { text: String::new(), tokens: 0, files: vec![], complete: false });
}

#[test]
fn sources_cannot_forge_the_structure() {
    let files = [
        FileLines {
            path: "a\nb.py".into(),
            line: vec![0, 1, 2],
            scope: vec![0, 0, 0],
            text: ["x\nother.py:", "", "\u{202e}y\r\n z"].iter().collect(),
        },
        file(" def f():", &[(0, "z")]),
    ];
    let entries = entries(&[(0, 1), (0, 2), (0, 3), (1, 1)]);
    let map =
        render(&files, &entries, Options { tokenizer: Tokenizer::Cl100k, budget: 1000, ..Options::default() }).unwrap();
    assert_eq!(map.text, "a␊b.py:\n x␊other.py:\n ␤\n \u{fffd}y␍␊ z\n\n./ def f()::\n z\n");
}

#[test]
fn columns_that_contradict_each_other_are_an_error() {
    let RenderError::Corrupt(fault) = render(&files(), &entries(&[(0, 1), (3, 0)]), options()).unwrap_err();
    assert_eq!(fault, "entries.file[1]: there is no file 3");
    let mut files = files();
    files[1].scope[3] = 9;
    let error = render(&files, &Entries::default(), options()).unwrap_err();
    assert_eq!(error.to_string(), "files[1].scope[3]: not an earlier line");
}

fn options() -> Options {
    Options { tokenizer: Tokenizer::O200k, budget: 100, ..Options::default() }
}

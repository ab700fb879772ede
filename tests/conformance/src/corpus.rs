//! The sources that are indexed: a small library that lends books, in several languages, and a change to it.

use std::collections::BTreeMap;

/// Contents by path.
pub type Files = BTreeMap<String, Vec<u8>>;

macro_rules! files {
    ($folder:literal: $($path:literal),+ $(,)?) => {
        [$(($path, include_str!(concat!("../corpus/", $folder, "/", $path)))),+]
    };
}

const FIRST: [(&str, &str); 19] = files!["c1":
    "README.md", "lending/__init__.py", "lending/books.py", "lending/fines.py", "lending/loans.py",
    "lending/members.py", "notify/mail.go", "notify/queue.go", "report/Report.java", "report/Row.java",
    "scan/barcode.c", "scan/barcode.h", "search/src/lib.rs", "search/src/words.rs", "settings.toml",
    "tests/test_loans.py", "tools/import.sh", "web/api.ts", "web/shelf.ts",
];
/// What the change adds or alters.
const CHANGED: [(&str, &str); 3] = files!["c2": "lending/fines.py", "lending/holds.py", "lending/loans.py"];
/// What it takes away, and what it calls otherwise.
const REMOVED: &str = "tools/import.sh";
const RENAMED: (&str, &str) = ("notify/queue.go", "notify/outbox.go");

/// Files of a source that takes a while, and functions in each.
const SLOW: (usize, usize) = (120, 150);

/// The first commit.
pub fn first() -> Files {
    let mut files: Files = FIRST.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    // Not a source.
    files.insert("logo.png".into(), b"\x89PNG\r\n\x1a\n".to_vec());
    files
}

/// The second one: a file is new, two are altered, one is gone, one has another name.
pub fn second() -> Files {
    let mut files = first();
    files.extend(CHANGED.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())));
    files.remove(REMOVED);
    if let Some(content) = files.remove(RENAMED.0) {
        files.insert(RENAMED.1.to_owned(), content);
    }
    files
}

/// Sources that take a while to parse, which nobody has parsed before.
pub fn slow(unique: &str) -> Files {
    let file = |file: usize| {
        let functions =
            (0..SLOW.1).map(|it| format!("def part{file}_{it}(text):\n    return part{file}_{it}(text)\n\n\n"));
        (format!("slow/part{file}.py"), (format!("# {unique}\n") + &functions.collect::<String>()).into_bytes())
    };
    (0..SLOW.0).map(file).collect()
}

/// All below one folder, as forges pack it.
pub fn below(folder: &str, files: Files) -> Files {
    files.into_iter().map(|(path, content)| (format!("{folder}/{path}"), content)).collect()
}

/// A text of the first commit; empty if there is none.
pub fn text(path: &str) -> &'static str {
    FIRST.iter().find(|(other, _)| *other == path).map_or("", |(_, text)| text)
}

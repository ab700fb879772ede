//! What a file's path says about it: a test, somebody else's code, written by a program, data of a test.
//!
//! Conventions that hold in many languages and projects; none belongs to one of them.

use astlas_model::{FileMarks, words::words};

/// Folders of tests.
const TEST_FOLDERS: &[&str] = &["test", "tests", "testing", "__tests__", "spec", "specs", "e2e", "testdata"];
/// Words at either end of a test's file name.
const TEST_WORDS: &[&str] = &["test", "tests", "spec", "specs"];
/// Folders of somebody else's code.
const VENDORED_FOLDERS: &[&str] = &[
    "vendor",
    "vendored",
    "vendors",
    "_vendor",
    "third_party",
    "thirdparty",
    "third-party",
    "3rdparty",
    "node_modules",
    "bower_components",
    "jspm_packages",
    "site-packages",
    "deps",
    "external",
    "externals",
    "extern",
    "godeps",
];
/// Folders whose files programs write.
const GENERATED_FOLDERS: &[&str] = &["generated", "__generated__", "gen", "dist", "autogen", "auto_generated"];
/// Ends of file names that programs write.
const GENERATED_ENDS: &[&str] = &[
    ".pb.go",
    ".pb.cc",
    ".pb.h",
    "_pb2.py",
    "_pb2_grpc.py",
    ".pb.rs",
    ".g.dart",
    ".freezed.dart",
    ".g.cs",
    ".designer.cs",
    ".generated.cs",
    ".generated.ts",
    ".generated.js",
    ".gen.go",
    "_generated.go",
    "_generated.rs",
    ".gen.ts",
    "_string.go",
    ".lock",
    "-lock.json",
];
/// Parts of a file name that say it was squeezed together.
const MINIFIED_PARTS: &[&str] = &[".min.", "-min.", ".bundle.", ".umd.", ".prod."];
/// Folders of what tests take in or give out.
const FIXTURE_FOLDERS: &[&str] = &[
    "fixture",
    "fixtures",
    "__fixtures__",
    "testdata",
    "test-data",
    "test_data",
    "__snapshots__",
    "snapshots",
    "golden",
    "goldens",
    "__mocks__",
    "cassettes",
];

/// What the path marks the file as.
pub fn of_path(path: &str) -> FileMarks {
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let (folders, file) = (folders.to_lowercase(), file.to_lowercase());
    let in_one_of = |names: &[&str]| folders.split('/').any(|folder| names.contains(&folder));
    let ends = |ends: &[&str]| ends.iter().any(|end| file.ends_with(end));
    let name = path.rsplit('/').next().unwrap_or(path);
    FileMarks {
        test: in_one_of(TEST_FOLDERS) || is_test_name(name),
        vendored: in_one_of(VENDORED_FOLDERS),
        generated: in_one_of(GENERATED_FOLDERS) || ends(GENERATED_ENDS),
        minified: MINIFIED_PARTS.iter().any(|part| file.contains(part)),
        fixture: in_one_of(FIXTURE_FOLDERS),
        document: false,
    }
}

/// Either mark.
pub fn both(one: FileMarks, other: FileMarks) -> FileMarks {
    FileMarks {
        test: one.test || other.test,
        vendored: one.vendored || other.vendored,
        generated: one.generated || other.generated,
        minified: one.minified || other.minified,
        fixture: one.fixture || other.fixture,
        document: one.document || other.document,
    }
}

/// `test_a.py`, `a_test.go`, `ATest.java`, `a.spec.ts`; the extension says nothing.
fn is_test_name(name: &str) -> bool {
    let words = words(name.rsplit_once('.').map_or(name, |(stem, _)| stem));
    let is_test = |word: Option<&String>| word.is_some_and(|word| TEST_WORDS.contains(&word.as_str()));
    is_test(words.first()) || is_test(words.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conventions_are_seen_and_names_that_only_look_like_them_are_not() {
        let marks = |path| {
            let FileMarks { test, vendored, generated, minified, fixture, .. } = of_path(path);
            let all = [(test, 't'), (vendored, 'v'), (generated, 'g'), (minified, 'm'), (fixture, 'f')];
            all.iter().filter(|(is, _)| *is).map(|(_, letter)| letter).collect::<String>()
        };
        for (path, expected) in [
            ("src/app.py", ""),
            ("tests/app.py", "t"),
            ("src/test_app.py", "t"),
            ("src/AppTest.java", "t"),
            ("src/app.spec.ts", "t"),
            ("src/latest.py", ""),
            ("src/contest_test_data.py", ""),
            ("vendor/a/b.go", "v"),
            ("src/vendor.go", ""),
            ("api/v1/api.pb.go", "g"),
            ("dist/app.min.js", "gm"),
            ("pkg/testdata/in.go", "tf"),
            ("Vendor/A.cs", "v"),
        ] {
            assert_eq!(marks(path), expected, "{path}");
        }
    }
}

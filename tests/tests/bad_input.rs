//! Bad input: one clear line, the right exit code, and nothing lost.

use std::{fs, os::unix::fs::symlink};

use astlas_tests::{Sandbox, ended};

const GOOD: (&str, &str) = ("good.py", "def good_function(): pass\n");

#[test]
fn paths_that_cannot_be_mapped() {
    let sandbox = Sandbox::with(&[GOOD]);
    let missing = sandbox.run_on(&sandbox.tree().join("nowhere"), "map", &[]).error(2);
    assert!(missing.contains("nowhere") && missing.contains("give a folder"), "{missing}");
    let file = sandbox.run_on(&sandbox.tree().join("good.py"), "map", &[]).error(2);
    assert!(file.contains("good.py: is a file; give the folder"), "{file}");
    fs::create_dir(sandbox.tree().join("empty")).unwrap();
    let empty = sandbox.run_on(&sandbox.tree().join("empty"), "map", &[]).error(1);
    assert!(empty.contains("no source files found"), "{empty}");
}

#[test]
fn budgets_that_make_no_sense() {
    let sandbox = Sandbox::with(&[GOOD]);
    for tokens in ["0", "-1", "many", "99999999999"] {
        let run = sandbox.run("map", &[&format!("--tokens={tokens}")]);
        assert_eq!(run.code, Some(2), "{tokens}: {}", run.stderr);
        assert!(run.stderr.contains("--tokens"), "{}", run.stderr);
    }
}

#[test]
fn context_files_outside_or_unknown() {
    let sandbox = Sandbox::with(&[GOOD, ("notes.txt", "text")]);
    let outside = sandbox.run("map", &["--context", "/etc/passwd"]).error(2);
    assert!(outside.contains("/etc/passwd: outside"), "{outside}");
    let missing = sandbox.run("map", &["--context", "gone.py"]).error(2);
    assert!(missing.contains("gone.py"), "{missing}");
    let other = sandbox.run("map", &["--context", "notes.txt"]);
    assert!(other.stderr.contains("notes.txt: not a source file"), "{}", other.stderr);
    assert!(other.ok().contains("good_function"));
}

#[test]
fn odd_files_cost_nothing_but_themselves() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let sandbox = Sandbox::with(&[GOOD, ("empty.py", ""), ("broken.py", "def (((:\ndef fine_here(): pass\n")]);
    sandbox.write("binary.py", b"\x00\x01\x02");
    sandbox.write("latin.py", b"# caf\xe9\ndef latin_function(): pass\n");
    sandbox.write("nested.js", "[".repeat(100_000).as_bytes());
    sandbox.write("ignored/skipped.py", b"def skipped_function(): pass\n");
    sandbox.write(".astlasignore", b"ignored/\n");
    fs::write(sandbox.tree().join(OsStr::from_bytes(b"bad\xff.py")), "x = 1").unwrap();
    symlink(".", sandbox.tree().join("circle")).unwrap();
    symlink("gone", sandbox.tree().join("dangling.py")).unwrap();
    let huge = fs::File::create(sandbox.tree().join("huge.c")).unwrap();
    huge.set_len(300 << 20).unwrap();

    let map = sandbox.run("map", &[]);
    assert!(map.stderr.contains("not UTF-8"), "{}", map.stderr);
    let text = map.ok();
    for name in ["good_function", "latin_function", "fine_here", "huge.c", "binary.py", "empty.py"] {
        assert!(text.contains(name), "{name} is missing in\n{text}");
    }
    assert!(!text.contains("skipped_function"));
    let index = sandbox.run("index", &["--format", "json"]).json();
    assert!(index["files_with_diagnostics"].as_u64().unwrap() >= 4, "{index}");

    let tags = |file: &str| ended(sandbox.command().args(["tags", "--format", "json", file]).output().unwrap()).json();
    for (file, diagnostic) in
        [("binary.py", "binary"), ("latin.py", "invalid-utf8"), ("huge.c", "too-large"), ("broken.py", "syntax-error")]
    {
        let found = tags(file);
        assert_eq!(found[0]["diagnostics"][0]["type"], diagnostic, "{found}");
    }
}

#[test]
fn a_file_on_which_the_parser_traps_costs_itself_only() {
    let sandbox = Sandbox::with(&[GOOD, ("deep.ml", &"(*".repeat(500_000)), ("good.ml", "let good_value = 1\n")]);
    let text = sandbox.run("map", &[]).ok();
    assert!(text.contains("good_function") && text.contains("good_value") && text.contains("deep.ml"), "{text}");
    let tags = ended(sandbox.command().args(["tags", "--format", "json", "deep.ml"]).output().unwrap()).json();
    assert_eq!(tags[0]["diagnostics"][0]["type"], "parser-failed", "{tags}");
    assert!(tags[0]["diagnostics"][0]["message"].as_str().unwrap().contains("stopped"), "{tags}");
}

#[test]
fn a_spoilt_cache_is_put_aside() {
    let sandbox = Sandbox::with(&[GOOD]);
    let map = sandbox.run("map", &[]).ok();
    let cache = fs::read_dir(sandbox.cache()).unwrap().map(|entry| entry.unwrap().path());
    let file = cache.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "sqlite")).unwrap();
    for bytes in [&b"this is not a database, by far not, whatever it looks like"[..], &fs::read(&file).unwrap()[..1000]]
    {
        fs::write(&file, bytes).unwrap();
        let again = sandbox.run("map", &[]);
        assert!(again.stderr.contains("warning:"), "{}", again.stderr);
        assert_eq!(again.ok(), map);
        assert_eq!(sandbox.run("map", &[]).stderr, "", "the warning is given once");
    }
    // A folder that cannot be made: no cache, same answer.
    let blocked = ended(sandbox.command().args(["map", ".", "--cache-dir", "good.py/cache"]).output().unwrap());
    assert!(blocked.stderr.contains("warning:"), "{}", blocked.stderr);
    assert_eq!(blocked.ok(), map);
}

#[test]
fn cache_commands() {
    let sandbox = Sandbox::with(&[GOOD]);
    sandbox.run("map", &[]).ok();
    let stats = || ended(sandbox.command().args(["cache", "stats", "--format", "json"]).output().unwrap()).json();
    assert!(stats()["entries"].as_u64().unwrap() >= 4);
    ended(sandbox.command().args(["cache", "clear"]).output().unwrap()).ok();
    assert_eq!(stats()["entries"], 0);
}

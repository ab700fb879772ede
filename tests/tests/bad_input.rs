//! Bad input: one clear line, the right exit code, and nothing lost.

use std::{
    ffi::OsStr,
    fs,
    os::unix::{ffi::OsStrExt, fs::symlink},
};

use astlas_tests::{Sandbox, ended, permit};

const GOOD: (&str, &str) = ("good.py", "def good_function(): pass\n");

/// A name that is not UTF-8.
fn odd_name() -> &'static OsStr {
    OsStr::from_bytes(b"bad\xff.py")
}

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
fn numbers_that_make_no_sense() {
    let sandbox = Sandbox::with(&[GOOD]);
    for tokens in ["0", "-1", "-5", "many", "99999999999"] {
        for arguments in [vec![format!("--tokens={tokens}")], vec!["--tokens".into(), tokens.into()]] {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let run = sandbox.run("map", &arguments);
            assert_eq!(run.code, Some(2), "{tokens}: {}", run.stderr);
            assert!(run.stderr.contains(&format!("invalid value '{tokens}' for '--tokens <N>'")), "{}", run.stderr);
        }
    }
    for (command, arguments) in [
        ("rank", &["--limit", "-1"][..]),
        ("deps", &["good.py", "--depth", "-1"]),
        ("symbols", &["good", "--lines", "-1"]),
        ("map", &["--cache-limit", "-1"]),
    ] {
        let run = sandbox.run(command, arguments);
        assert_eq!(run.code, Some(2), "{command}: {}", run.stderr);
        assert!(run.stderr.contains("invalid value '-1' for"), "{}", run.stderr);
    }
}

#[test]
fn context_files_outside_or_unknown() {
    let sandbox = Sandbox::with(&[GOOD, ("notes.txt", "text")]);
    // Each is named, and the rest goes on.
    for file in ["/etc/passwd", "gone.py", "notes.txt"] {
        let run = sandbox.run("map", &["--context", file]);
        assert!(run.stderr.contains(&format!("{file}: not a source file")), "{}", run.stderr);
        assert!(run.ok().contains("good_function"));
    }
    let explained = sandbox.run("rank", &["--explain", "/etc/passwd"]).error(2);
    assert!(explained.contains("/etc/passwd: outside"), "{explained}");
}

#[test]
fn a_folder_in_place_of_a_file() {
    let sandbox = Sandbox::with(&[("sub/good.py", "x = 1\n"), GOOD]);
    for arguments in [&["deps", "sub"][..], &["deps", ".", "sub"]] {
        let error = sandbox.call(arguments).error(2);
        assert!(error.contains("sub: is a folder; give a file in it"), "{error}");
    }
    assert_eq!(sandbox.call(&["deps", "sub", "good.py"]).code, Some(0));
}

#[test]
fn arguments_that_are_not_utf_8() {
    let sandbox = Sandbox::with(&[GOOD]);
    let odd = sandbox.tree().join(odd_name());
    fs::write(&odd, "x = 1").unwrap();
    let run = |arguments: &[&OsStr]| ended(sandbox.command().args(arguments).output().unwrap()).error(2);
    for file in [odd_name(), odd.as_os_str()] {
        for arguments in [["rank", "--explain"], ["deps", "."]] {
            let error = run(&[arguments[0].as_ref(), arguments[1].as_ref(), file]);
            assert!(error.contains("its name is not UTF-8"), "{error}");
        }
    }
    let query = run(&["symbols".as_ref(), ".".as_ref(), OsStr::from_bytes(b"\xff")]);
    assert!(query.contains("not UTF-8"), "{query}");
}

#[test]
fn odd_files_cost_nothing_but_themselves() {
    let sandbox = Sandbox::with(&[GOOD, ("empty.py", ""), ("broken.py", "def (((:\ndef fine_here(): pass\n")]);
    sandbox.write("binary.py", b"\x00\x01\x02");
    sandbox.write("latin.py", b"# caf\xe9\ndef latin_function(): pass\n");
    sandbox.write("nested.js", "[".repeat(100_000).as_bytes());
    sandbox.write("ignored/skipped.py", b"def skipped_function(): pass\n");
    sandbox.write(".astlasignore", b"ignored/\n");
    fs::write(sandbox.tree().join(odd_name()), "x = 1").unwrap();
    symlink(".", sandbox.tree().join("circle")).unwrap();
    symlink("gone", sandbox.tree().join("dangling.py")).unwrap();
    let huge = fs::File::create(sandbox.tree().join("huge.c")).unwrap();
    huge.set_len(300 << 20).unwrap();

    let map = sandbox.run("map", &[]);
    let warnings = map.said("warning:");
    for expected in [
        "bad\u{fffd}.py: left out: its name is not UTF-8; rename it",
        "huge.c: not parsed: 314572800 bytes, more than the limit of 10485760; to leave it out, name it in .astlasignore",
        "binary.py: not parsed: not a text file; to leave it out, name it in .astlasignore",
    ] {
        assert!(warnings.contains(&format!("warning: {expected}").as_str()), "{expected}\n{warnings:#?}");
    }
    let text = map.ok();
    for name in ["good_function", "latin_function", "fine_here", "huge.c", "binary.py", "empty.py"] {
        assert!(text.contains(name), "{name} is missing in\n{text}");
    }
    assert!(!text.contains("skipped_function"));
    let index = sandbox.run("index", &["--format", "json"]).json();
    assert!(index["files_with_diagnostics"].as_u64().unwrap() >= 4, "{index}");
    let listed = sandbox.run("index", &["-v"]);
    for file in ["huge.c:1: too-large", "binary.py:1: binary", "latin.py:1: invalid-utf8", "broken.py:1: syntax-error"]
    {
        assert!(listed.stderr.lines().any(|line| line.starts_with(file)), "{file} is missing in\n{}", listed.stderr);
    }

    let tags = |file: &str| sandbox.call(&["tags", "--format", "json", file]).json();
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
    let map = sandbox.run("map", &[]);
    assert!(map.said("warning:")[0].starts_with("warning: deep.ml: not parsed: stopped"), "{}", map.stderr);
    let text = map.ok();
    assert!(text.contains("good_function") && text.contains("good_value") && text.contains("deep.ml"), "{text}");
    let tags = sandbox.call(&["tags", "--format", "json", "deep.ml"]).json();
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
fn a_cache_that_cannot_be_written_is_read() {
    let sandbox = Sandbox::with(&[GOOD]);
    let map = |sandbox: &Sandbox| ended(sandbox.command_without_privileges().arg("map").output().unwrap());
    let text = map(&sandbox).ok();
    for entry in fs::read_dir(sandbox.cache()).unwrap().map(|entry| entry.unwrap().path()) {
        permit(&entry, if entry.is_dir() { 0o500 } else { 0o400 });
    }
    permit(&sandbox.cache(), 0o500);
    let again = map(&sandbox);
    let warnings = again.said("warning:");
    assert!(warnings.len() == 1 && warnings[0].contains("cannot be written"), "{}", again.stderr);
    assert_eq!(again.ok(), text);
    sandbox.write("new.py", b"def new_function(): pass\n");
    let changed = map(&sandbox).ok();
    assert!(changed.contains("new_function") && changed.contains("good_function"), "{changed}");
}

#[test]
fn files_that_cannot_be_read() {
    let sandbox =
        Sandbox::with(&[GOOD, ("secret.py", "def secret_function(): pass\n"), ("closed/inner.py", "x = 1\n")]);
    permit(&sandbox.tree().join("secret.py"), 0o000);
    permit(&sandbox.tree().join("closed"), 0o000);
    let map = ended(sandbox.command_without_privileges().arg("map").output().unwrap());
    let warning = |file: &str| {
        format!(
            "warning: {file}: left out: Permission denied (os error 13); make it readable, or name it in .astlasignore"
        )
    };
    assert_eq!(map.said("warning:"), [warning("closed"), warning("secret.py")]);
    assert_eq!(map.ok(), "good.py:\n def good_function():\n");

    let several = Sandbox::with(&[GOOD]);
    for number in 0..12 {
        several.write(&format!("secret{number}.py"), b"");
        permit(&several.tree().join(format!("secret{number}.py")), 0o000);
    }
    let index =
        |arguments: &[&str]| ended(several.command_without_privileges().arg("index").args(arguments).output().unwrap());
    let few = index(&[]);
    assert_eq!(few.said("warning:").len(), 6);
    assert_eq!(few.said("warning:")[5], "warning: 7 more of the same kind; -v shows all of them");
    assert_eq!(index(&["-v"]).said("warning:").len(), 12);
    assert_eq!(index(&["-q"]).said("warning:").len(), 0);

    fs::remove_file(several.tree().join("good.py")).unwrap();
    let none = index(&[]);
    assert_eq!(none.said("warning:").len(), 6, "{}", none.stderr);
    let error = none.error(1);
    assert!(error.ends_with("none of its source files can be read"), "{error}");
}

#[test]
fn tags_of_the_other_files_are_printed() {
    let sandbox =
        Sandbox::with(&[GOOD, ("last.py", "def last_function(): pass\n"), ("notes.txt", ""), ("secret.py", "x = 1")]);
    permit(&sandbox.tree().join("secret.py"), 0o000);
    let tags = |files: &[&str]| {
        ended(sandbox.command_without_privileges().args(["tags", "--format", "json"]).args(files).output().unwrap())
    };
    let names = |run: &astlas_tests::Ended| -> Vec<String> {
        let files: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        files.as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap().to_owned()).collect()
    };
    let run = tags(&["good.py", "secret.py", "last.py"]);
    assert_eq!((run.code, names(&run)), (Some(1), vec!["good.py".into(), "last.py".into()]));
    assert_eq!(run.said("error:"), ["error: secret.py: Permission denied (os error 13); make it readable"]);
    let run = tags(&["notes.txt", "good.py", "gone.py", ".", "secret.py"]);
    assert_eq!((run.code, names(&run)), (Some(2), vec!["good.py".into()]));
    for (line, start) in
        run.said("error:").iter().zip(["notes.txt: not a", "gone.py: No such", ".: is a folder", "secret.py: "])
    {
        assert!(line.starts_with(&format!("error: {start}")), "{line}");
    }
    assert!(tags(&["gone.py"]).error(2).contains("gone.py"));
}

#[test]
fn commands_without_a_folder_need_none() {
    let sandbox = Sandbox::with(&[GOOD]);
    // To be entered, not to be listed.
    permit(&sandbox.tree(), 0o111);
    let run = |arguments: &[&str]| ended(sandbox.command_without_privileges().args(arguments).output().unwrap());
    assert!(run(&["map"]).error(1).contains(".: cannot be listed"));
    assert!(run(&["tags", "good.py"]).ok().contains("good_function"));
    assert!(run(&["doctor"]).ok().contains("parser works"));
}

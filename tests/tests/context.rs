//! The context of a change, through the program, on a repository that the test makes.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use astlas_tests::{Ended, Sandbox, ended};
use serde_json::Value;

const APP: &str =
    "from util import helper\n\ndef compute_total(items):\n    return helper(items)\n\ndef old_way():\n    pass\n";
const APP_AFTER: &str = "from util import helper\nfrom main import start_program\n\ndef compute_total(items, rate):\n    return helper(items) * rate\n";
const FILES: &[(&str, &str)] = &[
    ("app.py", APP),
    ("util.py", "def helper(items):\n    return sum(items)\n"),
    ("main.py", "from app import compute_total\n\ndef start_program():\n    print(compute_total([1]))\n"),
    ("tests/test_app.py", "from app import compute_total\n\ndef test_total():\n    assert compute_total([]) == 0\n"),
    ("prices.py", "RATE = 1\n"),
];

fn git(sandbox: &Sandbox, arguments: &[&str]) -> String {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(sandbox.tree()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn commit(sandbox: &Sandbox) {
    git(sandbox, &["add", "-A"]);
    git(sandbox, &["commit", "-q", "-m", "x"]);
}

/// `app.py` and `prices.py` changed together three times; the last commit changes `app.py` alone.
fn repository() -> Sandbox {
    let sandbox = Sandbox::with(FILES);
    git(&sandbox, &["init", "-q"]);
    commit(&sandbox);
    for round in 0..3 {
        sandbox.write("app.py", format!("{APP}# {round}\n").as_bytes());
        sandbox.write("prices.py", format!("RATE = {round}\n").as_bytes());
        commit(&sandbox);
    }
    sandbox.write("app.py", APP_AFTER.as_bytes());
    commit(&sandbox);
    sandbox
}

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array().map_or(vec![], |all| all.iter().map(|one| one[field].as_str().unwrap_or("").to_owned()).collect())
}

fn check(context: &Value) {
    let symbols: Vec<(&str, &str)> = context["symbols"]
        .as_array()
        .unwrap()
        .iter()
        .map(|symbol| (symbol["name"].as_str().unwrap(), symbol["status"].as_str().unwrap()))
        .collect();
    assert!(symbols.contains(&("compute_total", "modified")) && symbols.contains(&("old_way", "removed")), "{context}");
    assert!(names(&context["callers"], "name").contains(&"start_program".to_owned()), "{context}");
    assert_eq!(context["callers"][0]["file"], "main.py");
    assert_eq!(context["callers"][0]["line"], 4);
    assert!(names(&context["callees"], "name").contains(&"helper".to_owned()), "{context}");
    assert_eq!(names(&context["tests"], "file"), ["tests/test_app.py"]);
    assert_eq!(names(&context["missing"], "file"), ["prices.py"]);
    assert_eq!(context["cycles"][0]["shortest"], serde_json::json!(["app.py", "main.py"]));
}

fn json(sandbox: &Sandbox, arguments: &[&str]) -> Value {
    sandbox.run("context", &[arguments, &["--format", "json"]].concat()).json()
}

fn with_input(sandbox: &Sandbox, input: &str) -> Ended {
    let mut command = sandbox.command();
    command.args(["context", ".", "--diff", "-", "--format", "json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    ended(child.wait_with_output().unwrap())
}

#[test]
fn a_change_is_the_same_however_it_is_named() {
    let sandbox = repository();
    check(&json(&sandbox, &["--diff", "HEAD~1..HEAD"]));
    check(&json(&sandbox, &["--diff", "HEAD~1...HEAD"]));
    check(&json(&sandbox, &["--diff", "HEAD~1"]));
    let patch = git(&sandbox, &["diff", "HEAD~1", "HEAD"]);
    check(&with_input(&sandbox, &patch).json());
    fs::write(sandbox.tree().join("../x.patch"), &patch).unwrap();
    check(&json(&sandbox, &["--diff", "../x.patch"]));
    // A revision is what it is, whatever the folder holds now.
    sandbox.write("app.py", b"def other(): pass\n");
    check(&json(&sandbox, &["--diff", "HEAD~1..HEAD"]));
    let without = json(&sandbox, &["--diff", "HEAD~1..HEAD", "--no-history", "--no-cache"]);
    assert!(without["missing"].is_null() && !without["cycles"].is_null());
}

#[test]
fn named_files_count_as_changed_and_unknown_ones_are_named() {
    let sandbox = repository();
    let run = sandbox.run("context", &["--files", "app.py", "gone.py", "--format", "json"]);
    assert!(run.stderr.contains("gone.py: not a source file of this folder; left out"), "{}", run.stderr);
    let context = run.json();
    assert_eq!(names(&context["symbols"], "status"), ["given"]);
    assert_eq!(names(&context["callers"], "name"), ["start_program"]);
    assert!(context["cycles"].is_null());
}

#[test]
fn every_format_keeps_to_the_budget() {
    let sandbox = repository();
    for budget in ["1", "20", "60", "100", "200", "8192"] {
        let of = |format: &str| sandbox.run("context", &["--diff", "HEAD~1", "--tokens", budget, "--format", format]);
        let context = of("json").json();
        let text = context["text"].as_str().unwrap().to_owned();
        let most: usize = budget.parse().unwrap();
        let tokens = |text: &str| bpe_openai::o200k_base().count(text);
        assert_eq!(context["tokens"], tokens(&text), "{text}");
        assert!(tokens(&text) <= most);
        assert_eq!(of("text").ok(), text);
        assert!(tokens(&of("markdown").ok()) <= most);
    }
    let markdown = sandbox.run("context", &["--diff", "HEAD~1", "--format", "markdown"]).ok();
    assert!(markdown.starts_with("## changed:\n - `app.py` (modified)\n"), "{markdown}");
}

#[test]
fn what_cannot_be_is_said() {
    let sandbox = repository();
    let unknown = sandbox.run("context", &["--diff", "nowhere..HEAD"]).error(2);
    assert!(unknown.contains("nowhere: no such revision; give REV"), "{unknown}");
    assert_eq!(sandbox.run("context", &[]).code, Some(2));
    let patch = git(&sandbox, &["diff", "HEAD~1", "HEAD"]);
    let other = with_input(&sandbox, &patch.replace("helper(items) * rate", "something else")).error(2);
    assert!(other.contains("app.py: hunk 1 does not fit"), "{other}");
    let gone = with_input(&sandbox, &patch.replace("app.py", "gone.py")).error(2);
    assert!(gone.contains("gone.py: the diff changes it, but it is not in"), "{gone}");
    assert!(with_input(&sandbox, "nonsense\n").error(2).contains("not a unified diff"));
    assert!(with_input(&sandbox, &patch.replace("b/app.py", "b/../../app.py")).error(2).contains("leads out of"));
    let none = Sandbox::with(&[("a.py", "def alone(): pass\n")]);
    assert!(none.run("context", &["--diff", "HEAD"]).error(2).contains("has no git history; give --files"));
    let context = json(&none, &["--files", "a.py"]);
    assert_eq!(names(&context["symbols"], "name"), ["alone"]);
    let empty = Sandbox::with(&[]);
    assert!(empty.run("context", &["--files", "a.py"]).error(1).contains("no source files"));
    git(&empty, &["init", "-q"]);
    assert!(empty.run("context", &["--diff", "HEAD"]).error(2).contains("no git history"));
}

#[test]
fn a_rename_storm_is_bounded() {
    let sandbox = Sandbox::with(&[("keep.py", "def keep(): pass\n")]);
    for file in 0..1000 {
        sandbox.write(&format!("old/m{file}.py"), format!("def function_{file}():\n    return {file}\n").as_bytes());
    }
    git(&sandbox, &["init", "-q"]);
    commit(&sandbox);
    git(&sandbox, &["mv", "old", "new"]);
    commit(&sandbox);
    let context = json(&sandbox, &["--diff", "HEAD~1..HEAD"]);
    assert!(context["symbols"].is_null() && context["cycles"].is_null());
    assert_eq!(
        (&context["files"][0]["old_file"], &context["files"][0]["status"]),
        (&"old/m0.py".into(), &"renamed".into())
    );
    assert!(context["tokens"].as_u64().unwrap() <= 8192);
    // Moved and changed at once, and too many of them to be compared.
    for file in 0..1001 {
        sandbox.write(&format!("new/m{file}.py"), format!("def function_{file}():\n    return {file}\n").as_bytes());
    }
    commit(&sandbox);
    git(&sandbox, &["mv", "new", "third"]);
    for file in 0..1001 {
        sandbox.write(&format!("third/m{file}.py"), format!("def function_{file}():\n    return -1\n").as_bytes());
    }
    commit(&sandbox);
    let many = sandbox.run("context", &["--diff", "HEAD~1..HEAD", "--no-history"]);
    assert!(many.stderr.contains("too many to compare"), "{}", many.stderr);
    let few = sandbox.run("context", &["--diff", "HEAD~2..HEAD~1", "--no-history"]);
    assert!(!few.stderr.contains("too many to compare"), "{}", few.stderr);
}

/// The context of a diff in a file beside the tree, for a folder of the tree.
fn of_patch(sandbox: &Sandbox, folder: &str, patch: &str) -> Ended {
    fs::write(sandbox.tree().join("../some.patch"), patch).unwrap();
    let patch = sandbox.tree().join("../some.patch");
    sandbox.call(&["context", folder, "--diff", patch.to_str().unwrap(), "--format", "json", "--no-history"])
}

/// The changed files of a context, those with changed symbols first.
fn changed(context: &Value) -> Vec<String> {
    let mut files = names(&context["symbols"], "file");
    files.dedup();
    files.extend(names(&context["files"], "file"));
    files
}

#[test]
fn a_diff_of_the_whole_repository_has_paths_of_its_root() {
    let sandbox = Sandbox::with(&[
        ("app.py", "def app(): pass\n"),
        ("sub/app.py", "def below(): pass\n"),
        ("sub/deep/more.py", "def more(): pass\n"),
    ]);
    sandbox.write("x.bin", b"\0one");
    sandbox.write("sub/x.bin", b"\0one");
    git(&sandbox, &["init", "-q"]);
    commit(&sandbox);
    // A namesake of a changed file did not change.
    sandbox.write("x.bin", b"\0two");
    let only_outside = of_patch(&sandbox, "sub", &git(&sandbox, &["diff"]));
    assert!(only_outside.stderr.contains("nothing changed"), "{}", only_outside.stderr);
    assert!(changed(&only_outside.json()).is_empty());
    // Files outside the folder are left out, whatever they hold by now.
    sandbox.write("app.py", b"def app(one): pass\n");
    sandbox.write("sub/app.py", b"def below(one): pass\n");
    let patch = git(&sandbox, &["diff"]);
    assert_eq!(changed(&of_patch(&sandbox, "sub", &patch).json()), ["app.py"]);
    sandbox.write("app.py", b"");
    assert_eq!(changed(&of_patch(&sandbox, "sub", &patch).json()), ["app.py"]);
    // Git can be told to name files from the folder.
    let below = git(&sandbox, &["diff", "--relative=sub"]);
    assert_eq!(names(&of_patch(&sandbox, "sub", &below).json()["symbols"], "name"), ["below"]);
    // What moves into the folder is new there, what moves out of it is gone.
    commit(&sandbox);
    git(&sandbox, &["mv", "sub/deep/more.py", "more.py"]);
    git(&sandbox, &["mv", "sub/app.py", "sub/deep_app.py"]);
    git(&sandbox, &["mv", "x.bin", "sub/y.bin"]);
    let moved = of_patch(&sandbox, "sub", &git(&sandbox, &["diff", "HEAD"])).json();
    let status = |path: &str| {
        let files = moved["files"].as_array().unwrap();
        files.iter().find(|file| file["file"] == path).map(|file| file["status"].as_str().unwrap().to_owned())
    };
    assert_eq!(status("deep_app.py").unwrap(), "renamed");
    assert_eq!(status("y.bin").unwrap(), "added");
    assert_eq!(names(&moved["symbols"], "status"), ["removed"], "{moved}");
}

#[test]
fn folders_may_be_called_like_the_sides_of_a_diff() {
    let files: Vec<(String, &str)> = ["a", "b", "c", "i", "o", "w"]
        .iter()
        .flat_map(|side| {
            [(format!("{side}/app.py"), "def inner(): pass\n"), (format!("{side}/{side}/app.py"), "x = 1\n")]
        })
        .collect();
    let mut files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    files.push(("app.py", "def outer(): pass\n"));
    let sandbox = Sandbox::with(&files);
    git(&sandbox, &["init", "-q"]);
    commit(&sandbox);
    sandbox.write("app.py", b"def outer(one): pass\n");
    for patch in [git(&sandbox, &["diff"]), git(&sandbox, &["-c", "diff.mnemonicPrefix=true", "diff"])] {
        assert_eq!(changed(&of_patch(&sandbox, ".", &patch).json()), ["app.py"]);
    }
    commit(&sandbox);
    sandbox.write("b/app.py", b"def inner(one): pass\n");
    for options in [&["diff"][..], &["diff", "--no-prefix"]] {
        let patch = git(&sandbox, options);
        assert_eq!(changed(&of_patch(&sandbox, ".", &patch).json()), ["b/app.py"], "{patch}");
    }
}

#[test]
fn a_line_without_an_end_ends_the_file() {
    let sandbox = Sandbox::with(&[("app.py", "one = 1")]);
    git(&sandbox, &["init", "-q"]);
    commit(&sandbox);
    sandbox.write("app.py", b"one = 2\n");
    let patch = git(&sandbox, &["diff"]);
    assert!(patch.contains("No newline"), "{patch}");
    assert_eq!(changed(&of_patch(&sandbox, ".", &patch).json()), ["app.py"]);
    for more in ["one = 2\ntwo = 2\n", "one = 2\ntwo = 2"] {
        sandbox.write("app.py", more.as_bytes());
        let error = of_patch(&sandbox, ".", &patch).error(2);
        assert!(error.contains("app.py: hunk 1 does not fit"), "{error}");
    }
    // The other way round: the end is gone.
    sandbox.write("app.py", b"one = 1\n");
    commit(&sandbox);
    sandbox.write("app.py", b"one = 2");
    let patch = git(&sandbox, &["diff"]);
    assert_eq!(changed(&of_patch(&sandbox, ".", &patch).json()), ["app.py"]);
    sandbox.write("app.py", b"one = 2\ntwo = 2\n");
    assert!(of_patch(&sandbox, ".", &patch).error(2).contains("hunk 1 does not fit"));
}

#[test]
fn tests_of_a_file_are_shown_though_no_definition_changed() {
    let sandbox = repository();
    sandbox.write("app.py", [APP_AFTER, "\nprint(compute_total([], 1))\n"].concat().as_bytes());
    let context = json(&sandbox, &["--diff", "HEAD"]);
    assert!(context["symbols"].is_null(), "{context}");
    assert_eq!(names(&context["files"], "file"), ["app.py"]);
    assert_eq!(names(&context["tests"], "file"), ["tests/test_app.py"]);
}

#[test]
fn whoever_uses_another_of_the_same_name_is_no_caller() {
    let sandbox = Sandbox::with(&[
        ("store.py", "class Store:\n    def get(self, key):\n        return key\n"),
        ("other/user.py", "def user(map):\n    return map.get(1)\n"),
        ("real.py", "from store import Store\n\ndef real_user():\n    return Store().get(1)\n"),
        ("tests/test_map.py", "def test_map(map):\n    assert map.get(1)\n"),
    ]);
    for other in 0..8 {
        sandbox.write(&format!("other/o{other}.py"), b"class Other:\n    def get(self, key):\n        pass\n");
    }
    let context = json(&sandbox, &["--files", "store.py"]);
    let mut callers = names(&context["callers"], "file");
    callers.dedup();
    assert_eq!(callers, ["real.py"], "{context}");
    assert!(context["tests"].is_null(), "{context}");
}

#[test]
fn what_changed_comes_before_everything_else() {
    let sandbox = repository();
    let all = sandbox.run("context", &["--diff", "HEAD~1"]).ok();
    let note = all.lines().nth(2).unwrap();
    let mut shown = 0;
    for budget in 1..60 {
        let text = sandbox.run("context", &["--diff", "HEAD~1", "--tokens", &budget.to_string()]).ok();
        assert!(text.is_empty() || text.contains(note), "{budget}: {text}");
        shown += u32::from(!text.is_empty());
    }
    let first: String = all.lines().take(3).chain(["…"]).map(|line| format!("{line}\n")).collect();
    let least = bpe_openai::o200k_base().count(&first);
    assert!(shown as usize >= 60 - least, "{shown} of 59 budgets; {least} tokens are enough");
}

#[test]
fn symbols_come_by_the_references_that_lead_to_them() {
    let sandbox = Sandbox::with(&[
        // Everybody refers to some `get`, nobody to that of app.py.
        ("app.py", "class Own:\n    def get(self):\n        pass\n\ndef wanted_here():\n    pass\n"),
        ("user.py", "from app import wanted_here\n\nwanted_here()\n"),
        ("one.js", "function one(map) { return map.get(1); }\n"),
        ("two.js", "function two(map) { return map.get(2); }\n"),
        ("three.js", "function three(map) { return map.get(3); }\n"),
        ("vendor/lib.py", "def vendored():\n    pass\n"),
        ("use_vendor.py", "from vendor.lib import vendored\n\nvendored()\n"),
        ("use_vendor_too.py", "from vendor.lib import vendored\n\nvendored()\n"),
    ]);
    let context = json(&sandbox, &["--files", "app.py", "vendor/lib.py"]);
    let order = names(&context["symbols"], "name");
    let place = |name: &str| order.iter().position(|other| other == name).unwrap();
    assert!(place("wanted_here") < place("Own.get"), "{order:?}");
    assert_eq!(order.last().unwrap(), "vendored", "{order:?}");
}

#[test]
fn files_nobody_knows_are_wrong_usage_when_there_are_no_others() {
    let sandbox = repository();
    let unknown = sandbox.run("context", &["--files", "gone.py", "tests"]).error(2);
    assert!(unknown.contains("gone.py: not a source file of this folder"), "{unknown}");
    assert!(unknown.contains("tests: is a folder") && unknown.contains("astlas rank"), "{unknown}");
    let some = sandbox.run("context", &["--files", "app.py", "tests", "--format", "json"]);
    assert!(some.stderr.contains("tests: is a folder, not a source file; left out"), "{}", some.stderr);
    assert_eq!(changed(&some.json()), ["app.py"]);
    // PATH may stand behind the files.
    let tree = sandbox.tree();
    let last =
        sandbox.call(&["context", "--format", "json", "--files", "test_app.py", tree.join("tests").to_str().unwrap()]);
    assert_eq!(changed(&last.json()), ["test_app.py"]);
}

#[test]
fn a_value_that_is_neither_file_nor_revision_is_said_to_be() {
    let sandbox = repository();
    let file = sandbox.run("context", &["--diff", "nofile.patch"]).error(2);
    assert!(file.contains("nofile.patch: neither a file nor a revision"), "{file}");
    let above = sandbox.run("context", &["--diff", "../nofile.patch"]).error(2);
    assert!(above.contains("../nofile.patch: neither a file nor a revision"), "{above}");
    let folder = sandbox.run("context", &["--diff", "tests"]).error(2);
    assert!(folder.contains("tests: a folder, and no revision"), "{folder}");
    // A diff is looked for in PATH first.
    let patch = git(&sandbox, &["diff", "HEAD~1", "HEAD"]);
    sandbox.write("of.patch", patch.as_bytes());
    let tree = sandbox.tree();
    let elsewhere =
        sandbox.command().current_dir("/").args(["context", tree.to_str().unwrap(), "--diff", "of.patch"]).output();
    assert!(ended(elsewhere.unwrap()).ok().contains("app.py (modified)"));
    let help = sandbox.call(&["context", "--help"]).ok();
    assert!(help.contains("The context as plain text") && !help.contains("The map alone"), "{help}");
}

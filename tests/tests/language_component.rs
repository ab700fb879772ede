//! Languages added from outside: a component of their own, given with `--language-component`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use astlas_tests::{Ended, Sandbox, target};

const PLAN: (&str, &str) = ("plan.todo", "# Release\nWrite the notes (notes)\nTag it (tag) after notes\n");
const GOOD: (&str, &str) = ("good.py", "def good_function(): pass\n");

/// The worked example as anyone would build it: the honest one, and the one that does what it should not.
fn component(bad: bool) -> &'static Path {
    static BUILT: [OnceLock<PathBuf>; 2] = [const { OnceLock::new() }; 2];
    BUILT[usize::from(bad)].get_or_init(|| {
        let folder = target().join("language-component").join(if bad { "bad" } else { "good" });
        let manifest = target().join("../tests/language-component/Cargo.toml");
        let mut command = Command::new(env!("CARGO"));
        command.args(["build", "--quiet", "--locked", "--release", "--target", "wasm32-wasip2", "--manifest-path"]);
        command.arg(manifest).arg("--target-dir").arg(&folder);
        command.args(if bad { &["--features", "bad"][..] } else { &[] });
        assert!(command.status().unwrap().success());
        folder.join("wasm32-wasip2/release/todo_language.wasm")
    })
}

/// Runs a command on the sandbox's tree with a component.
fn run(sandbox: &Sandbox, component: &Path, command: &str, arguments: &[&str]) -> Ended {
    let component = component.to_str().unwrap();
    sandbox.run(command, &[arguments, &["--language-component", component]].concat())
}

#[test]
fn its_files_are_parsed_mapped_and_found() {
    let sandbox = Sandbox::with(&[PLAN, GOOD]);
    let map = run(&sandbox, component(false), "map", &[]);
    assert_eq!(map.code, Some(0), "{}", map.stderr);
    for line in [" # Release", "Write the notes (notes)", "def good_function"] {
        assert!(map.stdout.contains(line), "{}", map.stdout);
    }
    let symbols = run(&sandbox, component(false), "symbols", &["notes", "--format", "json"]);
    assert!(symbols.stdout.contains("plan.todo"), "{}", symbols.stdout);
    let without = sandbox.run("map", &[]);
    assert!(!without.stdout.contains("plan.todo"), "{}", without.stdout);
}

#[test]
fn it_has_the_files_that_a_built_in_language_would_have() {
    let sandbox = Sandbox::with(&[("plan.md", PLAN.1)]);
    let index = run(&sandbox, component(true), "index", &["--format", "json"]);
    let index: serde_json::Value = serde_json::from_str(&index.stdout).unwrap();
    assert_eq!(index["languages"], serde_json::json!({ "todo": 1 }), "{index}");
}

#[test]
fn what_it_yields_is_kept_for_this_component_alone() {
    let sandbox = Sandbox::with(&[PLAN]);
    let parsed = |bad| {
        let index = run(&sandbox, component(bad), "index", &["--format", "json"]);
        let index: serde_json::Value = serde_json::from_str(&index.stdout).unwrap();
        (index["parsed"].clone(), index["cached"].clone())
    };
    assert_eq!(parsed(false), (1.into(), 0.into()));
    assert_eq!(parsed(false), (0.into(), 1.into()));
    assert_eq!(parsed(true), (1.into(), 0.into()));
    let kept = std::fs::read_dir(sandbox.cache().join("components")).unwrap();
    let names = kept.map(|file| file.unwrap().file_name().into_string().unwrap());
    assert_eq!(names.filter(|name| name.starts_with("language-")).count(), 2);
}

#[test]
fn what_it_does_wrong_costs_one_file() {
    for (what, words) in [
        ("trap", "not parsed: the component "),
        ("loop", "the component stopped: it took more work than one file may"),
        ("fill", "the component stopped: it took more work than one file may"),
        ("grow", "the component stopped"),
        ("read", "unknown import: `wasi:filesystem"),
        ("none", "the component answered nothing"),
        ("two", "the component gave 2 answers for one file"),
        ("unknown", "the component does not know its own language"),
        ("short", "columns of different lengths"),
        ("outside", "a span outside the text"),
        ("lines", "another number of lines"),
    ] {
        let sandbox = Sandbox::with(&[PLAN, GOOD, ("bad.todo", &format!("{what}\n# Section\nTask (task)\n"))]);
        let map = run(&sandbox, component(true), "map", &[]);
        assert_eq!(map.code, Some(0), "{what}: {}", map.stderr);
        assert!(map.stderr.contains("warning: bad.todo: not parsed: "), "{what}: {}", map.stderr);
        assert!(map.stderr.contains(words), "{what}: {}", map.stderr);
        assert!(map.stdout.contains("(notes)") && map.stdout.contains("good_function"), "{what}: {}", map.stdout);
    }
}

#[test]
fn a_file_that_is_no_such_component_is_an_error() {
    let sandbox = Sandbox::with(&[GOOD]);
    let artifact = |name: &str| target().join("components").join(name);
    for (file, words) in [
        (artifact("graph.wasm"), "graph.wasm: does not export what astlas:parser/parser-component does"),
        (sandbox.tree().join("good.py"), "good.py: not a component of WebAssembly"),
        (sandbox.tree().join("nowhere.wasm"), "nowhere.wasm: No such file"),
    ] {
        let error = run(&sandbox, &file, "map", &[]).error(2);
        assert!(error.contains("--language-component") && error.contains(words), "{error}");
    }
    let twice = component(false).to_str().unwrap();
    let twice = sandbox.run("map", &["--language-component", twice, "--language-component", twice]).error(2);
    assert!(twice.contains("calls a language todo, as another one is called already"), "{twice}");
}

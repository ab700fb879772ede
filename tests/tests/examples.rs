//! The pipeline in other hosts: the examples run as their READMEs say, and print what the program prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

#[path = "examples/serve.rs"]
mod serve;
#[path = "serve/service.rs"]
#[allow(dead_code, reason = "shared with the tests of the service")]
mod service;

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use astlas_tests::{Ended, Sandbox, ended, example, networkx_source, target};
use serde_json::{Value, json};

fn python() -> String {
    env::var("ASTLAS_PYTHON").expect("`cargo xtask test` says where Python with wasmtime is")
}

/// Runs what the README of an example says last: what it printed, and what the program prints of the same folder.
fn run(name: &str, program: &str, run_as: &str) -> (Ended, String) {
    let (command, folder) = example(name);
    let arguments: Vec<&str> = command.strip_prefix(program).unwrap().split(' ').collect();
    // wasmtime of Python keeps compiled code there.
    let cache = target().join("examples");
    let mut command = Command::new(run_as);
    command.args(&arguments).current_dir(&folder).env("XDG_CACHE_HOME", cache);
    let printed = ended(command.output().unwrap());
    let tree = folder.join(arguments.last().unwrap());
    (printed, Sandbox::with(&[]).run_on(&tree, "map", &["--no-history"]).ok())
}

#[test]
fn python_prints_the_map_that_astlas_prints() {
    let (printed, expected) = run("python", ".venv/bin/python ", &python());
    assert_eq!(printed.ok(), expected);
}

#[test]
fn node_prints_the_map_that_astlas_prints() {
    let (printed, expected) = run("javascript", "node ", "node");
    assert_eq!(printed.ok(), expected);
}

fn chromium() -> PathBuf {
    let on_path =
        || env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join("chromium")).find(|it| it.exists());
    env::var_os("ASTLAS_CHROMIUM").map(PathBuf::from).or_else(on_path).expect("chromium; ASTLAS_CHROMIUM names another")
}

/// A server of files, until it is dropped.
struct Served {
    server: Child,
    address: String,
}

impl Served {
    fn folder(folder: &Path) -> Self {
        let mut command = Command::new(python());
        command.args(["-u", "-m", "http.server", "--bind", "127.0.0.1", "0"]).current_dir(folder);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.split(['(', ')']).nth(1).expect("an address in what the server says").to_owned();
        Self { server, address }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[test]
fn a_browser_shows_the_map_that_astlas_prints() {
    let (_, folder) = example("javascript");
    let sandbox = Sandbox::with(&[
        ("src/shapes.py", "class Shape:\n    def area(self): return 0\n"),
        ("src/use.py", "from shapes import Shape\n\ndef measure(): return Shape().area()\n"),
        ("page.ts", "export function draw(size: number) { return size; }\n"),
        (".hidden/secret.py", "def secret(): pass\n"),
    ]);
    let served = Served::folder(&folder);
    let mut command = Command::new("node");
    command
        .arg(target().join("../tests/javascript/browser.js"))
        .arg(chromium())
        .arg(&served.address)
        .arg(sandbox.tree());
    let shown = ended(command.output().unwrap());
    assert_eq!(shown.stderr.trim(), "30 tokens, 3 files, 0 not on the map");
    assert_eq!(shown.ok(), sandbox.run("map", &["--no-history"]).ok());
}

/// What the component answers in Node, one for each case.
fn answers(cases: &[Value]) -> Vec<Value> {
    let mut command = Command::new("node");
    command.arg(target().join("../tests/javascript/cases.js")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut run = command.spawn().unwrap();
    let input: String = cases.iter().map(|case| format!("{case}\n")).collect();
    let mut stdin = run.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()).unwrap());
    let answers = ended(run.wait_with_output().unwrap()).ok();
    writer.join().unwrap();
    answers.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// All files below a folder, as the component takes them.
fn files(folder: &Path) -> Vec<Value> {
    let (mut found, mut folders) = (vec![], vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for path in std::fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                found.push(json!({ "path": path.strip_prefix(folder).unwrap(), "text": text }));
            }
        }
    }
    found
}

/// Options of the component and the arguments of the program that mean the same.
fn options() -> Vec<(Value, Vec<&'static str>)> {
    let with = |fields: Value| {
        let mut options = json!({ "context": [], "mentioned": [], "full": false });
        options.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        options
    };
    vec![
        (with(json!({})), vec![]),
        (with(json!({ "tokens": 1 })), vec!["--tokens", "1"]),
        (
            with(json!({ "tokens": 20_000, "tokenizer": "cl100k", "order": "path" })),
            vec!["--tokens", "20000", "--tokenizer", "cl100k", "--order", "path"],
        ),
        (
            with(json!({ "profile": "classic", "context": ["rust/tests/tags.rs"], "mentioned": ["Shape", "area"] })),
            vec!["--profile", "classic", "--context", "rust/tests/tags.rs", "--mention", "Shape", "--mention", "area"],
        ),
        (
            with(json!({ "context": ["go/tests/server.go", "nowhere.go"], "full": true, "tokenizer": "chars" })),
            vec!["--context", "go/tests/server.go", "--context", "nowhere.go", "--full", "--tokenizer", "chars"],
        ),
    ]
}

/// Fails unless a map of the component's is the program's, as JSON.
fn assert_same(map: &Value, program: &Value, what: &str) {
    for field in ["text", "tokens", "complete"] {
        assert_eq!(map[field], program[field], "{what}: {field}");
    }
    let (files, expected) = (map["files"].as_array().unwrap(), program["files"].as_array().unwrap());
    assert_eq!(files.len(), expected.len(), "{what}");
    for (file, expected) in files.iter().zip(expected) {
        assert_eq!((&file["path"], &file["tokens"]), (&expected["file"], &expected["tokens"]), "{what}");
        assert_eq!(file["score"].as_f64(), expected["score"].as_f64(), "{what}: {}", file["path"]);
        let lines = |file: &Value| -> Vec<u64> {
            file["lines"].as_array().unwrap().iter().map(|line| line.as_u64().unwrap()).collect()
        };
        assert_eq!(lines(file).iter().map(|line| line + 1).collect::<Vec<_>>(), lines(expected), "{what}");
    }
}

#[test]
fn every_language_and_option_gives_the_map_that_astlas_gives() {
    let (sandbox, folder) = (Sandbox::with(&[]), target().join("../queries"));
    let cases: Vec<Value> =
        options().into_iter().map(|(options, _)| json!({ "files": files(&folder), "options": options })).collect();
    for ((_, arguments), map) in options().iter().zip(answers(&cases)) {
        let arguments = [&["--no-history", "--format", "json"], &arguments[..]].concat();
        assert_same(&map, &sandbox.run_on(&folder, "map", &arguments).json(), &arguments.join(" "));
    }
}

#[test]
fn a_large_folder_gives_the_map_that_astlas_gives() {
    let (sandbox, folder) = (Sandbox::with(&[]), networkx_source());
    let options = json!({ "tokens": 8000, "format": "markdown", "context": [], "mentioned": [], "full": false });
    let map = &answers(&[json!({ "files": files(&folder), "options": options })])[0];
    let arguments = ["--no-history", "--tokens", "8000", "--format", "markdown"];
    assert_eq!(map["text"], sandbox.run_on(&folder, "map", &arguments).ok());
    assert!(map["tokens"].as_u64().unwrap() > 7760 && map["complete"] == false, "{map}");
    assert!(map["omitted"].as_array().unwrap().len() > 100, "{map}");
}

#[test]
fn what_cannot_be_drawn_says_why() {
    let options = json!({ "context": ["a.py", "b.py"], "mentioned": [], "full": false });
    let none = json!({ "tokens": 0, "context": [], "mentioned": [], "full": false });
    let file = |path: &str| json!({ "path": path, "text": "def f(): pass\n" });
    let case = |files: &[Value], options: &Value| json!({ "files": files, "options": options });
    let given = answers(&[
        case(&[], &options),
        case(&[file("a.unknown")], &options),
        case(&[file("a.py"), file("c.py"), file("a.py")], &options),
        case(&[file("a\nb.py")], &options),
        case(&[file("a.py")], &none),
        // One that failed does no harm to those that follow.
        case(&[file("c.py"), file("a.py")], &options),
        json!({ "paths": ["b.py", "a.unknown", "Rakefile", "run", "a.py"] }),
    ]);
    let wrong = |tag: &str, said: Value| {
        if said.is_null() { json!({ "error": tag }) } else { json!({ "error": tag, "said": said }) }
    };
    assert_eq!(given[0], wrong("no-source", Value::Null));
    assert_eq!(given[1], wrong("no-source", Value::Null));
    assert_eq!(given[2], wrong("duplicate-path", "a.py".into()));
    assert_eq!(given[3], wrong("invalid-path", "a\nb.py".into()));
    assert_eq!(given[4], wrong("invalid-tokens", 0.into()));
    assert_eq!((&given[5]["omitted"], &given[5]["unknown"]), (&json!(["a.py"]), &json!(["b.py"])), "{}", given[5]);
    assert_eq!(given[5]["text"], "c.py:\n def f():\n");
    assert_eq!(given[6], json!(["b.py", "Rakefile", "run", "a.py"]));
}

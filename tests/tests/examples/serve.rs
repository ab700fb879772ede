//! `query` with an index in it: what `wasmtime serve` answers with that one file is what the program answers.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
};

use astlas_test_servers::{Port, program};
use astlas_tests::{Component, Sandbox, ended, target};
use serde_json::{Value, json};

use crate::service::Service;

/// What a host has to offer: HTTP, the time and stderr.
const IMPORTS: [&str; 8] = [
    "wasi:cli/stderr@0.2",
    "wasi:clocks/monotonic-clock@0.3",
    "wasi:clocks/system-clock@0.3",
    "wasi:clocks/types@0.3",
    "wasi:http/types@0.3",
    "wasi:io/error@0.2",
    "wasi:io/poll@0.2",
    "wasi:io/streams@0.2",
];

/// The commands of the README, with what they make in a folder of the test's.
fn commands(folder: &Path) -> Vec<Vec<String>> {
    let readme = fs::read_to_string(target().join("../examples/serve/README.md")).unwrap();
    let commands = readme.split("```sh\n").nth(1).and_then(|rest| rest.split("\n```").next()).unwrap();
    let word = |word: &str| match word {
        "index" | "index/blobs/local" | "query.wasm" => folder.join(word).to_str().unwrap().to_owned(),
        word => word.to_owned(),
    };
    commands.lines().map(|line| line.split(' ').map(word).collect()).collect()
}

fn run(tool: &Path, arguments: &[String], port: u16) {
    let mut command = Command::new(tool);
    command.args(arguments).current_dir(target().join("../examples/serve")).env("PORT", port.to_string());
    // They say where our tools are, and are no settings of the program's.
    let ours = env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ASTLAS_"));
    ours.for_each(|(name, _)| {
        command.env_remove(name);
    });
    let done = ended(command.output().unwrap());
    assert_eq!(done.code, Some(0), "{}: {done:?}", tool.display());
}

/// `wasmtime serve`, until it is dropped.
struct Wasmtime {
    process: Child,
    address: String,
}

impl Wasmtime {
    fn start(arguments: &[String]) -> Self {
        let install = "`cargo xtask test` puts it into target/python";
        let mut command = Command::new(program("ASTLAS_WASMTIME", &["wasmtime"], &["wasmtime_cli/wasmtime"], install));
        command.args(arguments).args(["--addr", "127.0.0.1:0"]).stderr(Stdio::piped());
        let mut wasmtime = Self { process: command.spawn().unwrap(), address: String::new() };
        let mut lines = BufReader::new(wasmtime.process.stderr.take().unwrap()).lines();
        let line = lines.next().expect("wasmtime says where it listens").unwrap();
        let address = line.split("on ").nth(1).unwrap_or_else(|| panic!("{line}"));
        wasmtime.address = address.trim_end_matches('/').to_owned();
        thread::spawn(move || lines.map_while(Result::ok).for_each(|line| eprintln!("wasmtime: {line}")));
        wasmtime
    }
}

impl Drop for Wasmtime {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn answer(address: &str, path: &str, body: &Value) -> (u16, Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = agent.post(format!("{address}/api/v1/{path}")).header("content-type", "application/json");
    let mut response = request.send(body.to_string()).unwrap();
    let mut text = String::new();
    response.body_mut().as_reader().read_to_string(&mut text).unwrap();
    let mut said: Value = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{path}: {text}"));
    if let Some(said) = said.as_object_mut() {
        // How long it took is never the same.
        said.remove("latency_ms");
    }
    (response.status().as_u16(), said)
}

fn questions() -> Vec<(&'static str, u16, Value)> {
    let of = |more: Value| {
        let mut body = json!({"repo_id": "acme/components", "commit_sha": "main"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let file = "query/src/commit.rs";
    vec![
        ("repomap", 200, of(json!({"max_tokens": 1000}))),
        ("repomap", 200, of(json!({"context_files": [file], "max_tokens": 500}))),
        ("graph/dependencies", 200, of(json!({"file_path": file, "depth": 2}))),
        ("graph/important_files", 200, of(json!({"context_files": [file]}))),
        ("graph/cycles", 200, of(json!({}))),
        ("symbols/search", 200, of(json!({"symbol": "Opened", "context_lines": 3}))),
        ("pr/context", 200, of(json!({"changed_files": [file]}))),
        ("ast/parse", 200, json!({"repo_id": "a", "file_path": "a.py", "content": "def run(): go()\n"})),
        ("graph/cycles", 404, json!({"repo_id": "acme/components", "commit_sha": "other"})),
        ("repomap", 422, json!({})),
    ]
}

#[test]
fn wasmtime_answers_from_one_file_as_the_program_does() {
    let (sandbox, folder) = (Sandbox::with(&[]), tempfile::tempdir().unwrap());
    let commands = commands(folder.path());
    let [build, index, embed, serve] = &commands[..] else { panic!("{commands:?}") };
    // That, `cargo xtask test` has done.
    assert_eq!(build.join(" "), "cargo xtask build");
    let port = Port::free();
    run(Path::new(&index[0]), &index[1..], port.number);
    assert_eq!(embed[..2].join(" "), "cargo xtask");
    run(&target().join("release/xtask"), &embed[2..], 0);
    it_holds_what_is_shipped(&folder.path().join("query.wasm"));

    let blobs = folder.path().join("index/blobs");
    let service = Service::start_with(&sandbox, &[("ASTLAS_BLOBS_FOLDER", blobs.to_str().unwrap())]);
    assert_eq!(serve[0], "wasmtime");
    let wasmtime = Wasmtime::start(&serve[1..]);
    // Kept answers, too.
    for (path, status, body) in questions().into_iter().chain(questions()) {
        let said = answer(&wasmtime.address, path, &body);
        assert_eq!(said.0, status, "{path}: {said:?}");
        assert_eq!(said, answer(&service.address, path, &body), "{path} {body}");
    }
}

fn it_holds_what_is_shipped(file: &Path) {
    let composed = Component::read(file);
    let offered = |import: &String| IMPORTS.iter().any(|offered| import.starts_with(offered));
    let more: Vec<&String> = composed.imports.iter().filter(|import| !offered(import)).collect();
    assert!(more.is_empty(), "it imports {more:?}");
    assert_eq!(composed.exports.iter().collect::<Vec<_>>(), ["wasi:http/handler@0.3.0"]);
    for name in ["graph", "parser", "query", "ranker", "repomap", "spin-telemetry-log", "symbols"] {
        let shipped = fs::read(target().join(format!("components/{name}.wasm"))).unwrap();
        assert!(composed.components.contains(&shipped), "{name} is not in it as it is shipped");
    }
}

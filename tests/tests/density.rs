//! Most lines of code on a map are lines of definitions, whatever the language: counted from the map's text, against
//! what `astlas tags` says of the same files.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::{collections::BTreeMap, fs, path::Path};

use astlas_tests::{Sandbox, crate_source, ended, networkx_source};
use serde_json::Value;

/// Part of the lines of code that must be lines of definitions.
const DENSE: f64 = 0.7;

/// Letters at the start of a line by which it is recognised: the map cuts long ones.
const START: usize = 60;

/// What a line says, however it is indented and spaced: a signature of several lines is shown on one.
fn letters(line: &str) -> String {
    line.chars().filter(|letter| !letter.is_whitespace()).take(START).collect()
}

/// Lines of code in a map's text by file.
fn code(text: &str) -> BTreeMap<&str, Vec<&str>> {
    let (mut code, mut file): (BTreeMap<&str, Vec<&str>>, _) = (BTreeMap::new(), "");
    for line in text.lines() {
        match line.strip_prefix(' ') {
            Some(shown) => code.entry(file).or_default().push(shown),
            None if line.ends_with(':') => file = line.trim_end_matches(':'),
            None => {}
        }
    }
    code
}

/// The source from each line on which something is defined: blocks that implement what is defined elsewhere do not count.
fn definitions(tags: &Value, source: &str) -> Vec<String> {
    let lines: Vec<&str> = source.lines().collect();
    let tags = tags["tags"].as_array().unwrap().iter();
    let defined = tags.filter(|tag| tag["kind"] == "def" && tag["type"] != "implementation");
    defined
        .map(|tag| {
            let line = tag["line"].as_u64().unwrap() as usize - 1;
            letters(&lines[line..lines.len().min(line + 20)].concat())
        })
        .collect()
}

/// Lines of code on a map, and how many of them define something.
fn counted(sandbox: &Sandbox, folder: &Path, budget: &str) -> (usize, usize) {
    let map = sandbox.run_on(folder, "map", &["--tokens", budget]).ok();
    let code = code(&map);
    let files: Vec<&str> = code.keys().copied().collect();
    let mut command = sandbox.command();
    let command = command.current_dir(folder).args(["tags", "--format", "json"]).args(&files);
    let tags = ended(command.output().unwrap()).json();
    let (mut all, mut dense) = (0, 0);
    for ((file, shown), tags) in code.iter().zip(tags.as_array().unwrap()) {
        assert_eq!(tags["file"], *file);
        let source = String::from_utf8_lossy(&fs::read(folder.join(file)).unwrap()).into_owned();
        let definitions = definitions(tags, &source);
        all += shown.len();
        let is_one = |line: &&&str| {
            let line = letters(line.trim_end_matches('…'));
            definitions.iter().any(|definition| definition.starts_with(&line))
        };
        dense += shown.iter().filter(is_one).count();
    }
    (all, dense)
}

#[test]
fn seven_of_ten_lines_define_something() {
    let sandbox = Sandbox::with(&[]);
    // Rust, Python, C, and C with Rust and JavaScript; and a little of every language there is.
    let folders = [
        crate_source("petgraph"),
        crate_source("wasmtime"),
        networkx_source(),
        crate_source("zstd-sys"),
        crate_source("tree-sitter"),
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../queries"),
    ];
    for folder in folders {
        for budget in ["1024", "4096", "16384"] {
            let (all, dense) = counted(&sandbox, &folder, budget);
            let share = dense as f64 / all as f64;
            println!("{}: {dense} of {all} lines in {budget} tokens: {share:.3}", folder.display());
            assert!(all > 20, "{}: only {all} lines", folder.display());
            assert!(share >= DENSE, "{}: {dense} of {all} lines in {budget} tokens", folder.display());
        }
    }
}

//! The map: never over its budget, well used, the same from run to run; the cache only saves time.
#![allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]

use std::fmt::Write;

use astlas_tests::{Sandbox, crate_source};
use serde_json::Value;

const TOKENIZERS: [&str; 3] = ["o200k", "cl100k", "chars"];

fn count(tokenizer: &str, text: &str) -> usize {
    match tokenizer {
        "o200k" => bpe_openai::o200k_base().count(text),
        "cl100k" => bpe_openai::cl100k_base().count(text),
        _ => text.chars().count().div_ceil(4),
    }
}

fn tokens(map: &Value) -> usize {
    map["tokens"].as_u64().unwrap() as usize
}

#[test]
fn budgets_are_kept_and_used() {
    let (sandbox, corpus) = (Sandbox::with(&[]), crate_source("petgraph"));
    for tokenizer in TOKENIZERS {
        for budget in [1, 10, 100, 1000, 8000, 10_000_000] {
            let budget_text = budget.to_string();
            let arguments = ["--format", "json", "--tokenizer", tokenizer, "--tokens", &budget_text];
            let map = sandbox.run_on(&corpus, "map", &arguments).json();
            let (text, tokens) = (map["text"].as_str().unwrap(), tokens(&map));
            assert_eq!(count(tokenizer, text), tokens, "{tokenizer} {budget}");
            assert!(tokens <= budget, "{tokenizer}: {tokens} of {budget}");
            assert_eq!(map["budget"], budget);
            let parts: u64 = map["files"].as_array().unwrap().iter().map(|file| file["tokens"].as_u64().unwrap()).sum();
            assert_eq!(parts as usize, tokens, "{tokenizer} {budget}");
            if budget >= 100 && map["complete"] == false {
                assert!(tokens * 100 >= budget * 97, "{tokenizer}: only {tokens} of {budget} used");
            }
            assert!(budget < 10_000_000 || map["complete"] == true);
        }
    }
}

#[test]
fn markdown_keeps_the_budget_with_its_fences() {
    let (sandbox, corpus) = (Sandbox::with(&[]), crate_source("petgraph"));
    for tokenizer in TOKENIZERS {
        for budget in [1, 20, 60, 500, 4096] {
            let budget_text = budget.to_string();
            let arguments = ["--format", "markdown", "--tokenizer", tokenizer, "--tokens", &budget_text];
            let printed = sandbox.run_on(&corpus, "map", &arguments).ok();
            let used = count(tokenizer, &printed);
            assert!(used <= budget, "{tokenizer}: {used} of {budget}");
            assert!(budget < 500 || used * 100 >= budget * 97, "{tokenizer}: only {used} of {budget} used");
            assert!(
                printed.is_empty() || printed.starts_with("```text\n") && printed.ends_with("\n```\n"),
                "{printed}"
            );
        }
    }
}

#[test]
fn nothing_in_the_sources_ends_a_block_of_markdown() {
    let sandbox =
        Sandbox::with(&[("a.py", "BLOCK = '````'\ndef unfenced(): pass\n"), ("```.py", "def fenced(): pass\n")]);
    let printed = sandbox.run("map", &["--format", "markdown"]).ok();
    assert!(printed.starts_with("`````text\n") && printed.ends_with("\n`````\n"), "{printed}");
    assert!(printed.contains("\n BLOCK = '````'\n") && printed.contains("\n```.py:\n"), "{printed}");
}

/// One file with 3,000 functions on one line, which `use.js` calls, and 20 files with 30 functions each.
fn crowded() -> Sandbox {
    let (mut line, mut uses) = (String::new(), String::new());
    for number in 0..3000 {
        write!(line, "function packed{number}(){{}}").unwrap();
        writeln!(uses, "packed{number}();").unwrap();
    }
    let sandbox = Sandbox::with(&[("m.js", &line), ("use.js", &uses)]);
    for file in 0..20 {
        let functions: String = (0..30).map(|number| format!("function plain{file}x{number}() {{}}\n")).collect();
        sandbox.write(&format!("plain{file}.js"), functions.as_bytes());
    }
    sandbox
}

#[test]
fn definitions_that_share_a_line_do_not_crowd_out_the_others() {
    let sandbox = crowded();
    let map =
        |budget: &str| sandbox.run("map", &["--context", "use.js", "--tokens", budget, "--format", "json"]).json();
    let part = map("2000");
    assert_eq!(part["complete"], false, "{part}");
    assert!(tokens(&part) >= 1940, "only {} of 2000 used", tokens(&part));
    let all = map("100000");
    assert_eq!(all["complete"], true);
    let text = all["text"].as_str().unwrap();
    assert_eq!(text.matches("function plain").count(), 600);
    // A line that long is taken for minified code: it comes last, used or not.
    assert!(text.contains("\nm.js:\n function packed"), "{text:.80}");
}

#[test]
fn equal_lines_of_a_scope_are_shown_once() {
    let rust = "struct Entry;\nimpl Entry {\n    #[cfg(unix)]\n    fn from_path(a: u8) {}\n    #[cfg(windows)]\n    fn from_path(a: u8) {}\n\
                \n    fn other() {}\n    #[cfg(wasm)]\n    fn from_path(a: u8) {}\n}\n";
    let python = "def test():\n    class Module:\n        def first(self): pass\n\n    class Module:\n        def second(self): pass\n";
    let sandbox = Sandbox::with(&[("entry.rs", rust), ("module.py", python)]);
    let map = sandbox.run("map", &["--format", "json"]).json();
    assert_eq!(map["complete"], true);
    let text = map["text"].as_str().unwrap();
    for line in
        ["     fn from_path(a: u8)\n", "     class Module:\n", "         def first(self)", "         def second(self)"]
    {
        assert_eq!(text.matches(line).count(), 1, "{line:?} in\n{text}");
    }
}

#[test]
fn by_path_the_same_lines_are_shown() {
    let (sandbox, corpus) = (Sandbox::with(&[]), crate_source("petgraph"));
    for budget in ["30", "500", "4096"] {
        let map = |order: &str| {
            let arguments = ["--order", order, "--tokens", budget, "--format", "json"];
            sandbox.run_on(&corpus, "map", &arguments).json()
        };
        let shown = |map: &Value| {
            let files = map["files"].as_array().unwrap().iter();
            files.map(|file| (file["file"].as_str().unwrap().to_owned(), file["lines"].clone())).collect::<Vec<_>>()
        };
        let (by_relevance, by_path) = (map("relevance"), map("path"));
        assert!(tokens(&by_path) <= budget.parse().unwrap());
        assert_eq!(count("o200k", by_path["text"].as_str().unwrap()), tokens(&by_path));
        let mut sorted = shown(&by_relevance);
        sorted.sort_by(|one, other| one.0.cmp(&other.0));
        assert_eq!(shown(&by_path), sorted, "{budget}");
        assert!(budget == "30" || shown(&by_relevance) != sorted);
        for map in [by_relevance, by_path] {
            let shares = map["files"].as_array().unwrap().iter().map(|file| file["share"].as_f64().unwrap());
            assert!((shares.sum::<f64>() - 1.0).abs() < 1e-9, "{map}");
        }
    }
}

#[test]
fn context_files_are_shown_in_full_and_first_if_asked() {
    let sandbox = Sandbox::with(&[
        ("app.py", "from lib import helper_function\n\ndef main():\n    helper_function()\n\ndef usage():\n    pass\n"),
        ("lib.py", "def helper_function():\n    pass\n"),
        ("empty.py", ""),
    ]);
    let map = |arguments: &[&str]| sandbox.run("map", &[&["--context", "app.py"], arguments].concat()).ok();
    let others = "lib.py:\n def helper_function():\n\nempty.py\n";
    assert_eq!(map(&[]), others);
    let own = "app.py:\n def main():\n…\n def usage():\n\n";
    assert_eq!(map(&["--full"]), format!("{own}{others}"));
    // Inside the same budget, before anything else.
    let alone = own.trim_end().to_owned() + "\n";
    assert_eq!(map(&["--full", "--tokens", &count("o200k", &alone).to_string()]), alone);
    assert_eq!(map(&["--full", "--context", "empty.py"]), format!("{own}empty.py\nlib.py:\n def helper_function():\n"));
    let all = map(&["--context", "lib.py", "--context", "empty.py", "--full", "--order", "path"]);
    assert_eq!(all, format!("{own}empty.py\nlib.py:\n def helper_function():\n"));
    // Without context files there is nothing to add.
    assert_eq!(sandbox.run("map", &["--full"]).ok(), sandbox.run("map", &[]).ok());
    let empty = Sandbox::with(&[("a.py", "")]);
    assert_eq!(empty.run("map", &["--full", "--context", "a.py", "--order", "path"]).ok(), "a.py\n");
}

#[test]
fn nothing_is_left_to_show() {
    let sandbox = Sandbox::with(&[("a.py", "def a(): pass\n")]);
    let map = sandbox.run("map", &["--context", "a.py"]);
    assert_eq!(map.said("warning:"), ["warning: nothing is left to show: every source file is a --context file"]);
    assert_eq!(map.ok(), "");
    let map = sandbox.run("map", &["--tokens", "1"]);
    assert_eq!(map.said("warning:"), ["warning: 1 tokens are too few to show anything; give more with --tokens"]);
}

#[test]
fn the_same_bytes_with_and_without_cache_and_from_run_to_run() {
    let corpus = crate_source("petgraph");
    let first = Sandbox::with(&[]);
    let cold = first.run_on(&corpus, "map", &[]).ok();
    assert!(!cold.is_empty());
    assert_eq!(first.run_on(&corpus, "map", &[]).ok(), cold);
    assert_eq!(Sandbox::with(&[]).run_on(&corpus, "map", &["--no-cache"]).ok(), cold);
}

#[test]
fn a_context_file_is_left_out_and_moves_what_belongs_to_it_up() {
    let sandbox = Sandbox::with(&[
        ("app.py", "from lib import helper_function\nhelper_function()\n"),
        ("lib.py", "def helper_function():\n    pass\n"),
        ("other.py", "def other_function():\n    pass\nother_function()\n"),
    ]);
    let ranks = sandbox.run("rank", &["--context", "app.py", "--format", "json"]).json();
    assert_eq!(ranks[0]["file"], "lib.py");
    assert!(ranks.as_array().unwrap().iter().all(|rank| rank["file"] != "app.py"));
    let map = sandbox.run("map", &["--context", "app.py"]).ok();
    assert!(map.starts_with("lib.py:\n def helper_function():\n"), "{map}");
}

#[test]
fn an_unchanged_tree_is_neither_read_nor_parsed_and_an_edit_costs_its_file_only() {
    let sandbox =
        Sandbox::with(&[("a.py", "def a(): pass\n"), ("b.py", "def b(): a()\n"), ("copy.py", "def a(): pass\n")]);
    let figures = || {
        let figures = sandbox.run("index", &["--format", "json"]).json();
        let of = |key: &str| figures[key].as_u64().unwrap();
        [of("parsed"), of("cached"), of("bytes_read")]
    };
    let settle = || std::thread::sleep(std::time::Duration::from_millis(60));
    assert_eq!(figures()[..2], [3, 0]);
    // What was written just before a listing is read once more, and then no longer.
    settle();
    figures();
    assert_eq!(figures(), [0, 3, 0]);
    sandbox.write("b.py", b"def b(): a(); a()\n");
    settle();
    assert_eq!(figures(), [1, 2, 18]);
    assert_eq!(sandbox.run("deps", &["b.py", "--format", "json"]).json()[0]["file"], "a.py");
    assert_eq!(sandbox.run("deps", &["a.py", "--reverse", "--format", "json"]).json()[0]["file"], "b.py");
}

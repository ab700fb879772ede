//! The map: never over its budget, well used, the same from run to run; the cache only saves time.

use astlas_tests::{Sandbox, crate_source};

fn count(tokenizer: &str, text: &str) -> usize {
    match tokenizer {
        "o200k" => bpe_openai::o200k_base().count(text),
        "cl100k" => bpe_openai::cl100k_base().count(text),
        _ => text.chars().count().div_ceil(4),
    }
}

#[test]
fn budgets_are_kept_and_used() {
    let (sandbox, corpus) = (Sandbox::with(&[]), crate_source("petgraph"));
    for tokenizer in ["o200k", "cl100k", "chars"] {
        for budget in [1, 10, 100, 1000, 8000, 10_000_000] {
            let budget_text = budget.to_string();
            let arguments = ["--format", "json", "--tokenizer", tokenizer, "--tokens", &budget_text];
            let map = sandbox.run_on(&corpus, "map", &arguments).json();
            let (text, tokens) = (map["text"].as_str().unwrap(), map["tokens"].as_u64().unwrap() as usize);
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
    std::thread::sleep(std::time::Duration::from_millis(60));
    let figures =
        |key: &str, sandbox: &Sandbox| sandbox.run("index", &["--format", "json"]).json()[key].as_u64().unwrap();
    assert_eq!(figures("parsed", &sandbox), 2, "a.py and copy.py have one content");
    assert_eq!(figures("bytes_read", &sandbox), 0);
    sandbox.write("b.py", b"def b(): a(); a()\n");
    std::thread::sleep(std::time::Duration::from_millis(60));
    let changed = sandbox.run("index", &["--format", "json"]).json();
    assert_eq!((changed["parsed"].as_u64(), changed["bytes_read"].as_u64()), (Some(1), Some(18)));
    assert_eq!(sandbox.run("deps", &["b.py", "--format", "json"]).json()[0]["file"], "a.py");
    assert_eq!(sandbox.run("deps", &["a.py", "--reverse", "--format", "json"]).json()[0]["file"], "b.py");
}

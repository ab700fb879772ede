//! The commands as a new user calls them.

use std::{fs, io, process::Stdio};

use astlas_tests::{Sandbox, ended};
use serde_json::json;

const SOURCE: &str = "class Shape:\n    \"\"\"Has sides.\"\"\"\n    def area(self):\n        return helper(self)\n\ndef helper(shape):\n    pass\n";

#[test]
fn symbols_exact_prefix_and_fuzzy() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let find = |arguments: &[&str]| sandbox.run("symbols", &[arguments, &["--format", "json"]].concat()).json();
    let exact = find(&["area", "--lines", "1"]);
    assert_eq!(
        (&exact[0]["name"], &exact[0]["type"], &exact[0]["line"]),
        (&"Shape.area".into(), &"method".into(), &3.into())
    );
    assert_eq!(exact[0]["lines"][2]["text"], "        return helper(self)");
    assert_eq!(find(&["Shape::area"])[0]["name"], "Shape.area");
    assert_eq!(find(&["help", "--prefix"])[0]["name"], "helper");
    assert_eq!(find(&["hlpr", "--fuzzy"])[0]["name"], "helper");
    assert_eq!(find(&["nothing_like_it"]).as_array().unwrap().len(), 0);
    let empty = sandbox.run("symbols", &[" "]).error(2);
    assert!(empty.contains("empty"), "{empty}");
}

#[test]
fn communities_and_cycles() {
    let sandbox = Sandbox::with(&[
        ("a.py", "def alpha(): beta()\n"),
        ("b.py", "def beta(): gamma()\n"),
        ("c.py", "def gamma(): alpha()\n"),
        ("x.py", "def xray(): yankee()\n"),
        ("y.py", "def yankee(): pass\n"),
        ("z.py", "pass\n"),
    ]);
    let json = |command: &str, limit: &str| sandbox.run(command, &["--format", "json", "--limit", limit]).json();
    let all = json!({ "modularity": 0.375, "communities": [
        { "files": ["a.py", "b.py", "c.py"] }, { "files": ["x.py", "y.py"] }, { "files": ["z.py"] }
    ] });
    assert_eq!(json("communities", "0"), all);
    assert_eq!(json("communities", "1")["communities"], json!([all["communities"][0]]));
    let table = sandbox.run("communities", &[]).ok();
    assert!(
        table.starts_with("modularity 0.375, 3 communities\n") && table.contains("\n    3  a.py, b.py, c.py\n"),
        "{table}"
    );
    let one = Sandbox::with(&[("a.py", "def alpha(): pass\n")]).run("communities", &[]).ok();
    assert!(one.contains(" 1 community\n"), "{one}");
    let cycle = ["a.py", "b.py", "c.py"];
    assert_eq!(json("cycles", "0"), json!([{ "files": cycle, "shortest": cycle }]));
    let table = sandbox.run("cycles", &[]).ok();
    assert_eq!(table, "files  shortest cycle\n    3  a.py → b.py → c.py → a.py\n");
    // In a circle of three each is on one way between others, of 20 that there could be.
    let ranks = sandbox.run("rank", &["--strategy", "betweenness", "--format", "json"]).json();
    assert_eq!((&ranks[0]["file"], &ranks[0]["score"]), (&"a.py".into(), &0.05.into()), "{ranks}");
}

#[test]
fn a_folder_of_one_file_has_no_communities_to_speak_of() {
    for source in ["", "def alone(): alone()\n"] {
        let sandbox = Sandbox::with(&[("a.py", source)]);
        let communities = sandbox.run("communities", &["--format", "json"]).json();
        assert_eq!(communities, json!({ "modularity": 0.0, "communities": [{ "files": ["a.py"] }] }));
        let cycles = sandbox.run("cycles", &["--verbose"]);
        assert!(cycles.stderr.contains("no file uses another one"), "{}", cycles.stderr);
        assert_eq!(cycles.ok(), "files  shortest cycle\n");
        assert_eq!(sandbox.run("cycles", &["--format", "json"]).ok(), "[]\n");
        let ranks = sandbox.run("rank", &["--strategy", "betweenness", "--format", "json"]).json();
        assert_eq!(ranks, json!([{ "file": "a.py", "score": 0.0 }]));
    }
    for command in ["communities", "cycles"] {
        assert!(Sandbox::with(&[]).run(command, &[]).error(1).contains("no source files found"));
        assert_eq!(Sandbox::with(&[]).run(command, &["--limit", "-1"]).code, Some(2));
    }
}

#[test]
fn tags_show_the_outline_and_everything_as_json() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE), ("deco.py", "@cached\ndef area():\n    pass\n")]);
    let table = sandbox.call(&["tags", "shape.py"]).ok();
    assert!(table.contains("   1  class     Shape") && table.contains("   3  method      area"), "{table}");
    let json = sandbox.call(&["tags", "--format", "json", "shape.py", "deco.py"]).json();
    let tags = json[0]["tags"].as_array().unwrap();
    let area = tags.iter().find(|tag| tag["name"] == "area").unwrap();
    assert_eq!((&area["scope"], &area["start_line"], &area["end_line"]), (&"Shape".into(), &3.into(), &4.into()));
    assert_eq!(area["signature"], "    def area(self):");
    assert!(tags.iter().any(|tag| tag["kind"] == "ref" && tag["name"] == "helper" && tag["scope"] == "Shape.area"));
    assert_eq!(json[1]["file"], "deco.py");
    assert!(json[1]["tags"].as_array().unwrap().iter().any(|tag| tag["kind"] == "def" && tag["line"] == 2), "{json}");
    assert!(tags.iter().all(|tag| tag["line"].is_u64()), "{json}");
}

#[test]
fn a_table_of_figures_tells_what_the_json_does() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let json = sandbox.run("index", &["--format", "json"]).json();
    let table = sandbox.run("index", &[]).ok();
    let row = |name: &str| table.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).map(str::to_owned);
    for figure in ["files", "definitions", "references", "tags", "edges"] {
        assert_eq!(row(&format!("{figure} ")), Some(json[figure].to_string()), "{figure} in\n{table}");
    }
    assert_eq!(
        json["tags"].as_u64().unwrap(),
        json["definitions"].as_u64().unwrap() + json["references"].as_u64().unwrap()
    );
}

#[test]
fn help_version_doctor_and_completions() {
    let sandbox = Sandbox::with(&[]);
    assert!(sandbox.call(&["--version"]).ok().starts_with("astlas "));
    for command in
        ["map", "rank", "tags", "deps", "symbols", "communities", "cycles", "index", "doctor", "cache", "completions"]
    {
        assert!(sandbox.call(&["--help"]).ok().contains(command));
        assert!(sandbox.call(&[command, "--help"]).ok().contains("--no-cache"), "{command}");
    }
    let doctor = sandbox.call(&["doctor", "--format", "json"]).json();
    assert_eq!(doctor["parser_works"], true);
    assert!(doctor["languages"].as_array().unwrap().len() >= 24, "{doctor}");
    assert!(sandbox.call(&["completions", "bash"]).ok().contains("_astlas"));
    assert_eq!(sandbox.call(&["mapp"]).code, Some(2));
}

#[test]
fn output_is_plain_unless_colour_is_asked_for() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let table = sandbox.run("rank", &[]);
    assert!(!table.stdout.contains('\u{1b}') && table.stderr.is_empty(), "{table:?}");
    assert!(sandbox.run("rank", &["--color", "always"]).ok().contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_is_no_error_and_a_full_disk_is_named() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    for arguments in [&["map"][..], &["rank", "--format", "json"], &["tags", "shape.py"], &["completions", "zsh"]] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let run = ended(sandbox.command().args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap());
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""), "{arguments:?}");
    }
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let run = ended(sandbox.command().arg("map").stdout(full).stderr(Stdio::piped()).output().unwrap()).error(1);
    assert!(run.contains("standard output") && run.contains("No space left"), "{run}");
}

#[test]
fn variables_that_are_set_to_nothing_are_as_good_as_none() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let home = sandbox.cache();
    let run = |arguments: &[&str]| {
        let mut command = sandbox.command();
        command.env("ASTLAS_CACHE_DIR", "").env("ASTLAS_CACHE_LIMIT", "").env("XDG_CACHE_HOME", &home);
        ended(command.args(arguments).output().unwrap())
    };
    assert!(run(&["map"]).ok().contains("class Shape"));
    let stats = run(&["cache", "stats", "--format", "json"]).json();
    assert_eq!(stats["limit_bytes"], 1u64 << 30);
    assert!(stats["path"].as_str().unwrap().starts_with(home.join("astlas").to_str().unwrap()), "{stats}");
}

#[test]
fn looking_at_a_cache_makes_none() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let cache = |arguments: &[&str]| sandbox.call(&[&["cache"], arguments].concat());
    for _ in 0..2 {
        let stats = cache(&["stats", "--format", "json"]).json();
        assert_eq!((&stats["entries"], &stats["bytes"]), (&0.into(), &0.into()));
        assert!(cache(&["stats"]).ok().contains(sandbox.cache().to_str().unwrap()));
        assert_eq!(cache(&["clear"]).ok(), "");
        // A folder without a cache in it stays as it is, too.
        let files = fs::read_dir(sandbox.cache()).map_or(0, Iterator::count);
        assert_eq!(files, 0);
        fs::create_dir_all(sandbox.cache()).unwrap();
    }
    sandbox.run("map", &[]).ok();
    let entries = || cache(&["stats", "--format", "json"]).json()["entries"].as_u64().unwrap();
    assert!(entries() >= 4);
    cache(&["clear"]).ok();
    assert_eq!(entries(), 0);
}

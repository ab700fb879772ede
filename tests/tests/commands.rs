//! The commands as a new user calls them.

use astlas_tests::{Sandbox, ended};

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
fn tags_show_the_outline_and_everything_as_json() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let table = ended(sandbox.command().args(["tags", "shape.py"]).output().unwrap()).ok();
    assert!(table.contains("   1  class     Shape") && table.contains("   3  method      area"), "{table}");
    let json = ended(sandbox.command().args(["tags", "--format", "json", "shape.py"]).output().unwrap()).json();
    let tags = json[0]["tags"].as_array().unwrap();
    let area = tags.iter().find(|tag| tag["name"] == "area").unwrap();
    assert_eq!((&area["scope"], &area["start_line"], &area["end_line"]), (&"Shape".into(), &3.into(), &4.into()));
    assert_eq!(area["signature"], "    def area(self):");
    assert!(tags.iter().any(|tag| tag["kind"] == "ref" && tag["name"] == "helper" && tag["scope"] == "Shape.area"));
}

#[test]
fn help_version_doctor_and_completions() {
    let sandbox = Sandbox::with(&[]);
    let run = |arguments: &[&str]| ended(sandbox.command().args(arguments).output().unwrap());
    assert!(run(&["--version"]).ok().starts_with("astlas "));
    for command in ["map", "rank", "tags", "deps", "symbols", "index", "doctor", "cache", "completions"] {
        assert!(run(&["--help"]).ok().contains(command));
        assert!(run(&[command, "--help"]).ok().contains("--no-cache"), "{command}");
    }
    let doctor = run(&["doctor", "--format", "json"]).json();
    assert_eq!(doctor["parser_works"], true);
    assert!(doctor["languages"].as_array().unwrap().len() >= 24, "{doctor}");
    assert!(run(&["completions", "bash"]).ok().contains("_astlas"));
    assert_eq!(run(&["mapp"]).code, Some(2));
}

#[test]
fn output_is_plain_and_a_closed_pipe_is_no_error() {
    let sandbox = Sandbox::with(&[("shape.py", SOURCE)]);
    let table = sandbox.run("rank", &[]);
    assert!(!table.stdout.contains('\u{1b}') && table.stderr.is_empty(), "{table:?}");
    assert!(sandbox.run("rank", &["--color", "always"]).ok().contains('\u{1b}'));
}

//! The classic profile equals NetworkX on real repositories: `tests/networkx/reference.py` works the ranks out a second
//! time, edge by edge, from the tags that the program prints.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

use std::path::Path;

use astlas_tests::{Sandbox, crate_source, ended, networkx, networkx_source};
use serde_json::{Value, json};

/// Largest difference allowed between two scores.
const TOLERANCE: f64 = 1e-6;

#[test]
fn classic_ranks_equal_networkx_on_three_corpora() {
    for corpus in [crate_source("petgraph"), crate_source("tree-sitter"), networkx_source().join("algorithms")] {
        let sandbox = Sandbox::with(&[]);
        let ranks = |arguments: &[&str]| {
            let all = [&["--profile", "classic", "--limit", "0", "--format", "json"], arguments].concat();
            sandbox.run_on(&corpus, "rank", &all).json()
        };
        let plain = ranks(&[]);
        let files: Vec<&str> = plain.as_array().unwrap().iter().map(|row| row["file"].as_str().unwrap()).collect();
        assert!(files.len() > 10, "{}: {} files", corpus.display(), files.len());
        let names = names(&sandbox, &corpus, &files);
        let context = files[files.len() / 2];
        let word = names[0]["definitions"][0].as_str().unwrap_or("new");
        let expected = networkx(
            "reference.py",
            &[
                json!({ "files": names, "query": {} }),
                json!({ "files": names, "query": { "context": [context], "mentioned_names": [word] } }),
            ],
        );
        let personal = ranks(&["--context", context, "--mention", word]);
        for (found, expected) in [(plain.clone(), &expected[0]), (personal, &expected[1])] {
            let found = found.as_array().unwrap();
            for row in expected["files"].as_array().unwrap() {
                let (file, score) = (row[0].as_str().unwrap(), row[1].as_f64().unwrap());
                match found.iter().find(|row| row["file"] == file) {
                    Some(row) => {
                        let difference = (row["score"].as_f64().unwrap() - score).abs();
                        assert!(difference < TOLERANCE, "{}: {file}: {row} but {score}", corpus.display());
                    }
                    None => assert_eq!(file, context, "{}: only the context file is left out", corpus.display()),
                }
            }
        }
    }
}

/// What each file defines and references, as the program prints it.
fn names(sandbox: &Sandbox, corpus: &Path, files: &[&str]) -> Vec<Value> {
    let mut command = sandbox.command();
    let tags =
        ended(command.current_dir(corpus).args(["tags", "--format", "json"]).args(files).output().unwrap()).json();
    // A block of implementation names something defined elsewhere; a heading of a document is no name of code.
    let no_name = ["implementation", "section"];
    let of_kind = |file: &Value, kind: &str| -> Vec<Value> {
        let tags = file["tags"].as_array().unwrap().iter();
        tags.filter(|tag| tag["kind"] == kind && (kind == "ref" || !no_name.contains(&tag["type"].as_str().unwrap())))
            .map(|tag| tag["name"].clone())
            .collect()
    };
    let entry = |file: &Value| json!({ "path": file["file"], "definitions": of_kind(file, "def"), "references": of_kind(file, "ref") });
    tags.as_array().unwrap().iter().map(entry).collect()
}

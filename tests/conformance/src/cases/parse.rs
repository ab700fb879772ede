//! Tags of sources that come with the request, and several questions at once.

use serde_json::{Value, json};

use crate::{
    case::{Case, REPOSITORY, Step, case, of, post},
    corpus,
};

fn parse(path: &str, content: &str) -> Step {
    post("/api/v1/ast/parse", json!({"repo_id": REPOSITORY, "file_path": path, "content": content}))
}

fn of_corpus(path: &str) -> Step {
    parse(path, corpus::text(path))
}

fn question(path: &str, body: Value) -> Value {
    json!({"path": path, "body": body})
}

pub fn cases() -> Vec<Case> {
    vec![
        case("parse-python", [of_corpus("lending/books.py")]),
        case("parse-typescript", [of_corpus("web/shelf.ts")]),
        case("parse-rust", [of_corpus("search/src/lib.rs")]),
        case("parse-go", [of_corpus("notify/queue.go")]),
        case("parse-java", [of_corpus("report/Row.java")]),
        case("parse-c", [of_corpus("scan/barcode.h")]),
        case("parse-shell", [of_corpus("tools/import.sh")]),
        case("parse-documents", [of_corpus("README.md"), of_corpus("settings.toml")]),
        case(
            "parse-what-is-broken",
            [
                parse("broken.py", "def good():\n    pass\n\ndef (:\n"),
                parse("empty.py", ""),
                parse("letters.py", "def grüße():\n    return \"🙂\"\r\n"),
                parse("logo.png", "no source"),
                parse("Makefile", "all:\n\techo done\n"),
            ],
        ),
        case(
            "parse-many",
            [
                post(
                    "/api/v1/batch/parse",
                    json!({"repo_id": REPOSITORY, "files": {
                        "a.go": "package a\n\nfunc A() { B() }\n", "b.py": "class B:\n    pass\n", "c.unknown": "nothing",
                    }}),
                ),
                post("/api/v1/batch/parse", json!({"repo_id": REPOSITORY, "files": {}})),
            ],
        ),
        case(
            "several-questions",
            [post(
                "/api/v1/batch/query",
                json!({"queries": [
                    question("/api/v1/symbols/search", of("c1", json!({"symbol": "Member", "context_lines": 0}))),
                    question("/api/v1/graph/dependents", of("c1", json!({"file_path": "search/src/words.rs"}))),
                    question("/api/v1/repomap", of("c1", json!({"max_tokens": 60}))),
                    question("/api/v1/repomap", of("nowhere", json!({}))),
                    question("/api/v1/repomap", json!({})),
                    question("/api/v1/nothing", json!({})),
                    question("/api/v1/batch/query", json!({"queries": []})),
                ]}),
            )],
        ),
        case(
            "several-questions-that-are-none",
            [
                post("/api/v1/batch/query", json!({"queries": []})),
                post("/api/v1/batch/query", json!({"queries": [{"path": "/api/v1/repomap", "body": []}]})),
                post("/api/v1/batch/query", {
                    let none = question("/", json!({}));
                    json!({"queries": vec![none; 101]})
                }),
            ],
        ),
    ]
}

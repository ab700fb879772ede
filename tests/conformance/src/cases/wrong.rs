//! Requests that are wrong: what is said, and how.

use serde_json::{Value, json};

use crate::case::{Case, Make, REPOSITORY, Step, ask, case, get, of, post};

/// Everything that is asked with POST about a commit, with what it needs beside that.
fn questions() -> [(&'static str, Value); 9] {
    [
        ("graph/dependencies", json!({"file_path": "web/api.ts"})),
        ("graph/dependents", json!({"file_path": "web/api.ts"})),
        ("graph/important_files", json!({})),
        ("graph/communities", json!({})),
        ("graph/cycles", json!({})),
        ("symbols/search", json!({"symbol": "a"})),
        ("symbols/fuzzy", json!({"pattern": "a"})),
        ("repomap", json!({})),
        ("pr/context", json!({"changed_files": ["web/api.ts"]})),
    ]
}

fn each(step: impl Fn(&str, Value) -> Step) -> Vec<Step> {
    questions().into_iter().map(|(operation, more)| step(&format!("/api/v1/{operation}"), more)).collect()
}

fn text(path: &str, body: &'static str, make: Make) -> Step {
    ask("POST", path).header("content-type", "application/json").made(body, make)
}

pub fn cases() -> Vec<Case> {
    vec![
        case(
            "unknown-path",
            [
                get("/api/v1/nothing"),
                post("/api/v1/graph/nothing", of("c1", json!({}))),
                post("/api/v1/symbols/nothing", of("c1", json!({}))),
                get("/"),
                get("/api/v1/repomap/"),
            ],
        ),
        case("wrong-method", {
            let mut steps = each(|path, _| get(path));
            steps.extend(["ast/parse", "batch/parse", "batch/query"].map(|it| ask("DELETE", format!("/api/v1/{it}"))));
            steps.extend([
                get("/api/v1/jobs/index_repo"),
                ask("PUT", "/api/v1/jobs"),
                ask("DELETE", "/api/v1/jobs/0a/cancel"),
                get("/api/v1/jobs/0a/retry"),
                post("/api/v1/repos", json!({})),
                get("/api/v1/repos/conformance/none/pin"),
                get("/api/v1/repos/conformance/none/c1/archive"),
                post("/openapi.json", json!({})),
            ]);
            steps
        }),
        case("malformed-json", {
            let cut = "an object that is cut short";
            let mut steps = each(|path, _| text(path, cut, |_| Ok(br#"{"repo_id": "conformance/lending", "#.to_vec())));
            for path in ["ast/parse", "batch/parse", "batch/query", "jobs/index_repo"] {
                steps.push(text(&format!("/api/v1/{path}"), "no JSON", |_| Ok(b"repo_id=conformance".to_vec())));
            }
            steps.push(text("/api/v1/repomap", "two objects", |_| {
                Ok((of("c1", json!({})).to_string() + "{}").into_bytes())
            }));
            steps.push(text("/api/v1/repomap", "an array", |_| Ok(b"[]".to_vec())));
            steps.push(text("/api/v1/repomap", "nothing", |_| Ok(b" ".to_vec())));
            steps.push(text("/api/v1/repomap", "bytes that are no text", |_| Ok(b"{\"repo_id\": \"\xff\"}".to_vec())));
            steps
        }),
        case("missing-field", {
            let mut steps = each(|path, _| post(path, json!({"repo_id": REPOSITORY})));
            steps.extend([
                post("/api/v1/graph/dependencies", of("c1", json!({}))),
                post("/api/v1/symbols/search", of("c1", json!({}))),
                post("/api/v1/symbols/fuzzy", of("c1", json!({}))),
                post("/api/v1/ast/parse", json!({"repo_id": REPOSITORY, "file_path": "a.py"})),
                post("/api/v1/batch/parse", json!({"repo_id": REPOSITORY})),
                post("/api/v1/batch/query", json!({})),
                post("/api/v1/jobs/index_repo", json!({"repo_id": REPOSITORY})),
                post("/internal/parse_batch", of("c1", json!({}))),
            ]);
            steps
        }),
        case("unknown-field", each(|path, _| post(path, of("c1", json!({"fields": 1}))))),
        case(
            "wrong-type",
            [
                post("/api/v1/repomap", of("c1", json!({"max_tokens": "many"}))),
                post("/api/v1/repomap", of("c1", json!({"context_files": "web/api.ts"}))),
                post("/api/v1/repomap", of("c1", json!({"context_files": ["web/api.ts", 1]}))),
                post("/api/v1/repomap", of("c1", json!({"format": "json"}))),
                post("/api/v1/repomap", of("c1", json!({"tokenizer": "words"}))),
                post("/api/v1/graph/important_files", of("c1", json!({"strategy": "luck"}))),
                post("/api/v1/graph/dependencies", of("c1", json!({"file_path": "web/api.ts", "depth": -1}))),
                post("/api/v1/symbols/search", of("c1", json!({"symbol": null}))),
                post("/api/v1/jobs/index_repo", of("c1", json!({"source": "elsewhere"}))),
                post("/api/v1/batch/parse", json!({"repo_id": REPOSITORY, "files": ["a.py"]})),
            ],
        ),
        case(
            "out-of-range",
            [
                post("/api/v1/repomap", of("c1", json!({"max_tokens": 0}))),
                post("/api/v1/repomap", of("c1", json!({"max_tokens": 100_000_001}))),
                post("/api/v1/repomap", of("c1", json!({"max_tokens": 5_000_000_000_u64}))),
                post("/api/v1/pr/context", of("c2", json!({"base_sha": "c1", "max_tokens": 0}))),
                post("/api/v1/symbols/search", of("c1", json!({"symbol": "a", "limit": 1001}))),
                post("/api/v1/symbols/search", of("c1", json!({"symbol": "a", "context_lines": 101}))),
                post("/api/v1/symbols/fuzzy", of("c1", json!({"pattern": "a", "limit": 1001}))),
                post("/api/v1/symbols/fuzzy", of("c1", json!({"pattern": ""}))),
                post("/api/v1/symbols/search", of("c1", json!({"symbol": "  "}))),
            ],
        ),
        case("bad-name", {
            let name = |repository: &str, commit: &str| {
                post("/api/v1/repomap", json!({"repo_id": repository, "commit_sha": commit}))
            };
            [name("", "c1"), name("../other", "c1"), name("a b", "c1"), name(&"a".repeat(201), "c1")]
                .into_iter()
                .chain([name(REPOSITORY, ""), name(REPOSITORY, "a/b"), name(REPOSITORY, ".."), name(REPOSITORY, "ä")])
                .collect::<Vec<_>>()
        }),
        case("unknown-repository", {
            each(|path, more| {
                let mut body = of("c1", more);
                body["repo_id"] = json!("conformance/nowhere");
                post(path, body)
            })
        }),
        case("unknown-commit", each(|path, more| post(path, of("nowhere", more)))),
        case(
            "unknown-file",
            [
                post("/api/v1/graph/dependencies", of("c1", json!({"file_path": "lending/none.py"}))),
                post("/api/v1/graph/dependents", of("c1", json!({"file_path": "/lending/books.py"}))),
                post("/api/v1/graph/dependents", of("c1", json!({"file_path": "logo.png"}))),
                post(
                    "/api/v1/pr/context",
                    of("c1", json!({"changed_files": ["none.py"], "max_tokens": 100, "limit": 2})),
                ),
            ],
        ),
        case(
            "too-large-body",
            [
                text("/api/v1/jobs/index_repo", "16 MiB and a byte", |_| Ok(vec![b' '; (16 << 20) + 1])),
                text("/api/v1/repomap", "64 MiB and a byte", |_| Ok(vec![b' '; (64 << 20) + 1])),
            ],
        ),
    ]
}

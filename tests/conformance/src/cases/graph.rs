//! Who uses whom, and what matters.

use serde_json::{Value, json};

use crate::case::{Case, Step, case, of, post};

fn graph(operation: &str, commit: &str, more: Value) -> Step {
    post(format!("/api/v1/graph/{operation}"), of(commit, more))
}

fn important(more: Value) -> Step {
    graph("important_files", "c1", more)
}

pub fn cases() -> Vec<Case> {
    let around = |operation| {
        [
            graph(operation, "c1", json!({"file_path": "lending/loans.py"})),
            graph(operation, "c1", json!({"file_path": "lending/loans.py", "depth": 2})),
            graph(operation, "c1", json!({"file_path": "web/shelf.ts", "depth": 0})),
            graph(operation, "c1", json!({"file_path": "README.md"})),
            graph(operation, "c2", json!({"file_path": "lending/fines.py", "depth": 3})),
        ]
    };
    vec![
        case("dependencies", around("dependencies")),
        case("dependents", around("dependents")),
        case("important-files", [important(json!({})), important(json!({"limit": 3})), important(json!({"limit": 0}))]),
        case(
            "important-files-for-a-change",
            [
                important(json!({"context_files": ["lending/fines.py"]})),
                important(json!({"context_files": ["scan/barcode.h", "scan/none.h"], "limit": 5})),
                important(json!({"mentioned": ["Row", "notify/mail.go"], "limit": 5})),
            ],
        ),
        case(
            "important-files-by-other-measures",
            [
                important(json!({"strategy": "pagerank", "profile": "classic", "limit": 8})),
                important(json!({"strategy": "betweenness", "limit": 8})),
                important(json!({"strategy": "degree", "limit": 8})),
                important(
                    json!({"strategy": "degree", "profile": "classic", "context_files": ["web/api.ts"], "limit": 8}),
                ),
            ],
        ),
        case(
            "communities",
            [
                graph("communities", "c1", json!({})),
                graph("communities", "c1", json!({"limit": 1})),
                graph("communities", "c2", json!({"limit": 0})),
            ],
        ),
        case(
            "cycles",
            [
                graph("cycles", "c1", json!({})),
                graph("cycles", "c2", json!({})),
                graph("cycles", "c2", json!({"limit": 1})),
            ],
        ),
    ]
}

//! Maps.

use serde_json::{Value, json};

use crate::case::{Case, Step, case, of, post};

fn map(more: Value) -> Step {
    post("/api/v1/repomap", of("c1", more))
}

pub fn cases() -> Vec<Case> {
    vec![
        case("repomap", [map(json!({}))]),
        case("repomap-budgets", [1, 25, 100, 400, 100_000_000].map(|budget| map(json!({"max_tokens": budget})))),
        case("repomap-formats", {
            ["text", "markdown"].map(|format| map(json!({"format": format, "max_tokens": 120})))
        }),
        case("repomap-tokenizers", {
            ["o200k", "cl100k", "chars"].map(|tokenizer| map(json!({"tokenizer": tokenizer, "max_tokens": 120})))
        }),
        case(
            "repomap-of-a-change",
            [
                map(json!({"context_files": ["lending/loans.py"], "max_tokens": 200})),
                map(
                    json!({"context_files": ["web/api.ts", "lending/nowhere.py", "search/src/lib.rs"], "max_tokens": 200}),
                ),
            ],
        ),
        case(
            "repomap-of-what-was-mentioned",
            [
                map(json!({"mentioned": ["split_words"], "max_tokens": 80})),
                map(json!({"mentioned": ["totalFine", "scan/barcode.c"], "max_tokens": 80})),
            ],
        ),
        case(
            "repomap-classic",
            [
                map(json!({"profile": "classic", "max_tokens": 150})),
                map(json!({"profile": "classic", "context_files": ["notify/mail.go"], "max_tokens": 150})),
                map(json!({"profile": "default", "context_files": ["notify/mail.go"], "max_tokens": 150})),
            ],
        ),
        case("repomap-of-another-commit", [post("/api/v1/repomap", of("c2", json!({"max_tokens": 300})))]),
    ]
}

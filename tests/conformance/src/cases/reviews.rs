//! What a review needs.

use serde_json::{Value, json};

use crate::case::{Case, Step, case, of, post};

fn context(more: Value) -> Step {
    post("/api/v1/pr/context", of("c2", more))
}

pub fn cases() -> Vec<Case> {
    vec![
        case("pr-context", [context(json!({"base_sha": "c1"}))]),
        case(
            "pr-context-of-files",
            [
                context(json!({"changed_files": ["lending/holds.py"], "limit": 4})),
                context(json!({"changed_files": ["web/shelf.ts", "web/none.ts"], "max_tokens": 300, "limit": 3})),
                context(json!({"base_sha": "c1", "changed_files": ["lending/fines.py", "README.md"], "limit": 2})),
            ],
        ),
        case(
            "pr-context-budgets",
            [1, 60, 400].map(|budget| {
                context(
                    json!({"base_sha": "c1", "changed_files": ["lending/fines.py"], "max_tokens": budget, "limit": 2}),
                )
            }),
        ),
        case(
            "pr-context-forms",
            [
                context(
                    json!({"base_sha": "c1", "changed_files": ["lending/holds.py"], "format": "markdown", "max_tokens": 300, "limit": 1}),
                ),
                context(
                    json!({"base_sha": "c1", "changed_files": ["lending/holds.py"], "tokenizer": "cl100k", "max_tokens": 300, "limit": 1}),
                ),
                context(
                    json!({"base_sha": "c1", "changed_files": ["lending/holds.py"], "tokenizer": "chars", "max_tokens": 300, "limit": 0}),
                ),
            ],
        ),
        case(
            "pr-context-without-a-change",
            [
                context(json!({})),
                context(json!({"base_sha": "c2", "max_tokens": 100, "limit": 1})),
                context(json!({"base_sha": "nowhere"})),
            ],
        ),
    ]
}

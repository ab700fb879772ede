//! Definitions by name.

use serde_json::{Value, json};

use crate::case::{Case, Step, case, of, post};

fn search(more: Value) -> Step {
    post("/api/v1/symbols/search", of("c1", more))
}

fn fuzzy(more: Value) -> Step {
    post("/api/v1/symbols/fuzzy", of("c1", more))
}

pub fn cases() -> Vec<Case> {
    vec![
        case(
            "symbols-search",
            [
                search(json!({"symbol": "LoanDesk"})),
                search(json!({"symbol": "LoanDesk.lend", "context_lines": 0})),
                search(json!({"symbol": "Queue", "context_lines": 1})),
                search(json!({"symbol": " find ", "limit": 1, "context_lines": 4})),
                search(json!({"symbol": "Book", "limit": 0, "context_lines": 0})),
                search(json!({"symbol": "barcode_is_valid", "context_lines": 100})),
                search(json!({"symbol": "nobody_is_called_so"})),
            ],
        ),
        case(
            "symbols-fuzzy",
            [
                fuzzy(json!({"pattern": "mail", "context_lines": 0})),
                fuzzy(json!({"pattern": "splwrd"})),
                fuzzy(json!({"pattern": "loan", "limit": 3, "context_lines": 1})),
                fuzzy(json!({"pattern": "totfi", "limit": 0, "context_lines": 0})),
                fuzzy(json!({"pattern": "zzzz"})),
            ],
        ),
        case(
            "symbols-of-another-commit",
            [
                post("/api/v1/symbols/search", of("c2", json!({"symbol": "HoldList"}))),
                post("/api/v1/symbols/fuzzy", of("c2", json!({"pattern": "importline"}))),
            ],
        ),
    ]
}

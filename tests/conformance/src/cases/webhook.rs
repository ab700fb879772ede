//! Events of a forge. None of them leads to a job, for the forge would be asked for sources.

use serde_json::{Value, json};

use crate::case::{Case, Feature, Step, case, post};

fn unsigned(event: &'static str, body: Value) -> Step {
    post("/webhooks/github", body).header("x-github-event", event)
}

fn signed(event: &'static str, body: Value) -> Step {
    unsigned(event, body).header("x-hub-signature-256", "{signature}")
}

pub fn cases() -> Vec<Case> {
    let repository = json!({"full_name": "conformance/forge"});
    let none = "0".repeat(40);
    let branch_is_gone = json!({"before": "c1", "after": none, "deleted": true, "repository": repository});
    let closed = json!({
        "action": "closed", "repository": repository,
        "pull_request": {"head": {"sha": "c2"}, "base": {"sha": "c1"}},
    });
    let bad_name = json!({"before": "c1", "after": "c/2", "repository": repository});
    let bad_signature = "sha256=0000000000000000000000000000000000000000000000000000000000000000";
    vec![
        case(
            "webhook",
            [
                signed("ping", json!({"zen": "none"})),
                signed("push", branch_is_gone).header("x-github-delivery", "{unique}"),
                signed("ping", json!({})).header("x-github-delivery", "{unique}"),
                signed("pull_request", closed),
            ],
        )
        .of(Feature::Webhook),
        case(
            "webhook-refused",
            [
                unsigned("ping", json!({})),
                unsigned("ping", json!({})).header("x-hub-signature-256", bad_signature),
                signed("star", json!({})),
                signed("push", json!({"before": "c1"})),
                signed("push", bad_name),
            ],
        )
        .of(Feature::Webhook),
    ]
}

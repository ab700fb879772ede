//! Tenants: their keys, and what they have used.

use serde_json::json;

use crate::{
    case::{Case, Feature, ask, case, get, post},
    view::{LABEL, View},
};

pub fn cases() -> Vec<Case> {
    let with_it = |step: crate::case::Step| step.header("authorization", "Bearer {secret}");
    vec![
        case(
            "keys",
            [
                post("/api/v1/keys", json!({"role": "index", "label": LABEL, "expires_in_days": 1})),
                get("/api/v1/keys").view(View::OwnKeys),
                with_it(post("/api/v1/symbols/search", json!({}))),
                with_it(post("/api/v1/keys", json!({}))),
                ask("DELETE", "/api/v1/keys/{key_id}"),
                get("/api/v1/keys").view(View::OwnKeys),
                with_it(get("/api/v1/repos")),
            ],
        )
        .of(Feature::Accounts),
        case(
            "keys-refused",
            [
                post("/api/v1/keys", json!({"role": "king"})),
                post("/api/v1/keys", json!({"label": "a\nb"})),
                ask("DELETE", "/api/v1/keys/none"),
                ask("PUT", "/api/v1/keys"),
                get("/api/v1/repos").header("authorization", "Bearer nonsense"),
                get("/api/v1/repos").header("x-api-key", "nonsense"),
            ],
        )
        .of(Feature::Accounts),
        case("usage", [get("/api/v1/usage").view(View::Shape), ask("DELETE", "/api/v1/usage")]).of(Feature::Accounts),
    ]
}

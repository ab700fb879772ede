//! What a service says about itself.

use crate::{
    case::{Case, Feature, ask, case, get},
    view::View,
};

/// The document of all operations.
pub fn document() -> Vec<Case> {
    vec![case("openapi", [get("/openapi.json").view(View::Operations)])]
}

pub fn cases() -> Vec<Case> {
    vec![
        case(
            "health",
            [
                get("/health/live"),
                get("/health/ready").well(),
                get("/health").view(View::StatusField).well(),
                ask("POST", "/health/live"),
            ],
        )
        .of(Feature::Pages),
        case("metrics", [get("/metrics").view(View::Metrics), ask("DELETE", "/metrics")]).of(Feature::Pages),
        case("docs", [get("/docs").view(View::Title), ask("PUT", "/docs")]).of(Feature::Pages),
    ]
}

//! Repositories: listed, kept, forgotten.

use serde_json::json;

use crate::{
    archive::tar_gz,
    case::{Case, Feature, Make, Step, ask, case, get, indexed, post},
    corpus::first,
    view::View,
};

fn listed() -> Step {
    get("/api/v1/repos").view(View::OwnRepository)
}

pub fn cases() -> Vec<Case> {
    let forgotten = {
        let archive: (&str, Make) = ("tar.gz of the first commit", |_| tar_gz(&first()));
        let repository = "conformance/forgotten";
        let cycles = || post("/api/v1/graph/cycles", json!({"repo_id": repository, "commit_sha": "c1"}));
        let [upload, begin, over] = indexed(repository, "c1", json!({}), archive);
        let forget = || ask("DELETE", format!("/api/v1/repos/{repository}"));
        vec![upload, begin, over, cycles(), forget(), cycles(), forget()]
    };
    vec![
        case(
            "repository-pinned",
            [
                ask("PUT", "/api/v1/repos/conformance/lending/pin"),
                listed(),
                // As one part of the path.
                ask("DELETE", "/api/v1/repos/conformance%2Flending/pin"),
                listed(),
                ask("DELETE", "/api/v1/repos/conformance/lending/pin"),
            ],
        ),
        case("repository-forgotten", forgotten),
        case("repository-never-indexed", {
            let path = "/api/v1/repos/conformance/kept";
            let upload =
                ask("PUT", format!("{path}/c1/archive")).made("tar.gz of the first commit", |_| tar_gz(&first()));
            [upload, ask("DELETE", path), ask("DELETE", path)]
        }),
        // Nothing is that old.
        case(
            "sweep",
            [
                post("/internal/sweep", json!({"older_than_days": 100_000})),
                post("/internal/sweep", json!({"older_than_days": "all"})),
            ],
        )
        .of(Feature::Sweep),
    ]
}

//! Jobs: shown, listed, called off, done after all.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{
    archive::{tar, zip},
    case::{Case, Feature, OWN, REPOSITORY, Step, ask, case, get, indexed, job_over, of, post},
    corpus::{self, Files},
    talk::Facts,
    view::View,
};

fn slow(facts: &Facts<'_>) -> Result<Vec<u8>, String> {
    zip(&corpus::slow(facts.unique))
}

fn nothing(_: &Facts<'_>) -> Result<Vec<u8>, String> {
    tar(&Files::from([("notes.unknown".to_owned(), b"nothing".to_vec())]))
}

fn something(_: &Facts<'_>) -> Result<Vec<u8>, String> {
    tar(&Files::from([("notes.py".to_owned(), b"def note():\n    pass\n".to_vec())]))
}

/// A message about the job that was asked for last, as Pub/Sub pushes it.
fn about_the_job(facts: &Facts<'_>) -> Result<Vec<u8>, String> {
    let mut message = facts.last.as_object().cloned().ok_or("there is no job")?;
    message.insert("kind".into(), json!("index"));
    let data = STANDARD.encode(Value::Object(message).to_string());
    let message = json!({"data": data, "messageId": "1", "attributes": {"tenant": "local"}});
    Ok(json!({"subscription": "conformance", "message": message}).to_string().into_bytes())
}

fn to(what: &str) -> Step {
    ask("POST", format!("/api/v1/jobs/{{job_id}}/{what}"))
}

fn listed(state: &str) -> Step {
    get(format!("/api/v1/jobs?state={state}")).view(View::OwnJob)
}

pub fn cases() -> Vec<Case> {
    let again = post("/api/v1/jobs/index_repo", of("c1", json!({})));
    let cancelled = {
        let repository = format!("{OWN}slow");
        let [upload, begin, over] = indexed(&repository, "c1", json!({}), ("zip of much source", slow));
        let map = || post("/api/v1/repomap", json!({"repo_id": repository, "commit_sha": "c1", "max_tokens": 20}));
        let forget = ask("DELETE", format!("/api/v1/repos/{repository}")).view(View::Nothing);
        vec![
            forget,
            upload,
            begin,
            // Where it is done by now, it is begun anew: with other sources, so that all are parsed.
            to("cancel").or_anew(200),
            // Who took it at that very moment shows for milliseconds that it runs.
            job_over(),
            listed("cancelled"),
            map(),
            to("cancel"),
            to("retry"),
            over,
            map(),
        ]
    };
    let retried = {
        let [upload, begin, over] = indexed("conformance/retried", "c1", json!({}), ("tar without source", nothing));
        let better = ask("PUT", "/api/v1/repos/conformance/retried/c1/archive").made("tar with a source", something);
        vec![upload, begin, over, listed("failed"), to("cancel"), better, to("retry"), job_over(), listed("failed")]
    };
    let by_id = |id: &str| {
        [
            get(format!("/api/v1/jobs/{id}")),
            ask("POST", format!("/api/v1/jobs/{id}/cancel")),
            ask("POST", format!("/api/v1/jobs/{id}/retry")),
        ]
    };
    vec![
        case("job-again", [again, job_over(), get("/api/v1/jobs").view(View::OwnJob), to("cancel"), to("retry")]),
        case("job-cancelled-and-retried", cancelled),
        case("job-failed-and-retried", retried),
        case("job-unknown", [by_id("none"), by_id("00000000000000000000000000000000")].concat()),
        case("jobs-of-no-state", [listed("lost"), get("/api/v1/jobs?limit=5").view(View::OwnJob)]),
        case(
            "parse-batch",
            [
                post(
                    "/internal/parse_batch",
                    of("c1", json!({"paths": ["web/api.ts", "lending/books.py", "none.py"]})),
                ),
                post("/internal/parse_batch", of("nowhere", json!({"paths": ["web/api.ts"]}))),
            ],
        ),
        case(
            "job-events",
            [
                post("/api/v1/jobs/index_repo", json!({"repo_id": REPOSITORY, "commit_sha": "c1"})),
                get("/api/v1/jobs/{job_id}/events").view(View::LastEvent),
                get("/api/v1/jobs/none/events"),
                ask("POST", "/api/v1/jobs/none/events"),
            ],
        )
        .of(Feature::JobEvents),
        case(
            "pushed-messages",
            [
                post("/api/v1/jobs/index_repo", of("c1", json!({}))),
                job_over(),
                // What is done already is taken, and nothing comes of it.
                ask("POST", "/pubsub/push")
                    .header("content-type", "application/json")
                    .made("a message about the job that is done", about_the_job),
                post("/pubsub/push", json!({"message": {"data": "e30=", "attributes": {"tenant": "local"}}})),
                post("/pubsub/push", json!({"message": {"data": "?", "attributes": {"tenant": "local"}}})),
            ],
        )
        .of(Feature::Push),
    ]
}

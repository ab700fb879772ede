//! What a scheduler asks for: the sweep of all tenants, one after the other. No tenant can ask for it.

use astlas_http::ProblemType;
use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use serde_json::{Value, json};

use crate::{
    admission::Admission,
    function::{Answer, Functions, classified, problem},
    pages,
    scope::Scope,
};

/// Longest answer, in bytes.
const LONGEST: usize = 64 << 10;

/// Passes the request on for each tenant: how many commits went, all together.
pub async fn all(functions: &Functions, admission: &Admission, request: Request<Bytes>) -> Answer {
    let tenants = match admission.tenants().await {
        Ok(tenants) => tenants,
        Err(error) => return problem(ProblemType::Unavailable.with(error.to_string())),
    };
    let (mut commits, mut failed) = (0, None);
    for tenant in tenants {
        let answer = functions.ingest.ask(&Scope::new(&tenant), request.clone().map(Full::new)).await;
        if answer.status() != StatusCode::OK {
            // The others' turn comes all the same.
            failed = Some(classified(answer).await);
            continue;
        }
        let swept = Limited::new(answer.into_body(), LONGEST).collect().await;
        let swept: Option<Value> = swept.ok().and_then(|swept| serde_json::from_slice(&swept.to_bytes()).ok());
        let Some(count) = swept.and_then(|swept| swept["commits"].as_u64()) else {
            return problem(ProblemType::StageFailed.with("the function stopped before it had an answer; see the log"));
        };
        commits += count;
    }
    failed.unwrap_or_else(|| pages::json(StatusCode::OK, &json!({ "commits": commits })))
}

//! What a question is about, as far as the host has to know: which repository, so that it can go to an instance that has
//! it open. A hint and nothing more: the function reads the question itself.

use http_body::Body;
use http_body_util::{BodyExt, Full};
use serde::Deserialize;
use wasmtime_wasi_http::Error as HttpError;

use crate::function::Asked;

/// Longest body that is looked into, in bytes. Questions are short; what is longer is source to be parsed.
const LOOKED_INTO: u64 = 64 << 10;

#[derive(Deserialize)]
#[serde(untagged)]
enum Question {
    One { repo_id: String },
    Several { queries: Vec<Query> },
}

#[derive(Deserialize)]
struct Query {
    body: One,
}

#[derive(Deserialize)]
struct One {
    repo_id: String,
}

impl Question {
    /// Of several, that of the first: most often it is that of all.
    fn repository(self) -> Option<String> {
        match self {
            Self::One { repo_id } => Some(repo_id),
            Self::Several { queries } => queries.into_iter().next().map(|query| query.body.repo_id),
        }
    }
}

/// The repository that a request is about, if it says how long it is, and that is short.
pub async fn repository(request: Asked) -> Result<(Asked, Option<String>), HttpError> {
    if request.body().size_hint().exact().is_none_or(|length| length > LOOKED_INTO) {
        return Ok((request, None));
    }
    let (head, body) = request.into_parts();
    let body = body.collect().await?.to_bytes();
    let question: Option<Question> = serde_json::from_slice(&body).ok();
    let body = Full::new(body).map_err(|never| match never {}).boxed_unsync();
    Ok((Asked::from_parts(head, body), question.and_then(Question::repository)))
}

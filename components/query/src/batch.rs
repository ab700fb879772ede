//! Several questions in one request.

use astlas_http::{Problem, ProblemType, encode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, value::RawValue};

use crate::{Function, Operation, Ports};

/// Most questions of one request.
const LIMIT: usize = 100;

/// Several questions.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryRequest {
    /// They are answered in order.
    #[schemars(length(min = 1, max = 100))]
    queries: Vec<Query>,
}

/// A question.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Query {
    /// Where it would be asked by itself: `/api/v1/repomap`.
    path: String,
    /// What it would be asked with.
    body: serde_json::Map<String, Value>,
}

/// Answers to several questions.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Answers {
    /// In the order of the questions.
    results: Vec<Answer>,
}

/// An answer.
#[derive(Debug, Serialize, JsonSchema)]
struct Answer {
    /// HTTP status that the question would have had by itself.
    status: u16,
    /// What would have been answered, be it a problem.
    #[schemars(with = "serde_json::Map<String, Value>")]
    body: Box<RawValue>,
}

pub async fn query<P: Ports>(function: &Function<P>, request: QueryRequest) -> Result<Vec<u8>, Problem> {
    if request.queries.is_empty() || request.queries.len() > LIMIT {
        let detail = format!("queries: {} of them; ask 1 to {LIMIT} at once", request.queries.len());
        return Err(ProblemType::InvalidRequest.with(detail));
    }
    let mut results = Vec::with_capacity(request.queries.len());
    for Query { path, body } in request.queries {
        let (status, body) = match answer(function, &path, &encode(&body)?).await {
            Ok(answer) => (200, answer),
            Err(problem) => (problem.body.status, encode(&problem.body)?),
        };
        let body = serde_json::from_slice(&body)
            .map_err(|error| ProblemType::StageFailed.with(format!("an answer is no JSON: {error}")))?;
        results.push(Answer { status, body });
    }
    encode(&Answers { results })
}

async fn answer<P: Ports>(function: &Function<P>, path: &str, body: &[u8]) -> Result<Vec<u8>, Problem> {
    match Operation::at(path) {
        Some(Operation::Query) => {
            Err(ProblemType::InvalidRequest.with("a query of queries; ask each of them by itself"))
        }
        // Boxed, for an operation holds this one.
        Some(operation) => Box::pin(operation.answer(function, body)).await,
        None => Err(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is"))),
    }
}

//! The read side over HTTP: a request in, the use case it asks for, a response out. Everything here is portable; what it
//! reaches, it reaches through [`Function`]'s ports.

mod ast;
mod commit;
mod graph;
mod openapi;
mod operation;
mod repomap;
mod symbols;

use astlas_atlas::{
    Atlas,
    ports::{Cache, Clock, StageError, Stages},
};
use astlas_http::{Body, Method, Problem, ProblemType, RepoId, Request, Response, read_all};

pub use operation::Operation;

/// Where the OpenAPI document is.
const OPENAPI: &str = "/openapi.json";

/// Longest body, in bytes: many files at once.
const BODY_LIMIT: usize = 64 << 20;

/// The function over its ports.
#[derive(Clone, Debug, Default)]
pub struct Function<P> {
    /// The stages, the cache and the clock.
    pub ports: P,
}

impl<P: Stages + Cache + Clock + Clone> Function<P> {
    /// The use cases for one repository.
    fn atlas(&self, repository: &RepoId) -> Atlas<P, P> {
        let repository = repository.as_str().to_owned();
        Atlas { stages: self.ports.clone(), cache: self.ports.clone(), repository }
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<impl Body>) -> Response {
        self.routed(request).await.unwrap_or_else(Response::from)
    }

    async fn routed(&self, mut request: Request<impl Body>) -> Result<Response, Problem> {
        let path = request.path.as_str();
        if path == OPENAPI {
            return match request.method {
                Some(Method::Get) => Ok(Response::json(200, openapi::document()?)),
                _ => Err(not_allowed(Method::Get)),
            };
        }
        let Some(operation) = Operation::at(path) else {
            return Err(ProblemType::NotFound.with(format!("{path}: {OPENAPI} lists what there is")));
        };
        match request.method {
            Some(Method::Post) => {
                let body = read_all(&mut request.body, BODY_LIMIT).await?;
                Ok(Response::json(200, operation.answer(self, &body).await?))
            }
            _ => Err(not_allowed(Method::Post)),
        }
    }
}

fn not_allowed(allowed: Method) -> Problem {
    let problem = ProblemType::MethodNotAllowed.with(format!("ask with {}", allowed.word()));
    Problem { allow: Some(allowed.word().into()), ..problem }
}

/// A stage that did not answer.
fn stage_failed(error: StageError) -> Problem {
    ProblemType::StageFailed.with(error.to_string())
}

#[cfg(target_family = "wasm")]
astlas_shell::component!(Function);

//! The read side over HTTP: a request in, the use case it asks for, a response out. Everything here is portable; what it
//! reaches, it reaches through [`Function`]'s ports.

mod ast;
mod batch;
mod commit;
mod graph;
mod hot;
mod operation;
mod ports;
mod pr;
mod repomap;
mod symbols;

use astlas_atlas::{
    Atlas,
    ports::{StageError, Unavailable},
};
use astlas_http::{Body, Method, Problem, ProblemType, RepoId, Request, Response, read_all};

use hot::Hot;
pub use operation::Operation;
pub use ports::Ports;

/// Longest body, in bytes: many files at once.
const BODY_LIMIT: usize = 64 << 20;

/// The function over its ports.
#[derive(Clone, Debug, Default)]
pub struct Function<P> {
    ports: P,
    hot: Hot,
}

impl<P: Ports> Function<P> {
    /// The function over what it reaches. Its clones share what it keeps open.
    pub fn new(ports: P) -> Self {
        Self { ports, hot: Hot::default() }
    }

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
        let Some(operation) = Operation::at(path) else {
            return Err(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is")));
        };
        match request.method {
            Some(Method::Post) => {
                let body = read_all(&mut request.body, BODY_LIMIT).await?;
                Ok(Response::json(200, operation.answer(self, &body).await?))
            }
            _ => Err(Problem::method_not_allowed(&[Method::Post])),
        }
    }
}

/// A number that is not what it may be is a problem.
fn in_range(field: &str, number: u32, allowed: std::ops::RangeInclusive<u32>) -> Result<(), Problem> {
    if allowed.contains(&number) {
        return Ok(());
    }
    let detail = format!("{field}: {number}; give {} to {}", allowed.start(), allowed.end());
    Err(ProblemType::InvalidRequest.with(detail))
}

/// A stage that did not answer.
fn stage_failed(error: StageError) -> Problem {
    ProblemType::StageFailed.with(error.to_string())
}

/// What is out of reach.
fn unavailable(error: Unavailable) -> Problem {
    ProblemType::Unavailable.with(format!("{error}; try again later"))
}

#[cfg(all(target_family = "wasm", feature = "component"))]
astlas_shell::component!(Function);

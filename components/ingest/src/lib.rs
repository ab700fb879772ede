//! The write side over HTTP: archives and events come in, jobs turn them into indexes. Everything here is portable; what
//! it reaches, it reaches through [`Function`]'s ports.

mod index;
mod job;
mod jobs;
mod message;
mod openapi;
mod ports;
mod record;
mod repos;
mod route;
mod show;
mod source;
mod turn;
mod watched;
mod webhook;

use astlas_atlas::{Atlas, ports::Unavailable};
use astlas_http::{Body, Problem, ProblemType, RepoId, Request, Response, decode, encode, read_all};

pub use ports::Ports;
pub use route::Operation;
use route::Route;

/// Longest body that is no archive, in bytes.
const BODY_LIMIT: usize = 16 << 20;

/// The function over its ports.
#[derive(Clone, Debug, Default)]
pub struct Function<P> {
    ports: P,
}

impl<P: Ports> Function<P> {
    /// The function over what it reaches.
    pub fn new(ports: P) -> Self {
        Self { ports }
    }

    /// The use cases for one repository.
    fn atlas(&self, repository: &RepoId) -> Atlas<P, P> {
        let repository = repository.as_str().to_owned();
        Atlas { stages: self.ports.clone(), cache: self.ports.clone(), repository }
    }

    /// The read side, over the same ports.
    fn query(&self) -> astlas_query::Function<P> {
        astlas_query::Function::new(self.ports.clone())
    }

    /// Answers one request.
    pub async fn answer(&self, request: Request<impl Body>) -> Response {
        self.routed(request).await.unwrap_or_else(Response::from)
    }

    async fn routed(&self, mut request: Request<impl Body>) -> Result<Response, Problem> {
        let route = Route::of(request.method, &request.path)?;
        let answer = match route.operation {
            Operation::Archive => {
                encode(&self.upload(&route.repository()?, &route.commit()?, &mut request.body).await?)?
            }
            Operation::IndexRepo => encode(&self.start(decode(&body(&mut request).await?)?).await?)?,
            Operation::Jobs => encode(&self.jobs(&request.query).await?)?,
            Operation::Job => encode(&self.job(route.part(0)).await?)?,
            Operation::Cancel => encode(&self.cancel(route.part(0)).await?)?,
            Operation::Retry => encode(&self.retry(route.part(0)).await?)?,
            Operation::Repos => encode(&self.repositories().await?)?,
            Operation::Invalidate => encode(&self.invalidate(&route.repository()?).await?)?,
            Operation::Pin => encode(&self.pin(route.repository()?, true).await?)?,
            Operation::Unpin => encode(&self.pin(route.repository()?, false).await?)?,
            Operation::Webhook => encode(&self.webhook(&mut request).await?)?,
            Operation::Push => {
                self.take(&body(&mut request).await?).await?;
                return Ok(Response { status: route.operation.status(), headers: vec![], body: vec![] });
            }
            Operation::ParseBatch => encode(&self.parse_batch(decode(&body(&mut request).await?)?).await?)?,
            Operation::Sweep => encode(&self.sweep(decode(&body(&mut request).await?)?).await?)?,
            Operation::OpenApi => openapi::document()?,
        };
        Ok(Response::json(route.operation.status(), answer))
    }
}

async fn body(request: &mut Request<impl Body>) -> Result<Vec<u8>, Problem> {
    read_all(&mut request.body, BODY_LIMIT).await
}

fn unavailable(error: Unavailable) -> Problem {
    ProblemType::Unavailable.with(format!("{error}; try again later"))
}

#[cfg(target_family = "wasm")]
astlas_shell::component!(Function);

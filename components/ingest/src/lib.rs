//! The write side over HTTP: archives come in, jobs turn them into indexes. Everything here is portable; what it reaches,
//! it reaches through [`Function`]'s ports.

mod archive;
mod job;
mod route;
mod upload;

use astlas_atlas::{
    Atlas,
    ports::{Blobs, Cache, Events, Stages, Unavailable},
};
use astlas_http::{Body, Method, Problem, ProblemType, RepoId, Request, Response, decode, encode, read_all};

use route::Route;

/// Longest body that is no archive, in bytes.
const BODY_LIMIT: usize = 1 << 20;

/// The function over its ports.
#[derive(Clone, Debug, Default)]
pub struct Function<P> {
    /// The stages, the cache, the blobs and the events.
    pub ports: P,
}

impl<P: Stages + Cache + Blobs + Events + Clone> Function<P> {
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
        let route = Route::of(&request.path)?;
        let allowed = route.method();
        if request.method != Some(allowed) {
            let problem = ProblemType::MethodNotAllowed.with(format!("ask with {}", allowed.word()));
            return Err(Problem { allow: Some(allowed.word().into()), ..problem });
        }
        match route {
            Route::Archive(repository, commit) => {
                let stored = self.upload(&repository, &commit, &mut request.body).await?;
                Ok(Response::json(201, encode(&stored)?))
            }
            Route::IndexRepo => {
                let body = read_all(&mut request.body, BODY_LIMIT).await?;
                Ok(Response::json(202, encode(&self.start(decode(&body)?).await?)?))
            }
            Route::Job(id) => Ok(Response::json(200, encode(&self.job(&id).await?)?)),
            Route::Push => {
                let body = read_all(&mut request.body, BODY_LIMIT).await?;
                self.take(&body).await?;
                Ok(Response { status: 204, headers: vec![], body: vec![] })
            }
        }
    }
}

fn unavailable(error: Unavailable) -> Problem {
    ProblemType::Unavailable.with(format!("{error}; try again later"))
}

/// Methods of the routes.
impl Route {
    fn method(&self) -> Method {
        match self {
            Self::Archive(..) => Method::Put,
            Self::IndexRepo | Self::Push => Method::Post,
            Self::Job(_) => Method::Get,
        }
    }
}

#[cfg(target_family = "wasm")]
astlas_shell::component!(Function);

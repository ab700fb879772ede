//! A function that does nothing but answer.

use astlas_http::{Body, Request, Response};

/// The function; it reaches nothing.
#[derive(Clone, Debug, Default)]
pub struct Function<P> {
    /// What the others reach the world through.
    pub ports: P,
}

impl<P> Function<P> {
    /// The function.
    pub const fn new(ports: P) -> Self {
        Self { ports }
    }

    /// Says hello.
    pub async fn answer(&self, _request: Request<impl Body>) -> Response {
        Response::json(200, br#"{"hello":"world"}"#.to_vec())
    }
}

#[cfg(target_family = "wasm")]
astlas_shell::component!(Function);

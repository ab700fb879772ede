//! The metadata server, which tells a program on Google's machines who it is.

use serde::Deserialize;

use crate::{Error, Request, Response, answer, endpoint};

/// Where it is, unless `GCE_METADATA_HOST` says otherwise.
pub const HOST: &str = "http://metadata.google.internal";

/// What lets a program in, for a while.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct Token {
    /// The secret.
    #[serde(rename = "access_token")]
    pub secret: String,
    /// Seconds it holds from now on.
    #[serde(rename = "expires_in")]
    pub seconds: u64,
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Secrets stay out of logs.
        formatter.debug_struct("Token").field("seconds", &self.seconds).finish_non_exhaustive()
    }
}

/// Asks for a token of the program's own account.
pub fn token(host: &str) -> Result<Request, Error> {
    let address = format!("{}/computeMetadata/v1/instance/service-accounts/default/token", endpoint(host));
    Ok(http::Request::get(address).header("metadata-flavor", "Google").body(bytes::Bytes::new())?)
}

/// The token.
pub fn token_answer(response: Response) -> Result<Token, Error> {
    answer::json(response)
}

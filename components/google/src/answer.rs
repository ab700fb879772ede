//! What is common to all answers.

use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};

use crate::Response;

/// How much of an answer is told when it is not what was hoped for, in bytes.
const TOLD: usize = 300;

/// An answer that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Too busy or out of order: a later try may succeed.
    #[error("{status}: {message}")]
    Busy {
        /// What it said in short.
        status: StatusCode,
        /// What it said.
        message: String,
    },
    /// Asking again does not help.
    #[error("{status}: {message}")]
    Refused {
        /// What it said in short.
        status: StatusCode,
        /// What it said.
        message: String,
    },
    /// The address cannot be one.
    #[error("cannot be asked for: {0}")]
    Unaskable(String),
    /// The bytes are not those that were sent.
    #[error("the content was altered on its way; try again")]
    Altered,
    /// A part of an upload is not where it should be.
    #[error("{0}")]
    Misplaced(String),
    /// It is not in the form it should have.
    #[error("unreadable answer: {0}")]
    Unreadable(String),
}

impl From<http::Error> for Error {
    fn from(error: http::Error) -> Self {
        Self::Unaskable(error.to_string())
    }
}

/// Whether asking again may help.
pub fn is_busy(status: StatusCode) -> bool {
    status.is_server_error() || matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT)
}

/// The answer, if it is a good one.
pub fn good(response: Response) -> Result<Response, Error> {
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let message = message(response.body());
    Err(if is_busy(status) { Error::Busy { status, message } } else { Error::Refused { status, message } })
}

/// A good answer, read.
pub fn json<T: DeserializeOwned>(response: Response) -> Result<T, Error> {
    serde_json::from_slice(good(response)?.body()).map_err(|error| Error::Unreadable(error.to_string()))
}

/// What a bad answer says: Google's `error.message`, or how it begins.
fn message(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Body {
        error: Inner,
    }
    #[derive(Deserialize)]
    struct Inner {
        message: String,
    }
    match serde_json::from_slice::<Body>(body) {
        Ok(body) => body.error.message,
        Err(_) => String::from_utf8_lossy(&body[..body.len().min(TOLD)]).trim().to_string(),
    }
}

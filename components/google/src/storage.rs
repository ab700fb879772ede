//! Objects of one bucket of Cloud Storage.

mod listing;
mod upload;

use bytes::Bytes;
use http::{StatusCode, header};

pub use listing::{Object, Page};
pub use upload::{Progress, UPLOAD_STEP};

use crate::{Error, Request, Response, answer, encoded, endpoint};

/// Google's address.
pub const ENDPOINT: &str = "https://storage.googleapis.com";

const BINARY: &str = "application/octet-stream";

/// A bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    endpoint: String,
    name: String,
}

impl Bucket {
    /// The bucket of this name; `endpoint` may lack its scheme, as that of an emulator does.
    pub fn new(endpoint: &str, name: &str) -> Self {
        Self { endpoint: self::endpoint(endpoint), name: encoded(name).to_string() }
    }

    fn object(&self, name: &str) -> String {
        format!("{}/storage/v1/b/{}/o/{}", self.endpoint, self.name, encoded(name))
    }

    /// Asks for `length` bytes from `offset` on; one at least.
    pub fn read(&self, name: &str, offset: u64, length: u64) -> Result<Request, Error> {
        let last = offset.saturating_add(length.saturating_sub(1));
        let request = http::Request::get(format!("{}?alt=media", self.object(name)));
        Ok(request.header(header::RANGE, format!("bytes={offset}-{last}")).body(Bytes::new())?)
    }

    /// The bytes; `None` where there is no such object. Past its end there are none.
    pub fn read_answer(response: Response, offset: u64, length: u64) -> Result<Option<Bytes>, Error> {
        match response.status() {
            StatusCode::NOT_FOUND => Ok(None),
            StatusCode::RANGE_NOT_SATISFIABLE => Ok(Some(Bytes::new())),
            // The whole object, though a part was asked for.
            StatusCode::OK => {
                let body = response.into_body();
                let within = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(body.len());
                Ok(Some(body.slice(within(offset)..within(offset.saturating_add(length)))))
            }
            _ => Ok(Some(answer::good(response)?.into_body())),
        }
    }

    /// Keeps an object as a whole.
    pub fn write(&self, name: &str, value: Bytes) -> Result<Request, Error> {
        let address = format!(
            "{}/upload/storage/v1/b/{}/o?uploadType=media&name={}&fields=name",
            self.endpoint,
            self.name,
            encoded(name)
        );
        Ok(http::Request::post(address).header(header::CONTENT_TYPE, BINARY).body(value)?)
    }

    /// Whether it was kept.
    pub fn write_answer(response: Response) -> Result<(), Error> {
        answer::good(response).map(drop)
    }

    /// Forgets an object.
    pub fn remove(&self, name: &str) -> Result<Request, Error> {
        Ok(http::Request::delete(self.object(name)).body(Bytes::new())?)
    }

    /// Whether it is gone; one that was never there is.
    pub fn remove_answer(response: Response) -> Result<(), Error> {
        if response.status() == StatusCode::NOT_FOUND { Ok(()) } else { answer::good(response).map(drop) }
    }
}

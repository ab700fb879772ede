//! Objects of one bucket of Cloud Storage.

mod content;
mod listing;
mod sending;
mod upload;
mod uploads;

use bytes::Bytes;
use http::{StatusCode, header};

pub use content::Content;
pub use listing::{Object, Page};
pub use sending::Sending;
pub use upload::{Progress, UPLOAD_STEP};
pub use uploads::{Upload, Uploads};

use crate::{Error, Request, Response, answer, encoded, endpoint};
use content::Part;

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

    /// The bytes; `None` where there is no such object. Past its end there are none. Another part than was asked for is an
    /// error, and so is a whole object that does not add up to what Google says.
    pub fn read_answer(response: Response, offset: u64, length: u64) -> Result<Option<Bytes>, Error> {
        match response.status() {
            StatusCode::NOT_FOUND => return Ok(None),
            StatusCode::RANGE_NOT_SATISFIABLE if content::is_past_end(response.headers(), offset) => {
                return Ok(Some(Bytes::new()));
            }
            _ => {}
        }
        let (answered, body) = answer::good(response)?.into_parts();
        if answered.status == StatusCode::PARTIAL_CONTENT {
            if Part::of(&answered.headers, offset, length, &body)?.is_whole(&body) {
                content::check(&answered.headers, &body)?;
            }
            return Ok(Some(body));
        }
        // The whole object, though a part was asked for; or something else than its content.
        let is_whole = answered.status == StatusCode::OK && !answered.headers.contains_key(header::CONTENT_RANGE);
        if !is_whole || !answered.headers.contains_key(content::GENERATION) {
            return Err(Error::Unreadable(format!("no content, with the status {}", answered.status)));
        }
        content::check(&answered.headers, &body)?;
        let within = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(body.len());
        Ok(Some(body.slice(within(offset)..within(offset.saturating_add(length)))))
    }

    /// Forgets an object.
    pub fn delete(&self, name: &str) -> Result<Request, Error> {
        Ok(http::Request::delete(self.object(name)).body(Bytes::new())?)
    }

    /// Whether it is gone; one that was never there is.
    pub fn delete_answer(response: Response) -> Result<(), Error> {
        if response.status() == StatusCode::NOT_FOUND { Ok(()) } else { answer::good(response).map(drop) }
    }
}

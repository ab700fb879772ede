//! Uploads in parts: the object is there when the last part is.

use bytes::Bytes;
use http::{StatusCode, header};

use super::{BINARY, Bucket};
use crate::{Error, Request, Response, answer, encoded};

/// All parts but the last are multiples of this many bytes.
pub const UPLOAD_STEP: usize = 256 << 10;

/// How far an upload has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// So many bytes are kept, from the start on; the rest is to be sent again.
    Kept(u64),
    /// The object is there.
    Done,
}

impl Bucket {
    /// Begins an upload.
    pub fn begin(&self, name: &str) -> Result<Request, Error> {
        let address = format!(
            "{}/upload/storage/v1/b/{}/o?uploadType=resumable&name={}",
            self.endpoint,
            self.name,
            encoded(name)
        );
        Ok(http::Request::post(address).header("x-upload-content-type", BINARY).body(Bytes::new())?)
    }

    /// The address of its parts. Whoever knows it may write them: it is a secret.
    pub fn begin_answer(response: Response) -> Result<String, Error> {
        let response = answer::good(response)?;
        let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
        location.map(Into::into).ok_or_else(|| Error::Unreadable("no address of the upload".into()))
    }

    /// Sends a part, which begins at `offset`; the last one says how long the object is.
    pub fn part(upload: &str, offset: u64, part: Bytes, size: Option<u64>) -> Result<Request, Error> {
        let size = size.map_or_else(|| "*".into(), |size| size.to_string());
        let range = match (offset + part.len() as u64).checked_sub(1) {
            Some(last) if !part.is_empty() => format!("bytes {offset}-{last}/{size}"),
            _ => format!("bytes */{size}"),
        };
        Ok(http::Request::put(upload).header(header::CONTENT_RANGE, range).body(part)?)
    }

    /// How far the upload has come.
    pub fn part_answer(response: Response) -> Result<Progress, Error> {
        // 308 is Google's for "go on".
        if response.status() != StatusCode::PERMANENT_REDIRECT {
            return answer::good(response).map(|_| Progress::Done);
        }
        let Some(range) = response.headers().get(header::RANGE) else { return Ok(Progress::Kept(0)) };
        let last = range.to_str().ok().and_then(|range| range.rsplit_once('-')?.1.parse::<u64>().ok());
        last.map(|last| Progress::Kept(last + 1)).ok_or_else(|| Error::Unreadable(format!("range {range:?}")))
    }

    /// Gives an upload up.
    pub fn abandon(upload: &str) -> Result<Request, Error> {
        Ok(http::Request::delete(upload).body(Bytes::new())?)
    }
}

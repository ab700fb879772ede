//! Objects on their way in: small ones at once, others in parts, where the object is there when the last part is. Google
//! is told what they have to add up to, and refuses what does not; what it kept is checked again by its answer.

use bytes::{Bytes, BytesMut};
use http::{StatusCode, header};
use serde_json::json;

use super::{BINARY, Bucket, Content, content::HASH};
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
    /// Keeps an object as a whole.
    pub fn write(&self, name: &str, value: &[u8]) -> Result<Request, Error> {
        let address = format!(
            "{}/upload/storage/v1/b/{}/o?uploadType=multipart&fields=name,size,crc32c",
            self.endpoint, self.name
        );
        let about = json!({ "name": name, "crc32c": Content::of(value).checksum() });
        let boundary = boundary(value);
        let mut body = BytesMut::with_capacity(value.len() + name.len() + 300);
        let head = format!(
            "--{boundary}\r\nContent-Type: application/json\r\n\r\n{about}\r\n--{boundary}\r\nContent-Type: {BINARY}\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(value);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        let content_type = format!("multipart/related; boundary={boundary}");
        Ok(http::Request::post(address).header(header::CONTENT_TYPE, content_type).body(body.freeze())?)
    }

    /// Whether it was kept as it is. `Error::Altered`: what was kept under its name is something else.
    pub fn write_answer(response: Response, name: &str, content: Content) -> Result<(), Error> {
        content.kept(response, name)
    }

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

    /// Sends a part, which begins at `offset`; the last one says what the whole object is.
    pub fn part(upload: &str, offset: u64, part: Bytes, whole: Option<Content>) -> Result<Request, Error> {
        let size = whole.map_or_else(|| "*".into(), |whole| whole.size.to_string());
        let range = match (offset + part.len() as u64).checked_sub(1) {
            Some(last) if !part.is_empty() => format!("bytes {offset}-{last}/{size}"),
            _ => format!("bytes */{size}"),
        };
        let mut request = http::Request::put(upload).header(header::CONTENT_RANGE, range);
        if let Some(whole) = whole {
            request = request.header(HASH, format!("crc32c={}", whole.checksum()));
        }
        Ok(request.body(part)?)
    }

    /// How far the upload of `name` has come. `Error::Altered`: what was kept under its name is something else than the
    /// whole that was sent.
    pub fn part_answer(response: Response, name: &str, whole: Option<Content>) -> Result<Progress, Error> {
        // 308 is Google's for "go on".
        if response.status() != StatusCode::PERMANENT_REDIRECT {
            return match whole {
                Some(whole) => whole.kept(response, name).map(|()| Progress::Done),
                None => answer::good(response).map(|_| Progress::Done),
            };
        }
        let Some(range) = response.headers().get(header::RANGE) else { return Ok(Progress::Kept(0)) };
        let last = range.to_str().ok().and_then(|range| range.rsplit_once('-')?.1.parse::<u64>().ok());
        let kept = last.and_then(|last| last.checked_add(1));
        kept.map(Progress::Kept).ok_or_else(|| Error::Unreadable(format!("range {range:?}")))
    }

    /// Gives an upload up.
    pub fn abandon(upload: &str) -> Result<Request, Error> {
        Ok(http::Request::delete(upload).body(Bytes::new())?)
    }
}

/// What parts are told apart by: nothing that is in them.
fn boundary(value: &[u8]) -> String {
    let mut number = 0u64;
    loop {
        let boundary = format!("astlas{number:016x}");
        if !value.windows(boundary.len()).any(|window| window == boundary.as_bytes()) {
            return boundary;
        }
        number += 1;
    }
}

//! What an object holds, in short: how it is told whether bytes came through as they were.

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde::Deserialize;

use crate::{Error, Response, answer};

/// Where Google says, and is told, what bytes have to add up to.
pub const HASH: &str = "x-goog-hash";
/// The number of an object's writing: comes with its content alone.
pub const GENERATION: &str = "x-goog-generation";
/// How an object is stored. One that is compressed there has its checksum of that.
const STORED: &str = "x-goog-stored-content-encoding";

/// Length and checksum of some bytes, which may come one part after the other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// In bytes.
    pub size: u64,
    crc32c: u32,
}

impl Content {
    /// Of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self::default().followed_by(bytes)
    }

    /// With these bytes after it.
    #[must_use]
    pub fn followed_by(self, bytes: &[u8]) -> Self {
        Self { size: self.size + bytes.len() as u64, crc32c: crc32c::crc32c_append(self.crc32c, bytes) }
    }

    /// The checksum as Google writes it: CRC-32C, highest byte first, in base64.
    pub fn checksum(self) -> String {
        STANDARD.encode(self.crc32c.to_be_bytes())
    }

    /// Whether an object of this name was kept with this content, going by what was answered.
    pub(super) fn kept(self, response: Response, name: &str) -> Result<(), Error> {
        #[derive(Deserialize)]
        struct Kept {
            name: String,
            size: String,
            crc32c: String,
        }
        let kept: Kept = answer::json(response)?;
        if kept.name != name {
            return Err(Error::Unreadable(format!("it is about {:?}", kept.name)));
        }
        if kept.size != self.size.to_string() || kept.crc32c != self.checksum() {
            return Err(Error::Altered);
        }
        Ok(())
    }
}

/// The part of an object that an answer is: where it begins, and how long the object is.
pub struct Part {
    start: u64,
    total: u64,
}

impl Part {
    /// Reads which one it is. It must be the one that was asked for, as far as there is one, and be there as a whole.
    pub fn of(headers: &HeaderMap, offset: u64, length: u64, body: &Bytes) -> Result<Self, Error> {
        let wrong = || Error::Unreadable("another part than was asked for".into());
        let (part, total) = range(headers).and_then(|range| range.split_once('/')).ok_or_else(wrong)?;
        let (start, last) = part.split_once('-').ok_or_else(wrong)?;
        let number = |text: &str| text.parse::<u64>().map_err(|_| wrong());
        let (start, last, total) = (number(start)?, number(last)?, number(total)?);
        let end = offset.saturating_add(length).min(total);
        let is_it =
            start == offset && last.checked_add(1) == Some(end) && end.checked_sub(start) == Some(body.len() as u64);
        if is_it { Ok(Self { start, total }) } else { Err(wrong()) }
    }

    /// Whether it is all there is.
    pub fn is_whole(&self, body: &Bytes) -> bool {
        self.start == 0 && self.total == body.len() as u64
    }
}

/// That there is nothing from `offset` on: an answer that says how long the object is must agree.
pub fn is_past_end(headers: &HeaderMap, offset: u64) -> bool {
    let total = range(headers).and_then(|range| range.strip_prefix("*/")?.parse::<u64>().ok());
    total.is_none_or(|total| total <= offset)
}

/// Which part an answer is, without the unit.
fn range(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::CONTENT_RANGE)?.to_str().ok()?.strip_prefix("bytes ")
}

/// That the bytes of a whole object are what Google says they are, if it does.
pub fn check(headers: &HeaderMap, body: &Bytes) -> Result<(), Error> {
    if headers.get(STORED).is_some_and(|stored| stored != "identity") {
        return Ok(());
    }
    let told = headers.get_all(HASH).iter().filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(','));
    let told = told.filter_map(|hash| hash.trim().strip_prefix("crc32c=")).next();
    if told.is_none_or(|told| told == Content::of(body).checksum()) { Ok(()) } else { Err(Error::Altered) }
}

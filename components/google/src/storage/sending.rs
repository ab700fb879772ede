//! What of an upload is to be sent next, and what came of it.

use bytes::Bytes;

use super::{Bucket, Content, Progress, UPLOAD_STEP, Upload};
use crate::{Error, Request, Response};

/// Times the rest of a part is sent, should the bucket take parts of it alone.
const SENDINGS: u32 = 16;

impl Upload {
    /// What is to be sent before a part, which begins at `offset`, can be kept back; `None`: it is by now.
    pub fn before(&self, offset: u64, part: &Bytes) -> Result<Option<Sending>, Error> {
        if offset == self.offset && *part == self.part {
            // Sent twice.
            return Ok(None);
        }
        if offset != self.end() || !self.part.len().is_multiple_of(UPLOAD_STEP) {
            return Err(Error::Misplaced(format!("the next part does not begin at {offset}")));
        }
        Ok(Some(self.sending(None)))
    }

    /// Keeps a part back, after what was before it was sent.
    pub fn keep_back(&mut self, offset: u64, part: Bytes) {
        (self.offset, self.whole) = (offset, self.whole.followed_by(&part));
        self.part = part;
    }

    /// What is to be sent at the end, after `size` bytes.
    pub fn last(&self, size: u64) -> Result<Sending, Error> {
        match self.end() {
            ended if ended == size => Ok(self.sending(Some(self.whole))),
            ended => Err(Error::Misplaced(format!("{ended} bytes came, not {size}"))),
        }
    }

    fn end(&self) -> u64 {
        self.offset + self.part.len() as u64
    }

    fn sending(&self, whole: Option<Content>) -> Sending {
        // Nothing is sent of nothing, but at the end.
        let left = if self.part.is_empty() && whole.is_none() { 0 } else { SENDINGS };
        let (name, address, part) = (self.name.clone(), self.address.clone(), self.part.clone());
        Sending { name, address, offset: self.offset, part, from: self.offset, whole, left }
    }
}

/// A part on its way: it is sent, and what of it was not taken once more.
pub struct Sending {
    name: String,
    address: String,
    /// Where it begins.
    offset: u64,
    part: Bytes,
    /// Where what was not taken yet begins.
    from: u64,
    /// Of the last part, what the whole is.
    whole: Option<Content>,
    /// How often it may still be sent; none: all was taken.
    left: u32,
}

impl Sending {
    /// Of the object.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is to be sent next; `None`: all was taken.
    pub fn request(&self) -> Result<Option<Request>, Error> {
        if self.left == 0 {
            return Ok(None);
        }
        let at = usize::try_from(self.from - self.offset).unwrap_or(usize::MAX).min(self.part.len());
        Bucket::part(&self.address, self.from, self.part.slice(at..), self.whole).map(Some)
    }

    /// What came of it. `Error::Altered`: what was kept under the object's name is something else.
    pub fn answer(&mut self, response: Response) -> Result<(), Error> {
        let (from, end, is_last) = (self.from, self.offset + self.part.len() as u64, self.whole.is_some());
        match Bucket::part_answer(response, &self.name, self.whole)? {
            Progress::Done if is_last => self.left = 0,
            Progress::Done => return Err(Error::Misplaced("the bucket ended the upload too early".into())),
            Progress::Kept(kept) if kept == end && !is_last => self.left = 0,
            Progress::Kept(kept) if (from..end).contains(&kept) && self.left > 1 => {
                (self.from, self.left) = (kept, self.left - 1);
            }
            Progress::Kept(kept) if (from..end).contains(&kept) => {
                return Err(Error::Misplaced("the bucket does not take a part".into()));
            }
            Progress::Kept(kept) => {
                let message = format!("the bucket kept {kept} bytes where {from} to {end} were sent");
                return Err(Error::Misplaced(message));
            }
        }
        Ok(())
    }
}

//! A large value on its way into the blobs, in parts of the size that they ask for.

use crate::ports::{BLOB_PART, Blobs, Unavailable};

/// A value that is not there before it is finished.
pub struct Upload<'a, B> {
    blobs: &'a B,
    upload: String,
    part: Vec<u8>,
    size: u64,
}

impl<'a, B: Blobs> Upload<'a, B> {
    /// Begins a value.
    pub async fn begin(blobs: &'a B, name: &str) -> Result<Self, Unavailable> {
        Ok(Self { blobs, upload: blobs.begin(name).await?, part: vec![], size: 0 })
    }

    /// How many bytes it has so far.
    pub fn size(&self) -> u64 {
        self.size + self.part.len() as u64
    }

    /// Appends bytes.
    pub async fn push(&mut self, mut bytes: &[u8]) -> Result<(), Unavailable> {
        while !bytes.is_empty() {
            // One that is full waits for the next byte: the last part may have any length but none.
            if self.part.len() == BLOB_PART {
                self.send().await?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(BLOB_PART - self.part.len()));
            self.part.extend(now);
            bytes = later;
        }
        Ok(())
    }

    /// Ends it: how many bytes it has.
    pub async fn finish(mut self) -> Result<u64, Unavailable> {
        if !self.part.is_empty() {
            self.send().await?;
        }
        self.blobs.finish(&self.upload, self.size).await?;
        Ok(self.size)
    }

    async fn send(&mut self) -> Result<(), Unavailable> {
        let part = std::mem::take(&mut self.part);
        let offset = self.size;
        self.size += part.len() as u64;
        self.blobs.append(&self.upload, offset, part).await
    }
}

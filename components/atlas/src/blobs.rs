//! Blobs as a whole, where the port gives them in parts.

use crate::ports::{BLOB_PART, Blob, Blobs, Unavailable};

/// All of a value; `None` where there is no such value.
pub async fn read_all(blobs: &impl Blobs, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
    read(blobs, name, 0, u64::MAX).await
}

/// Up to `length` bytes of a value from `offset` on, fewer only at its end; `None` where there is no such value.
pub async fn read(blobs: &impl Blobs, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
    let mut bytes = vec![];
    loop {
        let read = bytes.len() as u64;
        let wanted = (length - read).min(BLOB_PART as u64);
        let Some(part) = blobs.read(name, offset.saturating_add(read), wanted).await? else { return Ok(None) };
        let is_end = (part.len() as u64) < wanted;
        if bytes.is_empty() {
            bytes = part;
        } else {
            bytes.extend(part);
        }
        if is_end || bytes.len() as u64 >= length {
            return Ok(Some(bytes));
        }
    }
}

/// All values whose names begin with `prefix`, in order of the names' bytes.
pub async fn list_all(blobs: &impl Blobs, prefix: &str) -> Result<Vec<Blob>, Unavailable> {
    let (mut all, mut after) = (vec![], String::new());
    loop {
        let page = blobs.list(prefix, &after).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = last.name.clone();
        all.extend(page);
    }
}

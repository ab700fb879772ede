//! Blobs that were there when this was compiled. They can be read, and nothing can be written.

use crate::{
    Capabilities,
    exports::astlas::blobs::blobs::{Blob, FetchError, Guest},
};

/// A blob.
pub struct Stored {
    name: &'static str,
    updated: u64,
    digest: &'static str,
    bytes: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/blobs.rs"));

/// Most blobs of one listing, as the contract has it.
const PAGE: usize = 1000;
const READ_ONLY: &str = "this index is read only";

impl Guest for Capabilities {
    async fn read(name: String, offset: u64, length: u64) -> Result<Option<Vec<u8>>, String> {
        let Ok(at) = BLOBS.binary_search_by(|blob| blob.name.cmp(&name)) else { return Ok(None) };
        let bytes = BLOBS[at].bytes;
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Some(bytes[place(offset)..place(offset.saturating_add(length))].to_vec()))
    }

    async fn list(prefix: String, after: String) -> Result<Vec<Blob>, String> {
        let begin = BLOBS.partition_point(|blob| blob.name < prefix.as_str() || blob.name <= after.as_str());
        let listed = BLOBS[begin..].iter().take_while(|blob| blob.name.starts_with(&prefix)).take(PAGE);
        let listed = listed.map(|blob| Blob {
            name: blob.name.to_owned(),
            size: blob.bytes.len() as u64,
            updated: blob.updated,
            digest: blob.digest.to_owned(),
        });
        Ok(listed.collect())
    }

    async fn write(_: String, _: Vec<u8>) -> Result<(), String> {
        Err(READ_ONLY.to_owned())
    }

    async fn begin(_: String) -> Result<String, String> {
        Err(READ_ONLY.to_owned())
    }

    async fn append(_: String, _: u64, _: Vec<u8>) -> Result<(), String> {
        Err(READ_ONLY.to_owned())
    }

    async fn finish(_: String, _: u64) -> Result<(), String> {
        Err(READ_ONLY.to_owned())
    }

    async fn delete(_: Vec<String>) -> Result<(), String> {
        Err(READ_ONLY.to_owned())
    }

    async fn fetch(_: String, _: String, _: String) -> Result<u64, FetchError> {
        Err(FetchError::Refused("there is no forge".to_owned()))
    }
}

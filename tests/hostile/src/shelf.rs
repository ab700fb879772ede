//! A bucket with one blob, which nobody can write to.

use astlas_atlas::ports::{Blob, Blobs, FetchError, Unavailable};

/// The blob's name.
pub const NAME: &str = "archive";

/// Its content.
pub struct Shelf<'a>(pub &'a [u8]);

fn read_only<T, E: From<Unavailable>>() -> Result<T, E> {
    Err(Unavailable("nothing can be written here".into()).into())
}

impl Blobs for Shelf<'_> {
    async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        let from = self.0.len().min(usize::try_from(offset).unwrap_or(usize::MAX));
        let to = self.0.len().min(from.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)));
        Ok((name == NAME).then(|| self.0[from..to].to_vec()))
    }

    async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        let blob = Blob { name: NAME.into(), size: self.0.len() as u64, updated: 0, digest: String::new() };
        Ok((NAME.starts_with(prefix) && NAME > after).then_some(blob).into_iter().collect())
    }

    async fn write(&self, _: &str, _: Vec<u8>) -> Result<(), Unavailable> {
        read_only()
    }

    async fn begin(&self, _: &str) -> Result<String, Unavailable> {
        read_only()
    }

    async fn append(&self, _: &str, _: u64, _: Vec<u8>) -> Result<(), Unavailable> {
        read_only()
    }

    async fn finish(&self, _: &str, _: u64) -> Result<(), Unavailable> {
        read_only()
    }

    async fn delete(&self, _: &[String]) -> Result<(), Unavailable> {
        read_only()
    }

    async fn fetch(&self, _: &str, _: &str, _: &str) -> Result<u64, FetchError> {
        read_only()
    }
}

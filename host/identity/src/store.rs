//! Where tenants and keys are kept.

use astlas_atlas::ports::Unavailable;
use astlas_capabilities::Blobs;
use bytes::Bytes;
use futures_util::future::BoxFuture;

/// Longest record that is read, in bytes: one is a few hundred bytes.
const LONGEST: u64 = 64 << 10;

/// A durable place for small values by name. Errors say that it is out of reach for now.
pub trait Store: Send + Sync {
    /// A value; `None`: there is none.
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, Unavailable>>;

    /// Keeps a value, in place of an older one.
    fn write<'a>(&'a self, name: &'a str, value: Bytes) -> BoxFuture<'a, Result<(), Unavailable>>;

    /// Names that begin with `prefix` and come after `after`, in order, some of them; none: there are no more.
    fn list<'a>(&'a self, prefix: &'a str, after: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unavailable>>;

    /// Forgets a value, if it is there.
    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), Unavailable>>;
}

impl Store for Blobs {
    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<Bytes>, Unavailable>> {
        Box::pin(Self::read(self, name, 0, LONGEST))
    }

    fn write<'a>(&'a self, name: &'a str, value: Bytes) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(Self::write(self, name, value))
    }

    fn list<'a>(&'a self, prefix: &'a str, after: &'a str) -> BoxFuture<'a, Result<Vec<String>, Unavailable>> {
        Box::pin(async move {
            let blobs = Self::list(self, prefix, after).await?;
            Ok(blobs.into_iter().map(|blob| blob.name).collect())
        })
    }

    fn delete<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<(), Unavailable>> {
        Box::pin(async move { self.delete(&[name.to_owned()]).await })
    }
}

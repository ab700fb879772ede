//! Large values, kept for good: in a folder, or in a bucket of Cloud Storage.

mod bucket;
mod fetch;
mod folder;
mod onward;
mod uploads;
mod walk;

use std::path::PathBuf;

use astlas_atlas::ports::{Blob, FetchError, Unavailable};
use astlas_conventions::{checked, is_name};
use bytes::Bytes;

use crate::{BlobsSettings, ForgeSettings, Health, OpenError};
use bucket::Bucket;
use fetch::Forge;
use folder::Folder;

/// Most values that are listed at once.
const LISTED: usize = 1000;
/// Longest part that is read at once, in bytes.
const PART: u64 = 64 << 20;

/// The values.
pub struct Blobs {
    place: Place,
    forge: Forge,
}

enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

impl Blobs {
    /// Opens the bucket, if one is named; else the folder or, where none is named, `default_folder`.
    pub fn open(settings: &BlobsSettings, forge: &ForgeSettings, default_folder: PathBuf) -> Result<Self, OpenError> {
        let place = match &settings.bucket {
            Some(_) if settings.folder.is_some() => {
                return Err(OpenError::new("blobs.folder", "there is a blobs.bucket as well; take one of them away"));
            }
            Some(bucket) => Place::Bucket(Bucket::open(bucket, settings)?),
            None => {
                let folder = settings.folder.clone().unwrap_or(default_folder);
                let folder = match settings.prefix.as_str() {
                    "" => folder,
                    prefix if is_name(prefix.trim_end_matches('/')) => folder.join(prefix),
                    _ => return Err(OpenError::new("blobs.prefix", "it leads out of the folder; name a folder in it")),
                };
                Place::Folder(Folder::new(folder))
            }
        };
        Ok(Self { place, forge: Forge::open(forge)? })
    }

    /// Up to `length` bytes from `offset` on; `None` where there is no such value.
    pub async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Bytes>, Unavailable> {
        let (name, length) = (checked(name)?, length.min(PART));
        match &self.place {
            Place::Folder(folder) => folder.read(name, offset, length).await,
            Place::Bucket(bucket) => bucket.read(name, offset, length).await,
        }
    }

    /// Keeps a small value, in place of an older one.
    pub async fn write(&self, name: &str, value: Bytes) -> Result<(), Unavailable> {
        let name = checked(name)?;
        match &self.place {
            Place::Folder(folder) => folder.write(name, value).await,
            Place::Bucket(bucket) => bucket.write(name, value).await,
        }
    }

    /// Begins a value: the name that its parts go to.
    pub async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        // Nothing may be begun that could not be finished.
        let name = checked(name)?;
        match &self.place {
            Place::Folder(folder) => folder.begin(name).await,
            Place::Bucket(bucket) => bucket.begin(name).await,
        }
    }

    /// The part of a value that begins at `offset`, where the one before ended.
    pub async fn append(&self, upload: &str, offset: u64, part: Bytes) -> Result<(), Unavailable> {
        match &self.place {
            Place::Folder(folder) => folder.append(upload, offset, part).await,
            Place::Bucket(bucket) => bucket.append(upload, offset, part).await,
        }
    }

    /// Ends a value of `size` bytes: now it is there, in place of an older one.
    pub async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        match &self.place {
            Place::Folder(folder) => folder.finish(upload, size).await,
            Place::Bucket(bucket) => bucket.finish(upload, size).await,
        }
    }

    /// Gives up a value that was begun.
    pub async fn abandon(&self, upload: &str) {
        match &self.place {
            Place::Folder(folder) => folder.abandon(upload).await,
            Place::Bucket(bucket) => bucket.abandon(upload).await,
        }
    }

    /// Values whose names begin with `prefix` and come after `after`, in order of the names' bytes, up to 1000.
    pub async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        match &self.place {
            Place::Folder(folder) => folder.list(prefix, after).await,
            Place::Bucket(bucket) => bucket.list(prefix, after).await,
        }
    }

    /// How many bytes the values have whose names begin with `prefix`.
    pub async fn size(&self, prefix: &str) -> Result<u64, Unavailable> {
        let (mut size, mut after) = (0, String::new());
        loop {
            let page = self.list(prefix, &after).await?;
            let Some(last) = page.last() else { return Ok(size) };
            after.clone_from(&last.name);
            size += page.iter().map(|blob| blob.size).sum::<u64>();
        }
    }

    /// Forgets values, if they are there.
    pub async fn delete(&self, names: &[String]) -> Result<(), Unavailable> {
        for name in names {
            checked(name)?;
        }
        match &self.place {
            Place::Folder(folder) => folder.delete(names).await,
            Place::Bucket(bucket) => bucket.delete(names).await,
        }
    }

    /// Keeps as this value the archive that the forge has of a commit: how many bytes it has.
    pub async fn fetch(&self, name: &str, repository: &str, commit: &str) -> Result<u64, FetchError> {
        checked(name)?;
        self.forge.fetch(self, name, repository, commit).await
    }

    /// How the place is doing.
    pub async fn check(&self) -> Health {
        match &self.place {
            Place::Folder(folder) => Health::of("folder", folder.check()).await,
            Place::Bucket(bucket) => Health::of("storage", bucket.check()).await,
        }
    }

    /// Whether there is room for more. A bucket has some.
    pub async fn check_room(&self) -> Health {
        match &self.place {
            Place::Folder(folder) => Health::of("folder", folder.check_room()).await,
            Place::Bucket(_) => Health::of("storage", async { Ok::<_, Unavailable>(()) }).await,
        }
    }
}

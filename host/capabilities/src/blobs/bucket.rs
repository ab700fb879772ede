//! Blobs as objects of a bucket of Cloud Storage.

use astlas_atlas::ports::{Blob, Unavailable};
use astlas_google::{
    Error, Request, Response,
    storage::{self, Content, Object, Progress, UPLOAD_STEP},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::{
    LISTED,
    uploads::{Upload, Uploads},
};
use crate::{
    BlobsSettings, OpenError,
    web::{self, Again, Web},
};

/// Names that are forgotten side by side.
const SIDE_BY_SIDE: usize = 16;
/// Times the rest of a part is sent, should the bucket take parts of it alone.
const SENDINGS: u32 = 16;

/// A bucket.
pub struct Bucket {
    web: Web,
    bucket: storage::Bucket,
    prefix: String,
    uploads: Uploads,
}

impl Bucket {
    pub fn open(name: &str, settings: &BlobsSettings) -> Result<Self, OpenError> {
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)) {
            return Err(OpenError::new("blobs.bucket", format!("{name:?} is no name of a bucket")));
        }
        let emulator = std::env::var("STORAGE_EMULATOR_HOST").ok().filter(|host| !host.is_empty());
        let (endpoint, is_emulator) = match (&settings.endpoint, emulator) {
            (Some(endpoint), _) => (endpoint.clone(), astlas_google::is_emulator(endpoint)),
            (None, Some(emulator)) => (emulator, true),
            (None, None) => (storage::ENDPOINT.into(), false),
        };
        let bucket = storage::Bucket::new(&endpoint, name);
        // Any request has the address in it.
        bucket.delete("x").map_err(|error| OpenError::new("blobs.endpoint", format!("{endpoint:?} {error}")))?;
        let web = Web::new(is_emulator, web::SILENCE).map_err(|error| OpenError::new("blobs", web::told(&error)))?;
        Ok(Self { web, bucket, prefix: settings.prefix.clone(), uploads: Uploads::default() })
    }

    fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    async fn ask<T>(
        &self,
        request: Result<Request, Error>,
        again: Again,
        read: impl FnOnce(Response) -> Result<T, Error>,
    ) -> Result<T, Unavailable> {
        let answer = self.web.send(request.map_err(told)?, again).await?;
        read(answer).map_err(told)
    }

    pub async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Bytes>, Unavailable> {
        let asked = length.max(1);
        let request = self.bucket.read(&self.full(name), offset, asked);
        let read = |answer| storage::Bucket::read_answer(answer, offset, asked);
        let value = self.ask(request, Again::Harmless, read).await?;
        // Of nothing, one byte was asked for: to see whether there is such a value.
        Ok(value.map(|value| if length == 0 { Bytes::new() } else { value }))
    }

    pub async fn write(&self, name: &str, value: Bytes) -> Result<(), Unavailable> {
        let name = self.full(name);
        let request = self.bucket.write(&name, &value);
        let answer = self.web.send(request.map_err(told)?, Again::Harmless).await?;
        self.kept(&name, storage::Bucket::write_answer(answer, &name, Content::of(&value))).await
    }

    /// What became of a value. One that is not what was sent does not stay under its name.
    async fn kept<T>(&self, name: &str, kept: Result<T, Error>) -> Result<T, Unavailable> {
        if matches!(kept, Err(Error::Altered)) {
            tracing::warn!(name: "blobs.altered", "the bucket kept something else than was sent; it is removed");
            self.ask(self.bucket.delete(name), Again::Harmless, storage::Bucket::delete_answer).await?;
        }
        kept.map_err(told)
    }

    pub async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        for stale in self.uploads.take_stale() {
            self.give_up(&stale.address).await;
        }
        // One that is begun twice, and goes on once, is forgotten by the bucket after a week.
        let name = self.full(name);
        let address = self.ask(self.bucket.begin(&name), Again::Harmless, storage::Bucket::begin_answer).await?;
        Ok(self.uploads.add(name, address))
    }

    pub async fn append(&self, name: &str, offset: u64, part: Bytes) -> Result<(), Unavailable> {
        let mut upload = self.uploads.take(name).ok_or_else(unknown)?;
        let ended = upload.offset + upload.part.len() as u64;
        if offset == upload.offset && part == upload.part {
            // Sent twice.
            self.uploads.put(name.into(), upload);
            return Ok(());
        }
        let is_step = upload.part.len().is_multiple_of(UPLOAD_STEP);
        let sent = match offset == ended && is_step {
            true => self.send(&upload, None).await,
            false => Err(Unavailable(format!("the next part does not begin at {offset}"))),
        };
        if sent.is_ok() {
            (upload.offset, upload.whole) = (offset, upload.whole.followed_by(&part));
            upload.part = part;
        }
        self.uploads.put(name.into(), upload);
        sent
    }

    pub async fn finish(&self, name: &str, size: u64) -> Result<(), Unavailable> {
        let upload = self.uploads.take(name).ok_or_else(unknown)?;
        let ended = upload.offset + upload.part.len() as u64;
        let sent = match size == ended {
            true => self.send(&upload, Some(upload.whole)).await,
            false => Err(Unavailable(format!("{ended} bytes came, not {size}"))),
        };
        if sent.is_err() {
            self.uploads.put(name.into(), upload);
        }
        sent
    }

    /// Sends the part that was kept back, and what of it was not taken once more. The last one says what the whole is.
    async fn send(&self, upload: &Upload, whole: Option<Content>) -> Result<(), Unavailable> {
        let Upload { name, address, offset, part, .. } = upload;
        let offset = *offset;
        let end = offset + part.len() as u64;
        let mut from = offset;
        if part.is_empty() && whole.is_none() {
            return Ok(());
        }
        for _ in 0..SENDINGS {
            let at = usize::try_from(from - offset).unwrap_or(usize::MAX).min(part.len());
            let request = storage::Bucket::part(address, from, part.slice(at..), whole);
            let answer = self.web.send(request.map_err(told)?, Again::Harmless).await?;
            match self.kept(name, storage::Bucket::part_answer(answer, name, whole)).await? {
                Progress::Done if whole.is_some() => return Ok(()),
                Progress::Done => return Err(Unavailable("the bucket ended the upload too early".into())),
                Progress::Kept(kept) if kept == end && whole.is_none() => return Ok(()),
                Progress::Kept(kept) if (from..end).contains(&kept) => from = kept,
                Progress::Kept(kept) => {
                    return Err(Unavailable(format!("the bucket kept {kept} bytes where {from} to {end} were sent")));
                }
            }
        }
        Err(Unavailable("the bucket does not take a part".into()))
    }

    pub async fn abandon(&self, name: &str) {
        if let Some(upload) = self.uploads.take(name) {
            self.give_up(&upload.address).await;
        }
    }

    async fn give_up(&self, address: &str) {
        if let Ok(request) = storage::Bucket::abandon(address) {
            // The bucket forgets it by itself after a week.
            let _ = self.web.send(request, Again::Harmful).await;
        }
    }

    pub async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        let (prefix, start) = (self.full(prefix), self.full(after));
        // A name after which nothing is hidden, for a listing begins with that name itself.
        let (mut page, mut blobs) = (None, vec![]);
        loop {
            // One more: the first may be the one that the listing comes after.
            let request = self.bucket.list(&prefix, &start, page.as_deref(), LISTED as u32);
            let listed = self.ask(request, Again::Harmless, storage::Bucket::list_answer).await?;
            blobs.extend(listed.objects.into_iter().filter_map(|object| self.blob(object, after)));
            match listed.next {
                Some(next) if blobs.is_empty() => page = Some(next),
                _ => return Ok(blobs),
            }
        }
    }

    fn blob(&self, object: Object, after: &str) -> Option<Blob> {
        let name = object.name.strip_prefix(&self.prefix)?.to_string();
        let is_after = name.as_str() > after;
        is_after.then_some(Blob { name, size: object.size, updated: object.updated, digest: object.digest })
    }

    pub async fn delete(&self, names: &[String]) -> Result<(), Unavailable> {
        let remove = |name: &String| {
            let request = self.bucket.delete(&self.full(name));
            async { self.ask(request, Again::Harmless, storage::Bucket::delete_answer).await }
        };
        let mut removed = stream::iter(names.iter().map(remove).collect::<Vec<_>>()).buffer_unordered(SIDE_BY_SIDE);
        let mut outcome = Ok(());
        // All are tried: what one failed at may be done for the others.
        while let Some(done) = removed.next().await {
            outcome = outcome.and(done);
        }
        outcome
    }

    pub async fn check(&self) -> Result<(), Unavailable> {
        let request = self.bucket.list(&self.prefix, "", None, 1);
        self.ask(request, Again::Harmful, storage::Bucket::list_answer).await.map(drop)
    }
}

fn told(error: Error) -> Unavailable {
    Unavailable(format!("storage: {error}"))
}

fn unknown() -> Unavailable {
    Unavailable("no such upload".into())
}

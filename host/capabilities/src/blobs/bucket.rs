//! Blobs as objects of a bucket of Cloud Storage.

use astlas_atlas::ports::{Blob, Unavailable};
use astlas_google::{
    Error, Request, Response,
    storage::{self, Content, Object, Sending, Upload},
};
use bytes::Bytes;
use futures_util::{StreamExt, stream};

use super::{LISTED, uploads::Uploads};
use crate::{
    BlobsSettings, OpenError,
    web::{self, Again, Web},
    without_password,
};

/// Names that are forgotten side by side.
const SIDE_BY_SIDE: usize = 16;

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
        let told = |error| OpenError::new("blobs.endpoint", format!("{:?} {error}", without_password(&endpoint)));
        bucket.delete("x").map_err(told)?;
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

    pub async fn append(&self, id: &str, offset: u64, part: Bytes) -> Result<(), Unavailable> {
        let mut upload = self.uploads.take(id).ok_or_else(unknown)?;
        let appended = self.go_on(&mut upload, offset, part).await;
        self.uploads.put(id.into(), upload);
        appended
    }

    async fn go_on(&self, upload: &mut Upload, offset: u64, part: Bytes) -> Result<(), Unavailable> {
        if let Some(sending) = upload.before(offset, &part).map_err(told)? {
            self.send(sending).await?;
            upload.keep_back(offset, part);
        }
        Ok(())
    }

    pub async fn finish(&self, id: &str, size: u64) -> Result<(), Unavailable> {
        let upload = self.uploads.take(id).ok_or_else(unknown)?;
        let sent = match upload.last(size) {
            Ok(sending) => self.send(sending).await,
            Err(error) => Err(told(error)),
        };
        if sent.is_err() {
            self.uploads.put(id.into(), upload);
        }
        sent
    }

    async fn send(&self, mut sending: Sending) -> Result<(), Unavailable> {
        while let Some(request) = sending.request().map_err(told)? {
            let answer = self.web.send(request, Again::Harmless).await?;
            let taken = sending.answer(answer);
            self.kept(sending.name(), taken).await?;
        }
        Ok(())
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

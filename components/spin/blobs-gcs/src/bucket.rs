//! The bucket.

use std::{cell::OnceCell, rc::Rc};

use astlas_conventions::is_name;
use astlas_google::{
    Error, Request, Response,
    storage::{self, Content, Object, Sending, Upload},
};
use astlas_spin::{Again, Scope, Web, required, variable};
use bytes::Bytes;

use crate::{exports::astlas::blobs::blobs::Blob, uploads};

/// Most values that are listed at once.
const LISTED: u32 = 1000;
/// Longest part that is read at once, in bytes.
const PART: u64 = 64 << 20;

thread_local! {
    static BUCKET: OnceCell<Rc<Bucket>> = const { OnceCell::new() };
}

/// A bucket, below the application's own folder.
pub struct Bucket {
    web: Web,
    bucket: storage::Bucket,
    /// Of the application's settings and its tenant.
    prefix: String,
    scope: Scope,
}

impl Bucket {
    /// As the variables say, once for each instance.
    pub async fn open() -> Result<Rc<Self>, String> {
        if let Some(bucket) = BUCKET.with(|bucket| bucket.get().cloned()) {
            return Ok(bucket);
        }
        let (address, name) = (required("storage_url").await?, required("bucket").await?);
        let bucket = Rc::new(Self {
            web: Web::open(&address).await?,
            bucket: storage::Bucket::new(&address, &name),
            prefix: variable("blobs_prefix").await?.unwrap_or_default(),
            scope: Scope::get().await?,
        });
        Ok(BUCKET.with(|kept| kept.get_or_init(|| bucket).clone()))
    }

    /// The object of this name. Functions choose names, so they are not trusted.
    fn full(&self, name: &str) -> Result<String, String> {
        let name = self.scope.full(name);
        if is_name(&name) {
            Ok(format!("{}{name}", self.prefix))
        } else {
            Err(format!("{name:?} is no name of a blob"))
        }
    }

    async fn ask<T>(
        &self,
        request: Result<Request, Error>,
        read: impl FnOnce(Response) -> Result<T, Error>,
    ) -> Result<T, String> {
        let answer = self.web.send(request.map_err(told)?, Again::Harmless).await?;
        read(answer).map_err(told)
    }

    pub async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Bytes>, String> {
        let (name, length) = (self.full(name)?, length.min(PART));
        // Of nothing, one byte is asked for: to see whether there is such a value.
        let asked = length.max(1);
        let read = |answer| storage::Bucket::read_answer(answer, offset, asked);
        let value = self.ask(self.bucket.read(&name, offset, asked), read).await?;
        Ok(value.map(|value| if length == 0 { Bytes::new() } else { value }))
    }

    pub async fn write(&self, name: &str, value: Vec<u8>) -> Result<(), String> {
        let name = self.full(name)?;
        let request = self.bucket.write(&name, &value).map_err(told)?;
        let answer = self.web.send(request, Again::Harmless).await?;
        self.kept(&name, storage::Bucket::write_answer(answer, &name, Content::of(&value))).await
    }

    /// What became of a value. One that is not what was sent does not stay under its name.
    async fn kept<T>(&self, name: &str, kept: Result<T, Error>) -> Result<T, String> {
        if matches!(kept, Err(Error::Altered)) {
            self.ask(self.bucket.delete(name), storage::Bucket::delete_answer).await?;
        }
        kept.map_err(told)
    }

    pub async fn begin(&self, name: &str) -> Result<String, String> {
        for stale in uploads::take_stale() {
            self.give_up(&stale.address).await;
        }
        let name = self.full(name)?;
        let address = self.ask(self.bucket.begin(&name), storage::Bucket::begin_answer).await?;
        Ok(uploads::add(name, address))
    }

    pub async fn append(&self, id: &str, offset: u64, part: Bytes) -> Result<(), String> {
        let mut upload = uploads::take(id).ok_or_else(unknown)?;
        let appended = self.go_on(&mut upload, offset, part).await;
        uploads::put(id, upload);
        appended
    }

    async fn go_on(&self, upload: &mut Upload, offset: u64, part: Bytes) -> Result<(), String> {
        if let Some(sending) = upload.before(offset, &part).map_err(told)? {
            self.send(sending).await?;
            upload.keep_back(offset, part);
        }
        Ok(())
    }

    pub async fn finish(&self, id: &str, size: u64) -> Result<(), String> {
        let upload = uploads::take(id).ok_or_else(unknown)?;
        let sent = match upload.last(size) {
            Ok(sending) => self.send(sending).await,
            Err(error) => Err(told(error)),
        };
        if sent.is_err() {
            uploads::put(id, upload);
        }
        sent
    }

    async fn send(&self, mut sending: Sending) -> Result<(), String> {
        while let Some(request) = sending.request().map_err(told)? {
            let answer = self.web.send(request, Again::Harmless).await?;
            let taken = sending.answer(answer);
            self.kept(sending.name(), taken).await?;
        }
        Ok(())
    }

    /// Gives up a value that was begun.
    pub async fn abandon(&self, id: &str) {
        if let Some(upload) = uploads::take(id) {
            self.give_up(&upload.address).await;
        }
    }

    async fn give_up(&self, address: &str) {
        if let Ok(request) = storage::Bucket::abandon(address) {
            // The bucket forgets it by itself after a week.
            let _ = self.web.send(request, Again::Harmful).await;
        }
    }

    pub async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, String> {
        let own = format!("{}{}", self.prefix, self.scope.full(""));
        let (prefix, start) = (format!("{own}{prefix}"), format!("{own}{after}"));
        let (mut page, mut blobs) = (None, vec![]);
        loop {
            let request = self.bucket.list(&prefix, &start, page.as_deref(), LISTED);
            let listed = self.ask(request, storage::Bucket::list_answer).await?;
            // The first may be the one that the listing comes after.
            blobs.extend(listed.objects.into_iter().filter_map(|object| blob(object, &own, after)));
            match listed.next {
                Some(next) if blobs.is_empty() => page = Some(next),
                _ => return Ok(blobs),
            }
        }
    }

    /// Deletes values. All are tried: what one failed at may be done for the others.
    pub async fn delete(&self, names: &[String]) -> Result<(), String> {
        let names: Vec<String> = names.iter().map(|name| self.full(name)).collect::<Result<_, _>>()?;
        let mut outcome = Ok(());
        for name in names {
            outcome = outcome.and(self.ask(self.bucket.delete(&name), storage::Bucket::delete_answer).await);
        }
        outcome
    }
}

/// An object as the application calls it.
fn blob(object: Object, own: &str, after: &str) -> Option<Blob> {
    let name = object.name.strip_prefix(own)?.to_owned();
    let is_after = name.as_str() > after;
    is_after.then_some(Blob { name, size: object.size, updated: object.updated, digest: object.digest })
}

fn told(error: Error) -> String {
    format!("storage: {error}")
}

fn unknown() -> String {
    "no such upload".into()
}

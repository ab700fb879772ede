//! Archives of commits, from the forge into a blob.

use std::{sync::Arc, time::Duration};

use astlas_atlas::ports::{BLOB_PART, FetchError, Unavailable};
use astlas_conventions::forge::{ACCEPT, LONGEST, archive, is_later, refusal, too_long, unaskable};
use bytes::{Bytes, BytesMut};
use http::header;

use super::{Blobs, onward};
use crate::{ForgeSettings, OpenError, web, without_password};

/// How long an archive may take.
const WHOLE: Duration = Duration::from_secs(600);
/// How long may pass without a byte: a forge makes an archive when it is asked for.
const SILENCE: Duration = Duration::from_secs(30);

/// The forge.
pub struct Forge {
    client: reqwest::Client,
    api: String,
    /// Where the API is: what others say is not told on.
    origin: String,
    token: Option<String>,
}

impl Forge {
    pub fn open(settings: &ForgeSettings) -> Result<Self, OpenError> {
        let api = settings.api.trim_end_matches('/');
        let shown = without_password(api);
        if !api.starts_with("https://") && !api.starts_with("http://") {
            let message = format!("{shown:?} is no address; give one like https://api.github.com");
            return Err(OpenError::new("forge.api", message));
        }
        let no_address = |error| OpenError::new("forge.api", format!("{shown:?} is no address: {error}"));
        let url: reqwest::Url = api.parse().map_err(no_address)?;
        if settings.token.as_ref().is_some_and(|token| header::HeaderValue::try_from(token.as_str()).is_err()) {
            return Err(OpenError::new("forge.token", "it holds what no token may; is there a line break at its end?"));
        }
        let client = web::client()
            .read_timeout(SILENCE)
            .redirect(onward::policy(&url))
            .dns_resolver(Arc::new(onward::Resolver::new(&url)))
            .build()
            .map_err(|error| OpenError::new("forge", web::told(&error)))?;
        Ok(Self { client, api: api.into(), origin: url.origin().ascii_serialization(), token: settings.token.clone() })
    }

    pub async fn fetch(&self, blobs: &Blobs, name: &str, repository: &str, commit: &str) -> Result<u64, FetchError> {
        let Some(asked) = archive(&self.api, repository, commit) else {
            return Err(FetchError::Refused(unaskable(repository, commit)));
        };
        let mut answer = self.ask(&asked).await?;
        if answer.content_length().is_some_and(|length| length > LONGEST) {
            return Err(FetchError::Refused(too_long(&asked)));
        }
        let upload = blobs.begin(name).await?;
        // A request that is stopped in the middle leaves the upload to those who clear up stale ones.
        let kept = async {
            let size = keep(blobs, &upload, &asked, &mut answer).await?;
            blobs.finish(&upload, size).await.map(|()| size).map_err(FetchError::from)
        };
        let kept = kept.await;
        if kept.is_err() {
            blobs.abandon(&upload).await;
        }
        kept
    }

    async fn ask(&self, asked: &str) -> Result<reqwest::Response, FetchError> {
        let mut request = self.client.get(asked).timeout(WHOLE).header(header::ACCEPT, ACCEPT);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let answer = request.send().await.map_err(|error| lost(asked, &error))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        if status.is_redirection() && answer.headers().contains_key(header::LOCATION) {
            let why = "it sends on to where it may not: to what is not https, or to an address of a network of its own";
            return Err(FetchError::Refused(format!("{asked}: {why}")));
        }
        if is_later(status, answer.headers()) || status.is_redirection() {
            return Err(Unavailable(format!("{asked}: {status}")).into());
        }
        let is_own = answer.url().origin().ascii_serialization() == self.origin;
        let said = if is_own { answer.bytes().await.unwrap_or_default() } else { Bytes::new() };
        Err(FetchError::Refused(refusal(asked, status, &said, self.token.is_some())))
    }
}

/// Keeps what comes, part by part: how many bytes that were.
async fn keep(blobs: &Blobs, upload: &str, asked: &str, answer: &mut reqwest::Response) -> Result<u64, FetchError> {
    let (mut offset, mut part) = (0, BytesMut::with_capacity(BLOB_PART));
    while let Some(chunk) = answer.chunk().await.map_err(|error| lost(asked, &error))? {
        part.extend_from_slice(&chunk);
        while part.len() >= BLOB_PART {
            let whole: Bytes = part.split_to(BLOB_PART).freeze();
            blobs.append(upload, offset, whole).await?;
            offset += BLOB_PART as u64;
        }
        if offset + part.len() as u64 > LONGEST {
            return Err(FetchError::Refused(too_long(asked)));
        }
    }
    let size = offset + part.len() as u64;
    if !part.is_empty() {
        blobs.append(upload, offset, part.freeze()).await?;
    }
    Ok(size)
}

fn lost(asked: &str, error: &reqwest::Error) -> FetchError {
    Unavailable(format!("{asked}: {}", web::told(error))).into()
}

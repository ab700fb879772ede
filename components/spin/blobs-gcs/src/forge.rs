//! Archives of commits, from the forge into the bucket, a part at a time.

use astlas_conventions::forge::{ACCEPT, LONGEST, archive, is_later, refusal, too_long, unaskable};
use astlas_spin::{Incoming, required, send, variable};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Uri, header};
use http_body_util::BodyExt;

use crate::{bucket::Bucket, exports::astlas::blobs::blobs::FetchError};

/// Length of all parts but the last, in bytes.
const PART: usize = 8 << 20;
/// How often the forge may send on: to where it keeps archives.
const REDIRECTS: u32 = 5;
/// How much of a refusal is read, in bytes.
const REFUSAL: usize = 4 << 10;

/// Keeps the archive of a commit under this name: how many bytes it has.
pub async fn fetch(bucket: &Bucket, name: &str, repository: &str, commit: &str) -> Result<u64, FetchError> {
    let address = required("forge_url").await.map_err(FetchError::Unavailable)?;
    let path = variable("forge_path").await.map_err(FetchError::Unavailable)?.unwrap_or_default();
    let Some(asked) = archive(&format!("{address}{path}"), repository, commit) else {
        return Err(FetchError::Refused(unaskable(repository, commit)));
    };
    let mut answer = ask(&asked).await?;
    if length(answer.headers()).is_some_and(|length| length > LONGEST) {
        return Err(FetchError::Refused(too_long(&asked)));
    }
    let upload = bucket.begin(name).await.map_err(FetchError::Unavailable)?;
    let kept = async {
        let size = keep(bucket, &upload, &asked, &mut answer).await?;
        bucket.finish(&upload, size).await.map(|()| size).map_err(FetchError::Unavailable)
    };
    let kept = kept.await;
    if kept.is_err() {
        bucket.abandon(&upload).await;
    }
    kept
}

/// The archive, on its way.
async fn ask(asked: &str) -> Result<Incoming, FetchError> {
    let unaskable = |error: &dyn std::fmt::Display| FetchError::Refused(format!("{asked}: {error}"));
    let token = variable("forge_token").await.map_err(FetchError::Unavailable)?;
    let mut address: Uri = asked.parse().map_err(|error| unaskable(&error))?;
    let forge = (address.scheme().cloned(), address.authority().cloned());
    for _ in 0..REDIRECTS {
        let mut request = http::Request::get(&address).header(header::ACCEPT, ACCEPT);
        // Nobody but the forge is shown its token.
        let is_forge = (address.scheme(), address.authority()) == (forge.0.as_ref(), forge.1.as_ref());
        if let Some(token) = token.as_ref().filter(|_| is_forge) {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Bytes::new()).map_err(|error| unaskable(&error))?;
        let answer = send(request).await.map_err(|error| FetchError::Unavailable(format!("{asked}: {error}")))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let next = answer.headers().get(header::LOCATION).and_then(|next| next.to_str().ok()?.parse::<Uri>().ok());
        if let Some(next) = next.filter(|next| status.is_redirection() && next.authority().is_some()) {
            address = next;
            continue;
        }
        if is_later(status, answer.headers()) || status.is_redirection() {
            return Err(FetchError::Unavailable(format!("{asked}: {status}")));
        }
        let said = http_body_util::Limited::new(answer.into_body(), REFUSAL).collect().await;
        let said = said.map(|said| said.to_bytes()).unwrap_or_default();
        return Err(FetchError::Refused(refusal(asked, status, &said, token.is_some())));
    }
    Err(FetchError::Unavailable(format!("{asked}: sent on {REDIRECTS} times")))
}

/// Keeps what comes, part by part: how many bytes that were.
async fn keep(bucket: &Bucket, upload: &str, asked: &str, answer: &mut Incoming) -> Result<u64, FetchError> {
    let (mut offset, mut part) = (0, BytesMut::with_capacity(PART));
    while let Some(frame) = answer.body_mut().frame().await {
        let frame = frame.map_err(|error| FetchError::Unavailable(format!("{asked}: {error:?}")))?;
        let Ok(chunk) = frame.into_data() else { continue };
        part.extend_from_slice(&chunk);
        while part.len() >= PART {
            let whole = part.split_to(PART).freeze();
            bucket.append(upload, offset, whole).await.map_err(FetchError::Unavailable)?;
            offset += PART as u64;
        }
        if offset + part.len() as u64 > LONGEST {
            return Err(FetchError::Refused(too_long(asked)));
        }
    }
    let size = offset + part.len() as u64;
    if !part.is_empty() {
        bucket.append(upload, offset, part.freeze()).await.map_err(FetchError::Unavailable)?;
    }
    Ok(size)
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

//! Requests that go out, again where that may help.

use std::{cell::RefCell, time::Duration};

use astlas_google::{Request, Response, is_busy, is_emulator, metadata};
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, header, request::Parts};
use http_body_util::{BodyExt, Full};
use spin_sdk::wasip3::{
    clocks::monotonic_clock,
    http::types::{self, ErrorCode, RequestOptions},
    http_compat::{IncomingResponseBody, RequestOptionsExtension},
    wit_future,
};

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// How long may pass without a byte: a forge makes an archive when it is asked for.
const SILENCE: Duration = Duration::from_secs(30);
/// Bytes a second that a request takes to go out, at least.
const SLOWEST: u64 = 256 << 10;
/// Times a request is sent, and how long is waited before the first time more.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(100);
/// Longest answer, in bytes: a part that was asked for, or a page of a listing.
const LONGEST: usize = 80 << 20;
/// A token is not used in the last seconds that it holds: the way there takes time.
const MARGIN: u64 = 60;

/// An answer whose body is still on its way.
pub type Incoming = http::Response<IncomingResponseBody>;

/// Whether a request does no harm when it is done twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// It does none.
    Harmless,
    /// It may.
    Harmful,
}

thread_local! {
    /// What Google lets the application in with, and until which second. The same for all requests of this instance.
    static TOKEN: RefCell<Option<(HeaderValue, u64)>> = const { RefCell::new(None) };
}

/// A client of Google's interfaces.
#[derive(Clone, Debug)]
pub struct Web {
    /// Where tokens come from; `None`: an emulator, which asks nobody who they are.
    metadata: Option<String>,
}

impl Web {
    /// Of this address; with a token of the metadata server where it is Google's.
    pub async fn open(address: &str) -> Result<Self, String> {
        let metadata = if is_emulator(address) { None } else { Some(crate::required("metadata_url").await?) };
        Ok(Self { metadata })
    }

    /// Sends a request: what was answered, good or bad.
    pub async fn send(&self, mut request: Request, again: Again) -> Result<Response, String> {
        if let Some(token) = self.token().await? {
            request.headers_mut().insert(header::AUTHORIZATION, token);
        }
        exchange(request, again).await
    }

    async fn token(&self) -> Result<Option<HeaderValue>, String> {
        let Some(address) = &self.metadata else { return Ok(None) };
        let held = TOKEN.with_borrow(Clone::clone);
        if let Some((token, until)) = held
            && seconds() < until
        {
            return Ok(Some(token));
        }
        let failed = |error: &dyn std::fmt::Display| format!("no token from the metadata server: {error}");
        let (asked, request) = (seconds(), metadata::token(address).map_err(|error| failed(&error))?);
        let answer = exchange(request, Again::Harmless).await.map_err(|error| failed(&error))?;
        let token = metadata::token_answer(answer).map_err(|error| failed(&error))?;
        let value = HeaderValue::try_from(format!("Bearer {}", token.secret)).map_err(|_| failed(&"it is none"))?;
        TOKEN.set(Some((value.clone(), asked + token.seconds.saturating_sub(MARGIN))));
        Ok(Some(value))
    }
}

/// Sends a request, some times if that may help: the answer with its whole body.
async fn exchange(request: Request, again: Again) -> Result<Response, String> {
    let host = request.uri().authority().map_or_else(String::new, ToString::to_string);
    let mut pause = PAUSE;
    for _ in 1..TRIES {
        match exchange_once(request.clone()).await {
            Ok(answer) if !is_busy(answer.status()) || again == Again::Harmful => return Ok(answer),
            Err(error) if again == Again::Harmful => return Err(format!("{host}: {error}")),
            _ => wait(pause).await,
        }
        pause *= 2;
    }
    exchange_once(request).await.map_err(|error| format!("{host}: {error}"))
}

async fn exchange_once(request: Request) -> Result<Response, String> {
    let (parts, mut incoming) = send(request).await?.into_parts();
    let mut body = BytesMut::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(part) = frame.map_err(told)?.into_data() else { continue };
        if body.len() + part.len() > LONGEST {
            return Err(format!("an answer of more than {LONGEST} bytes"));
        }
        body.extend_from_slice(&part);
    }
    Ok(Response::from_parts(parts, body.freeze()))
}

/// Sends a request once.
pub async fn send(request: Request) -> Result<Incoming, String> {
    let (mut parts, body) = request.into_parts();
    let options = options(body.len() as u64);
    agent(&mut parts.headers);
    let sent = match parts.method {
        // One that has no body at all: an empty one would be announced, and Google takes none with these methods.
        Method::GET | Method::DELETE => spin_sdk::http::send(without_body(parts, options).map_err(told)?).await,
        _ => {
            // A length that is known need not be cut into chunks.
            parts.headers.insert(header::CONTENT_LENGTH, (body.len() as u64).into());
            parts.extensions.insert(RequestOptionsExtension(options));
            spin_sdk::http::send(http::Request::from_parts(parts, Full::<Bytes>::new(body))).await
        }
    };
    sent.map_err(told)
}

fn without_body(parts: Parts, options: RequestOptions) -> Result<types::Request, ErrorCode> {
    let headers = parts.headers.try_into().map_err(|error| ErrorCode::InternalError(Some(format!("{error:?}"))))?;
    let (_, no_trailers) = wit_future::new(|| Ok(None));
    let (request, _) = types::Request::new(headers, None, no_trailers, Some(options));
    let invalid = |()| ErrorCode::HttpRequestUriInvalid;
    request.set_method(&parts.method.into()).map_err(|()| ErrorCode::HttpRequestMethodInvalid)?;
    request.set_scheme(parts.uri.scheme().map(Into::into).as_ref()).map_err(invalid)?;
    request.set_authority(parts.uri.authority().map(|it| it.as_str())).map_err(invalid)?;
    request.set_path_with_query(parts.uri.path_and_query().map(|it| it.as_str())).map_err(invalid)?;
    Ok(request)
}

fn agent(headers: &mut HeaderMap) {
    headers.insert(header::USER_AGENT, HeaderValue::from_static(concat!("astlas/", env!("CARGO_PKG_VERSION"))));
}

/// How long is waited. A host that cannot tell waits as long as it does for others.
fn options(length: u64) -> RequestOptions {
    let nanoseconds = |time: Duration| Some(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
    let options = RequestOptions::new();
    let _ = options.set_connect_timeout(nanoseconds(CONNECT));
    let _ = options.set_first_byte_timeout(nanoseconds(SILENCE + Duration::from_secs(length / SLOWEST)));
    let _ = options.set_between_bytes_timeout(nanoseconds(SILENCE));
    options
}

/// Waits for so long.
pub async fn wait(time: Duration) {
    monotonic_clock::wait_for(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)).await;
}

/// Seconds since some moment. Never descends.
pub fn seconds() -> u64 {
    monotonic_clock::now() / 1_000_000_000
}

fn told(error: ErrorCode) -> String {
    match error {
        ErrorCode::HttpRequestDenied => "the application may not ask there (allowed_outbound_hosts)".into(),
        error => format!("{error:?}"),
    }
}

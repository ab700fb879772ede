//! Sends requests to Google's interfaces, again where that may help.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use astlas_atlas::ports::Unavailable;
use astlas_google::{Request, Response, metadata};
use backon::{ExponentialBuilder, Retryable};
use bytes::BytesMut;
use http::{HeaderValue, header};
use tokio::{sync::Mutex, time::timeout};

use crate::crypto;

/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// How long may pass without a byte, unless waiting is what is asked for.
pub const SILENCE: Duration = Duration::from_secs(10);
/// Bytes a second that a request takes to go out, at least. Whether any go is not told meanwhile.
const SLOWEST: u64 = 256 << 10;
/// How long a request may take, with all its tries: the longest part, slowly.
const WHOLE: Duration = Duration::from_secs(120);
/// Times a request is sent, and how long is waited before the first time more.
const TRIES: usize = 4;
const PAUSE: Duration = Duration::from_millis(100);
/// Longest answer, in bytes: a part that was asked for, or a page of a listing.
const LONGEST: usize = 80 << 20;
/// A token is not used in the last seconds that it holds: the way there takes time.
const MARGIN: Duration = Duration::from_secs(60);

/// How a client begins.
pub fn client() -> reqwest::ClientBuilder {
    crypto::install();
    let agent = concat!("astlas/", env!("CARGO_PKG_VERSION"));
    reqwest::Client::builder().user_agent(agent).connect_timeout(CONNECT)
}

/// What is said of one who does not answer.
const LATE: &str = "no answer in time";

/// Sends a request once: the answer with its whole body, unless nothing is heard for so long or it has more bytes than
/// `longest`. The error says why there is none, without the address.
pub async fn exchange(
    client: &reqwest::Client,
    request: Request,
    silence: Duration,
    longest: usize,
) -> Result<Response, String> {
    let late = |_| LATE.to_string();
    // The client's own measure of silence would count the time that a long body takes to go out.
    let sending = Duration::from_secs(request.body().len() as u64 / SLOWEST);
    let request = reqwest::Request::try_from(request).map_err(|error| told(&error))?;
    let sent = timeout(silence + sending, client.execute(request)).await.map_err(late)?;
    let mut answer = sent.map_err(|error| told(&error))?;
    let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
    let mut body = BytesMut::new();
    while let Some(chunk) = timeout(silence, answer.chunk()).await.map_err(late)?.map_err(|error| told(&error))? {
        if body.len() + chunk.len() > longest {
            return Err(format!("an answer of more than {longest} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    let mut answer = Response::new(body.freeze());
    (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
    Ok(answer)
}

/// A client of Google's interfaces.
#[derive(Clone)]
pub struct Web {
    client: reqwest::Client,
    silence: Duration,
    /// `None`: an emulator, which asks nobody who they are.
    token: Option<Arc<Mutex<Held>>>,
    metadata: String,
}

/// A token, and until when it is used.
#[derive(Default)]
struct Held(Option<(HeaderValue, Instant)>);

/// Whether a request does no harm when it is done twice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Again {
    Harmless,
    Harmful,
}

/// What was wrong with one try.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// Nothing came back.
    #[error("{0}")]
    Silent(String),
    /// It says that it cannot for now.
    #[error("{status}", status = .0.status())]
    Busy(Response),
    /// There is no token to send along.
    #[error("no token from the metadata server: {0}")]
    Token(String),
}

impl Web {
    /// With a token of the program's own account, unless this is an emulator.
    pub fn new(is_emulator: bool, silence: Duration) -> Result<Self, reqwest::Error> {
        let metadata = std::env::var("GCE_METADATA_HOST").unwrap_or_else(|_| metadata::HOST.into());
        let token = (!is_emulator).then(Arc::default);
        Ok(Self { client: client().build()?, silence, token, metadata })
    }

    /// The same client, which waits so long for an answer.
    pub fn patient(&self, silence: Duration) -> Self {
        Self { silence, ..self.clone() }
    }

    /// Sends a request: what was answered, good or bad.
    pub async fn send(&self, request: Request, again: Again) -> Result<Response, Unavailable> {
        let (parts, body) = request.into_parts();
        let host = parts.uri.authority().map_or_else(String::new, ToString::to_string);
        let try_once = || async {
            let mut request = http::Request::from_parts(parts.clone(), body.clone());
            if let Some(token) = self.token().await? {
                request.headers_mut().insert(header::AUTHORIZATION, token);
            }
            let answer = exchange(&self.client, request, self.silence, LONGEST).await.map_err(Failure::Silent)?;
            if astlas_google::is_busy(answer.status()) {
                return Err(Failure::Busy(answer));
            }
            Ok(answer)
        };
        let pauses = ExponentialBuilder::default().with_min_delay(PAUSE).with_max_times(TRIES - 1).with_jitter();
        let sent = try_once.retry(pauses).when(|failure| match failure {
            Failure::Silent(_) | Failure::Busy(_) => again == Again::Harmless,
            Failure::Token(_) => true,
        });
        match timeout(WHOLE, sent).await {
            Ok(Ok(answer) | Err(Failure::Busy(answer))) => Ok(answer),
            Ok(Err(failure)) => Err(Unavailable(format!("{host}: {failure}"))),
            Err(_) => Err(Unavailable(format!("{host}: {LATE}"))),
        }
    }

    /// What to send along. Of those who come when it is over, one asks for the next.
    async fn token(&self) -> Result<Option<HeaderValue>, Failure> {
        let Some(held) = &self.token else { return Ok(None) };
        let mut held = held.lock().await;
        if let Some((token, until)) = &held.0
            && Instant::now() < *until
        {
            return Ok(Some(token.clone()));
        }
        let failed = |error: astlas_google::Error| Failure::Token(error.to_string());
        let asked = Instant::now();
        let request = metadata::token(&self.metadata).map_err(failed)?;
        let answer = exchange(&self.client, request, self.silence, LONGEST).await.map_err(Failure::Token)?;
        let token = metadata::token_answer(answer).map_err(failed)?;
        let value = HeaderValue::try_from(format!("Bearer {}", token.secret));
        let mut value = value.map_err(|_| Failure::Token("it is none".into()))?;
        value.set_sensitive(true);
        held.0 = Some((value.clone(), asked + Duration::from_secs(token.seconds).saturating_sub(MARGIN)));
        Ok(Some(value))
    }
}

/// An error without the address, which may be a secret, and with what caused it.
pub fn told(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    if error.is_timeout() { LATE.into() } else { cause.to_string() }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use std::io::{Read, Write};

    use super::*;

    /// Answers so many requests, one after the other, and tells what was asked.
    fn serve(answers: Vec<String>) -> (String, std::thread::JoinHandle<Vec<String>>) {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let serve = move || {
            let answer = |body: String| {
                let (mut stream, _) = listener.accept().unwrap();
                let (mut asked, mut part) = (vec![], [0; 4096]);
                while !asked.ends_with(b"\r\n\r\n") {
                    let length = stream.read(&mut part).unwrap();
                    asked.extend_from_slice(&part[..length]);
                    assert!(length > 0, "the head has an end");
                }
                let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
                String::from_utf8_lossy(&asked).to_lowercase()
            };
            answers.into_iter().map(answer).collect()
        };
        (address, std::thread::spawn(serve))
    }

    #[tokio::test]
    async fn a_token_is_asked_for_once_and_again_shortly_before_its_end() {
        let token = |secret: &str, seconds: u32| format!(r#"{{"access_token":"{secret}","expires_in":{seconds}}}"#);
        let (metadata, tokens) = serve(vec![token("brief", 60), token("lasting", 3600)]);
        let (address, served) = serve(vec![String::new(); 3]);
        let client = client().build().unwrap();
        let web = Web { client, silence: SILENCE, token: Some(Arc::default()), metadata };
        for _ in 0..3 {
            let request = http::Request::get(&address).body(bytes::Bytes::new()).unwrap();
            assert!(web.send(request, Again::Harmful).await.unwrap().status().is_success());
        }
        let shown: Vec<_> = served.join().unwrap().iter().map(|asked| asked.contains("bearer lasting")).collect();
        assert_eq!(shown, [false, true, true]);
        assert!(tokens.join().unwrap().iter().all(|asked| asked.contains("metadata-flavor: google")));
    }
}

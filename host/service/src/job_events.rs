//! A job's progress as server-sent events: the host asks for the job as anybody would, and says when it changed.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use astlas_http::JobState;
use astlas_limits::Permit;
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, Empty, Limited, combinators::UnsyncBoxBody};
use tokio::{
    sync::{mpsc, watch},
    time::{Instant, interval, timeout_at},
};
use tracing::Instrument;
use wasmtime_wasi_http::Error as HttpError;

use crate::{
    function::{Answer, Functions},
    scope::Scope,
};

/// How often the job is asked for.
const PAUSE: Duration = Duration::from_millis(500);
/// How long nothing is said at most: intermediaries close connections that seem dead.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// Longest description of a job, in bytes.
const JOB_SIZE: usize = 1 << 20;
/// Events that may wait for a slow listener.
const ROOM: usize = 4;

/// Tells a tenant of the job at `path` (`/api/v1/jobs/{job_id}`) until it is over, the time is, or the service is. `place`
/// is given back then.
pub async fn follow(
    functions: &Arc<Functions>,
    scope: &Scope,
    path: &str,
    limit: Duration,
    stop: watch::Receiver<bool>,
    place: Permit,
) -> Answer {
    let first = ask(functions, scope, path).await;
    if !first.status().is_success() {
        return first;
    }
    let (sender, receiver) = mpsc::channel(ROOM);
    let (functions, scope, path) = (functions.clone(), scope.clone(), path.to_owned());
    let told = async move {
        let _place = place;
        // Whoever listened went away: nothing is left to do.
        let _ = timeout_at(Instant::now() + limit, tell(&functions, &scope, &path, first, &sender, stop)).await;
    };
    tokio::spawn(told.in_current_span());
    let mut response = Response::new(Events(receiver).boxed_unsync());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Some proxies collect what they pass on.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    response
}

/// The job, as anybody would be told of it.
async fn ask(functions: &Functions, scope: &Scope, path: &str) -> Answer {
    let body = Empty::<Bytes>::new().map_err(|never| match never {}).boxed_unsync();
    let mut request = Request::<UnsyncBoxBody<Bytes, HttpError>>::new(body);
    match path.parse() {
        Ok(uri) => *request.uri_mut() = uri,
        Err(_) => {
            return crate::function::problem(
                astlas_http::ProblemType::NotFound.with("/openapi.json lists what there is"),
            );
        }
    }
    functions.ingest.answer(scope, request).await
}

async fn tell(
    functions: &Functions,
    scope: &Scope,
    path: &str,
    first: Answer,
    events: &mpsc::Sender<Bytes>,
    mut stop: watch::Receiver<bool>,
) -> Result<(), mpsc::error::SendError<Bytes>> {
    let (mut last, mut said, mut next) = (Bytes::new(), Instant::now(), Some(first));
    let mut pause = interval(PAUSE);
    loop {
        tokio::select! {
            _ = pause.tick() => {}
            _ = stop.wait_for(|stopping| *stopping) => return Ok(()),
            () = events.closed() => return Ok(()),
        }
        let answer = match next.take() {
            Some(answer) => answer,
            None => ask(functions, scope, path).await,
        };
        let status = answer.status();
        let job = Limited::new(answer.into_body(), JOB_SIZE).collect().await.map(|body| body.to_bytes());
        match job {
            // Too many at once is no answer about the job.
            Ok(problem) if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS => {
                return events.send(event("problem", &problem)).await;
            }
            Ok(job) if status.is_success() && job != last => {
                events.send(event("progress", &job)).await?;
                if is_over(&job) {
                    return Ok(());
                }
                (last, said) = (job, Instant::now());
            }
            // What cannot be asked now can be soon.
            _ if said.elapsed() >= HEARTBEAT => {
                events.send(Bytes::from_static(b":\n\n")).await?;
                said = Instant::now();
            }
            _ => {}
        }
    }
}

fn is_over(job: &[u8]) -> bool {
    let job: Option<serde_json::Value> = serde_json::from_slice(job).ok();
    let state = job.and_then(|job| JobState::from_word(job["state"].as_str()?));
    state.is_some_and(JobState::is_over)
}

fn event(name: &str, data: &[u8]) -> Bytes {
    let mut event = format!("event: {name}\n").into_bytes();
    for line in data.split(|byte| *byte == b'\n' || *byte == b'\r') {
        event.extend_from_slice(b"data: ");
        event.extend_from_slice(line);
        event.push(b'\n');
    }
    event.push(b'\n');
    event.into()
}

/// Events as a body.
struct Events(mpsc::Receiver<Bytes>);

impl Body for Events {
    type Data = Bytes;
    type Error = HttpError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, HttpError>>> {
        self.0.poll_recv(context).map(|event| event.map(|event| Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_lines_and_an_empty_one() {
        assert_eq!(event("progress", b"{\"a\":1}"), "event: progress\ndata: {\"a\":1}\n\n");
        assert_eq!(event("progress", b"{\n}"), "event: progress\ndata: {\ndata: }\n\n");
        for (state, over) in [("done", true), ("dead", true), ("running", false), ("no such state", false)] {
            assert_eq!(is_over(format!("{{\"state\":\"{state}\"}}").as_bytes()), over, "{state}");
        }
        assert!(!is_over(b"nothing"));
    }
}

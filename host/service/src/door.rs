//! The front door: connections in, each request to the function it is for.

use std::{convert::Infallible, sync::Arc, time::Duration};

use astlas_http::ProblemType;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};

use crate::function::{Answer, Functions, problem};

/// How long is waited for requests that are under way when the service is stopped.
const GRACE: Duration = Duration::from_secs(30);
/// How long is waited before a connection is taken again where one could not be.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);

/// Answers until a signal says stop.
pub async fn serve(listener: TcpListener, functions: Arc<Functions>) {
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stopped());
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // Out of descriptors, most likely: some are given back soon.
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        // Small answers are not to wait for more.
        let _ = stream.set_nodelay(true);
        let functions = functions.clone();
        let answer = move |request| {
            let functions = functions.clone();
            async move { Ok::<_, Infallible>(answer(&functions, request).await) }
        };
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_LIMIT);
        builder.http2().timer(TokioTimer::new()).max_concurrent_streams(64);
        let connection = builder.serve_connection(TokioIo::new(stream), service_fn(answer)).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // A connection that breaks off is its client's business.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

async fn answer(functions: &Functions, request: Request<Incoming>) -> Answer {
    let path = request.uri().path();
    let is_below = |prefix: &str| path.starts_with(prefix);
    if path == "/health/live" {
        return live();
    }
    // Nobody pushes from outside: the queue is in this process.
    if is_below("/api/v1/jobs/") || is_below("/api/v1/repos/") {
        return functions.ingest.answer(request).await;
    }
    if is_below("/api/v1/") || path == "/openapi.json" {
        return functions.query.answer(request).await;
    }
    problem(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is")))
}

/// The process runs, and takes requests.
fn live() -> Answer {
    let body = Full::new(Bytes::from_static(b"{\"status\":\"live\"}")).map_err(|never| match never {});
    let mut response = Response::new(body.boxed_unsync());
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static("application/json"));
    response
}

/// Returns when the process is told to stop.
async fn stopped() {
    let of = async |kind| match signal(kind) {
        Ok(mut signal) => drop(signal.recv().await),
        // Without a handler the signal ends the process by itself.
        Err(_) => std::future::pending().await,
    };
    tokio::select! {
        () = of(SignalKind::terminate()) => {}
        () = of(SignalKind::interrupt()) => {}
    }
}

//! A request, watched from its head to the last byte of its response: its span, its line in the log, its metrics.

use std::{
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Instant,
};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, Version, header};
use http_body::{Body, Frame, SizeHint};
use tracing::{Span, field::Empty};

use astlas_identity::Caller;

use crate::{
    metrics::Metrics,
    route::Route,
    telemetry::{self, REQUEST, REQUEST_ID, RequestNames, TRACEPARENT, TraceContext},
};

/// Stands for the status where the caller went away before the answer.
const GONE: u16 = 499;

/// What kind of problem a response is; an extension of it.
#[derive(Clone, Copy, Debug)]
pub struct Kind(pub &'static str);

/// Who asked, once they were let in; an extension of the response.
#[derive(Clone, Debug)]
pub struct Whose(pub Caller);

/// A request under way. It is over when this is dropped.
pub struct Observed {
    /// Everything that is done for the request is below it.
    pub span: Span,
    /// What the request is called.
    pub id: HeaderValue,
    metrics: Arc<Metrics>,
    route: Route,
    method: &'static str,
    path: String,
    version: Version,
    remote: SocketAddr,
    agent: Option<String>,
    begun: Instant,
    received: Option<u64>,
    sent: u64,
    status: u16,
    kind: Option<&'static str>,
    whose: Option<Caller>,
}

impl Observed {
    /// Begins with a request. From now on the request says where it is in its trace, and what it is called.
    pub fn begin<B: Body>(request: &mut Request<B>, route: Route, remote: SocketAddr, metrics: &Arc<Metrics>) -> Self {
        let method = word(request.method());
        let id = telemetry::request_id(request.headers());
        let span = tracing::info_span!(
            target: "astlas", "request",
            otel.name = format_args!("{method} {route}"), otel.kind = "server", otel.status_code = Empty,
            http.request.method = method, http.route = route.template, http.response.status_code = Empty,
            request_id = id, tenant = Empty,
        );
        let parent = TraceContext::of(request.headers());
        let trace = telemetry::continued(&span, parent);
        telemetry::name(&span, RequestNames { id: id.clone(), route: route.template, trace });
        let id = HeaderValue::from_str(&id).unwrap_or(HeaderValue::from_static(""));
        let path = request.uri().path().to_owned();
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).map(str::to_owned);
        let headers = request.headers_mut();
        headers.insert(REQUEST_ID, id.clone());
        headers.remove(TRACEPARENT);
        // It says more about a trace; of one that begins here nobody can know more.
        if parent.is_none() {
            headers.remove("tracestate");
        }
        headers.extend(trace.header().map(|trace| (TRACEPARENT, trace)));
        metrics.request_begun();
        Self {
            span,
            id,
            metrics: metrics.clone(),
            route,
            method,
            path,
            version: request.version(),
            remote,
            agent,
            begun: Instant::now(),
            received: request.body().size_hint().exact(),
            sent: 0,
            status: GONE,
            kind: None,
            whose: None,
        }
    }

    /// Goes on until the response is sent.
    pub fn follow<B: Body<Data = Bytes>>(mut self, mut response: Response<B>) -> Response<Followed<B>> {
        self.status = response.status().as_u16();
        self.kind = response.extensions_mut().remove::<Kind>().map(|Kind(kind)| kind);
        self.whose = response.extensions_mut().remove::<Whose>().map(|Whose(caller)| caller);
        if let Some(caller) = &self.whose {
            self.span.record("tenant", caller.tenant.as_str());
        }
        response.headers_mut().insert(REQUEST_ID, self.id.clone());
        response.map(|body| Followed { body, observed: self })
    }
}

impl Drop for Observed {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        self.metrics.request_ended(self.route.template, self.method, self.status, elapsed);
        self.span.record("http.response.status_code", self.status);
        if self.status >= 500 {
            self.span.record("otel.status_code", "ERROR");
        }
        if let Some(kind) = self.kind {
            self.metrics.failed(kind);
        }
        // In the words of Cloud Logging's httpRequest.
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: REQUEST, parent: &self.span, $level,
                    requestMethod = self.method, requestUrl = self.path, status = self.status,
                    requestSize = self.received.map(|size| size.to_string()), responseSize = self.sent.to_string(),
                    userAgent = self.agent, remoteIp = self.remote.ip().to_string(),
                    latency = format!("{:.6}s", elapsed.as_secs_f64()), protocol = format!("{:?}", self.version),
                    kind = self.kind, tenant = self.whose.as_ref().map(|caller| caller.tenant.as_str()),
                    caller = self.whose.as_ref().map(|caller| caller.subject.to_string()),
                    "{} {} {} in {:.1} ms", self.method, self.path, self.status, elapsed.as_secs_f64() * 1e3
                )
            };
        }
        match self.status {
            500.. => line!(tracing::Level::ERROR),
            // Whoever looks after the service asks all the time.
            ..400 if self.route.is_probe() => line!(tracing::Level::DEBUG),
            _ => line!(tracing::Level::INFO),
        }
    }
}

/// Of few: anybody can make up a method.
fn word(method: &http::Method) -> &'static str {
    const KNOWN: [&str; 7] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
    KNOWN.into_iter().find(|known| *known == method.as_str()).unwrap_or("other")
}

/// A body that is watched.
pub struct Followed<B> {
    body: B,
    observed: Observed,
}

impl<B: Body<Data = Bytes> + Unpin> Body for Followed<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame {
            self.observed.sent += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

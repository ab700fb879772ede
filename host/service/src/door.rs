//! The front door: connections in, each request to whom it is for.

use std::{convert::Infallible, net::SocketAddr, sync::Arc, time::Duration};

use astlas_http::{Problem, ProblemType};
use http::{HeaderName, HeaderValue, Method, Request, Response, header};
use http_body_util::BodyExt;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{sleep, timeout},
};
use tower::{Service, ServiceBuilder, ServiceExt};
use tower_http::{
    compression::{
        CompressionLayer,
        predicate::{NotForContentType, Predicate, SizeAbove},
    },
    cors::{AllowHeaders, AllowOrigin, CorsLayer},
};
use tracing::Instrument;

use crate::{
    HttpSettings, Shared,
    function::{Answer, Functions, classified, problem},
    health::Health,
    job_events,
    observe::Observed,
    pages,
    route::{Route, Target},
    telemetry::REQUEST_ID,
};

/// How long is waited before a connection is taken again where one could not be.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// Shortest body that is compressed, in bytes: below, the head is most of a response.
const LEAST_COMPRESSED: u16 = 1024;
/// When to come back to a service that is out of something, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// How long browsers remember who may ask.
const PREFLIGHT_AGE: Duration = Duration::from_secs(600);

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doors {
    /// Everything.
    All,
    /// All but what brings work from a queue outside, because there is none.
    NoPush,
    /// The pages of the host alone.
    Pages,
}

/// Who answers what.
pub struct Door {
    functions: Arc<Functions>,
    shared: Arc<Shared>,
    health: Health,
    doors: Doors,
    stop: watch::Sender<bool>,
}

impl Door {
    pub fn new(functions: Arc<Functions>, shared: &Arc<Shared>, health: Health, doors: Doors) -> Self {
        Self { functions, shared: shared.clone(), health, doors, stop: watch::Sender::new(false) }
    }

    async fn answer(&self, request: Request<Incoming>) -> Answer {
        let path = request.uri().path();
        let target = match (self.doors, Route::of(path).target) {
            (_, Target::Page(page)) => Target::Page(page),
            (Doors::Pages, _) | (Doors::NoPush, Target::Push) => Target::Nobody,
            (_, target) => target,
        };
        match target {
            Target::Query => classified(self.functions.query.answer(request).await).await,
            Target::Ingest | Target::Push => classified(self.functions.ingest.answer(request).await).await,
            Target::Page(page) => match *request.method() {
                Method::GET | Method::HEAD => pages::page(page, &self.health, &self.shared.metrics).await,
                _ => problem(not_allowed("GET, HEAD")),
            },
            Target::JobEvents if request.method() == Method::GET => {
                let job = path.strip_suffix("/events").unwrap_or(path);
                let (limit, stop) = (self.shared.http.job_limit(), self.stop.subscribe());
                classified(job_events::follow(&self.functions, job, limit, stop).await).await
            }
            Target::JobEvents => problem(not_allowed("GET")),
            // Nobody pushes from outside where the queue is in this process.
            Target::Nobody => problem(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is"))),
        }
    }
}

fn not_allowed(methods: &str) -> Problem {
    let problem = ProblemType::MethodNotAllowed.with(format!("ask with {methods}"));
    Problem { allow: Some(methods.into()), ..problem }
}

/// Answers until a signal says stop.
pub async fn serve(listener: TcpListener, door: Arc<Door>) {
    let graceful = GracefulShutdown::new();
    let http = &door.shared.http;
    let stop = async {
        stopped().await;
        tracing::info!("stopping");
        door.health.stop();
        sleep(Duration::from_secs(http.stop_delay)).await;
    };
    let mut stop = std::pin::pin!(stop);
    let service = layered(&door);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, remote)) = accepted else {
            // Out of descriptors, most likely: some are given back soon.
            sleep(PAUSE).await;
            continue;
        };
        // Small answers are not to wait for more.
        let _ = stream.set_nodelay(true);
        let (door, service) = (door.clone(), service.clone());
        let answer = move |request| observed(door.clone(), service.clone(), request, remote);
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
    // Whoever only listens would never be done.
    door.stop.send_replace(true);
    tokio::select! {
        _ = timeout(Duration::from_secs(http.grace), graceful.shutdown()) => {}
        () = stopped() => tracing::warn!("told to stop again: requests under way are given up"),
    }
}

/// One request, watched from its head to its last byte.
async fn observed<S, B>(
    door: Arc<Door>,
    service: S,
    mut request: Request<Incoming>,
    remote: SocketAddr,
) -> Result<Response<impl http_body::Body<Data = bytes::Bytes, Error = BodyError> + Send>, Infallible>
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future: Send>,
    B: http_body::Body<Data = bytes::Bytes, Error: Into<BodyError>> + Send + 'static,
{
    let route = Route::of(request.uri().path());
    let observed = Observed::begin(&mut request, route, remote, &door.shared.metrics);
    let mut response = service.oneshot(request).instrument(observed.span.clone()).await?;
    if response.status() == http::StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(RETRY_AFTER);
    }
    Ok(observed.follow(response.map(|body| body.map_err(Into::into).boxed_unsync())))
}

/// Why a body broke off.
type BodyError = Box<dyn std::error::Error + Send + Sync>;

/// The door behind what is the same for all: compression, and who may ask from where.
fn layered(
    door: &Arc<Door>,
) -> impl Service<
    Request<Incoming>,
    Response = Response<impl http_body::Body<Data = bytes::Bytes, Error: Into<BodyError>> + Send + 'static>,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
+ 'static {
    let compressed = SizeAbove::new(LEAST_COMPRESSED).and(NotForContentType::SSE);
    let inner = door.clone();
    ServiceBuilder::new()
        .layer(CompressionLayer::new().compress_when(compressed))
        .option_layer(cors(&door.shared.http))
        .service(tower::service_fn(move |request| {
            let door = inner.clone();
            async move { Ok(door.answer(request).await) }
        }))
}

/// Pages of which origins may ask, if any.
fn cors(settings: &HttpSettings) -> Option<CorsLayer> {
    const EXPOSED: [HeaderName; 2] = [REQUEST_ID, header::RETRY_AFTER];
    let origins = &settings.cors_origins;
    let origin = match origins.iter().any(|origin| origin.is_any()) {
        _ if origins.is_empty() => return None,
        true => AllowOrigin::any(),
        false => AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::from_str(origin.as_str()).ok())),
    };
    let layer =
        CorsLayer::new().allow_origin(origin).allow_headers(AllowHeaders::mirror_request()).max_age(PREFLIGHT_AGE);
    Some(layer.allow_methods([Method::GET, Method::POST, Method::PUT, Method::DELETE]).expose_headers(EXPOSED))
}

/// Returns when the process is told to stop.
pub async fn stopped() {
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

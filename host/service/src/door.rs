//! The front door: connections in, each request to whom it is for.

use std::{convert::Infallible, net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};

use astlas_atlas::ports::Verdict;
use astlas_http::{Problem, ProblemType};
use astlas_identity::{API_KEY, Access};
use astlas_limits::Permit;
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full, Limited};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::{Semaphore, watch},
    task::spawn_blocking,
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
use wasmtime_wasi_http::Error as HttpError;

use crate::{
    HttpSettings, Shared, account,
    admission::{self, Admitted},
    document,
    function::{Answer, Functions, UsedUp, classified, not_allowed, owner, problem},
    health::Health,
    job_events,
    observe::{Observed, Whose},
    pages, questions,
    route::{Account, Group, Route, Target},
    scope::Scope,
    sweep,
    telemetry::REQUEST_ID,
};

/// How long is waited before a connection is taken again where one could not be.
const PAUSE: Duration = Duration::from_millis(50);
/// How long a client may take to send the head of a request.
const HEAD_LIMIT: Duration = Duration::from_secs(10);
/// How long a refusal is held back from who asks for too much: who asks again at once, and does not wait as it was told,
/// would keep others waiting with that alone.
const HELD: Duration = Duration::from_millis(250);
/// Refusals of those who may not, that are held back at once: they cost whoever sends them little, and a place here.
const HELD_AT_ONCE: usize = 1000;
/// Shortest body that is compressed, in bytes: below, the head is most of a response.
const LEAST_COMPRESSED: u16 = 1024;
/// When to come back to a service that is out of something, in seconds.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");
/// Longest message that is pushed, in bytes: Pub/Sub's own limit is 10 MB, in base64.
const LONGEST_PUSH: usize = 16 << 20;
/// Longest event of the forge, in bytes: GitHub's own limit.
const LONGEST_EVENT: usize = 25 << 20;
/// Longest body with several questions, in bytes. It is read before it is known what it asks for.
const LONGEST_QUESTIONS: usize = 8 << 20;
/// How long the forge may take to send an event: nobody knows yet whether it is the forge.
const EVENT_LIMIT: Duration = Duration::from_secs(10);
/// Longest body of a request that the host answers by itself, in bytes.
const LONGEST_OWN: usize = 64 << 10;
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
    /// Places of refusals that are held back.
    held: Semaphore,
}

impl Door {
    pub fn new(functions: Arc<Functions>, shared: &Arc<Shared>, health: Health, doors: Doors) -> Self {
        let (stop, held) = (watch::Sender::new(false), Semaphore::new(HELD_AT_ONCE));
        Self { functions, shared: shared.clone(), health, doors, stop, held }
    }

    async fn answer(&self, mut request: Request<Incoming>) -> Answer {
        let path = request.uri().path();
        let route = Route::of(path);
        let target = match (self.doors, route.target) {
            (_, Target::Page(page)) => Target::Page(page),
            (Doors::Pages, _) | (Doors::NoPush, Target::Push) => Target::Nobody,
            (_, target) => target,
        };
        if target == Target::Nobody {
            // Nobody pushes from outside where the queue is in this process.
            return problem(ProblemType::NotFound.with(format!("{path}: /openapi.json lists what there is")));
        }
        let (admission, access) = (&self.shared.admission, route.access(request.method()));
        if admission.is_open && access != Access::Anonymous && self.is_foreign(&request) {
            let detail = "another site asks; where everybody on this machine may do everything, only its own pages and \
                          those of http.cors_origins may";
            return problem(ProblemType::Forbidden.with(detail));
        }
        let admitted = match access {
            Access::Role(role) => {
                // Of several questions, each is a call, which are counted when they are known. And whoever has no call
                // left may still look how much it used, and take its keys away.
                let is_free = match target {
                    Target::Batch | Target::Account(Account::Usage) => true,
                    Target::Account(Account::Key) => request.method() == Method::DELETE,
                    _ => false,
                };
                let calls = u64::from(!is_free);
                admission.admit(role, route.group, calls, request.headers()).await.map(Some)
            }
            Access::Push => admission.admit_push(request.headers()).await.map(|()| None),
            Access::Anonymous | Access::Forge => Ok(None),
        };
        // No function has a use for them.
        for credentials in [header::AUTHORIZATION, API_KEY] {
            request.headers_mut().remove(credentials);
        }
        match (admitted, access) {
            (Err(refusal), _) => refusal,
            (Ok(Some(admitted)), _) => self.admitted(target, request, admitted).await,
            (Ok(None), Access::Push) if target == Target::Sweep => match self.collected(request, LONGEST_OWN).await {
                Ok(request) => sweep::all(&self.functions, admission, request).await,
                Err(refusal) => refusal,
            },
            (Ok(None), Access::Push) => self.pushed(request).await,
            (Ok(None), Access::Forge) => self.told(route.group, request).await,
            (Ok(None), _) => self.open(target, request).await,
        }
    }

    /// Whether a browser says that the page of somebody else has it change something.
    fn is_foreign(&self, request: &Request<Incoming>) -> bool {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let Some(origin) = text(header::ORIGIN) else { return false };
        let host = request.uri().authority().map(|authority| authority.as_str()).or_else(|| text(header::HOST));
        let is_own = origin.split_once("://").is_some_and(|(_, authority)| Some(authority) == host);
        let mut allowed = self.shared.http.cors_origins.iter();
        let only_looks = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
        !only_looks && !is_own && !allowed.any(|allowed| allowed.is_any() || allowed.as_str() == origin)
    }

    /// What says nothing of a tenant.
    async fn open(&self, target: Target, request: Request<Incoming>) -> Answer {
        match (target, request.method()) {
            (Target::Page(page), &(Method::GET | Method::HEAD)) => {
                pages::page(page, &self.health, &self.shared.metrics).await
            }
            (Target::Page(_), _) => problem(not_allowed("GET, HEAD")),
            _ => {
                document::completed(self.ingest(&self.shared.admission.nobody, request).await, &self.shared.admission)
                    .await
            }
        }
    }

    /// What a tenant asks.
    async fn admitted(&self, target: Target, request: Request<Incoming>, mut admitted: Admitted) -> Answer {
        let scope = &admitted.scope.clone();
        let mut answer = match target {
            Target::Query => classified(self.functions.query.answer(scope, request).await).await,
            Target::Batch => match self.questions(request, &mut admitted).await {
                Ok((request, _place)) => classified(self.functions.query.answer(scope, request.map(whole)).await).await,
                // It says itself what is left of what.
                Err(refusal) => return refusal,
            },
            Target::Account(account) => match self.collected(request, LONGEST_OWN).await {
                Ok(request) => account::answer(account, request, &admitted, &self.shared).await,
                Err(refusal) => refusal,
            },
            Target::JobEvents if request.method() == Method::GET => {
                let path = request.uri().path();
                let job = path.strip_suffix("/events").unwrap_or(path);
                let (limit, stop) = (self.shared.http.job_limit(), self.stop.subscribe());
                let weight = self.shared.admission.limits.weight(scope.name());
                match self.shared.followers.enter(scope.name(), weight).await {
                    Ok(place) => {
                        classified(job_events::follow(&self.functions, scope, job, limit, stop, place).await).await
                    }
                    Err(full) => admission::full(full),
                }
            }
            Target::JobEvents => problem(not_allowed("GET")),
            _ => self.ingest(scope, request).await,
        };
        admitted.tell(&mut answer);
        answer.extensions_mut().insert(Whose(admitted.caller));
        answer
    }

    /// Several questions, after each was counted as a call of its own group: all of them, or none; and their place.
    async fn questions(
        &self,
        request: Request<Incoming>,
        admitted: &mut Admitted,
    ) -> Result<(Request<Bytes>, Permit), Answer> {
        let (admission, scope) = (&self.shared.admission, &admitted.scope);
        admission.has_calls(scope, [Group::Query, Group::Parse]).await?;
        let weight = admission.limits.weight(scope.name());
        let place = self.shared.bodies.enter(scope.name(), weight).await.map_err(admission::full)?;
        let limit = usize::try_from(self.shared.http.request_limit).unwrap_or(usize::MAX);
        let request = self.collected(request, limit.min(LONGEST_QUESTIONS)).await?;
        let body = request.body().clone();
        // To read it takes longer than others are to wait.
        let counted = spawn_blocking(move || questions::counted(&body)).await;
        let counted = counted.map_err(|error| problem(ProblemType::StageFailed.with(error.to_string())))?;
        admitted.decision = admission.count(scope, &counted).await?;
        Ok((request, place))
    }

    /// A message that a queue outside pushes: its attributes say whose it is.
    async fn pushed(&self, request: Request<Incoming>) -> Answer {
        if request.method() != Method::POST {
            return problem(not_allowed("POST"));
        }
        let request = match self.collected(request, LONGEST_PUSH).await {
            Ok(request) => request,
            Err(refusal) => return refusal,
        };
        match owner(request.body()) {
            Some(scope) => {
                let body = request.body().clone();
                let answer = self.ingest(&scope, request.map(whole)).await;
                let Some(UsedUp(why)) = answer.extensions().get().cloned() else { return answer };
                // It would be so again: somebody has to hear of it.
                match self.functions.give_up(body, why, true).await {
                    Ok(()) => pages::nothing(),
                    Err(why) => problem(ProblemType::Unavailable.with(why)),
                }
            }
            None => {
                let detail = "message.attributes.tenant: there is none; messages of ours have one";
                problem(ProblemType::InvalidRequest.with(detail))
            }
        }
    }

    /// What the forge tells. Before it has a place or counts, it has to be from the forge: its signature is over the body.
    async fn told(&self, group: Group, request: Request<Incoming>) -> Answer {
        let admission = &self.shared.admission;
        let Some(scope) = &admission.forge else {
            let detail = "no tenant is configured for the forge; set forge_tenant in [identity]";
            return problem(ProblemType::Forbidden.with(detail));
        };
        let signature = request.headers().get("x-hub-signature-256").and_then(|it| it.to_str().ok());
        let signature = signature.unwrap_or_default().to_owned();
        if !is_signature(&signature) {
            // Says what is wrong with it, whatever the body is.
            return self.ingest(&admission.nobody, request.map(|_| whole(Bytes::new()))).await;
        }
        let place = match self.shared.bodies.enter(admission.nobody.name(), NonZeroU32::MIN).await {
            Ok(place) => place,
            Err(full) => return admission::full(full),
        };
        let request = match timeout(EVENT_LIMIT, self.collected(request, LONGEST_EVENT)).await {
            Ok(Ok(request)) => request,
            Ok(Err(refusal)) => return refusal,
            Err(_) => return problem(late()),
        };
        if self.shared.capabilities.events.verify(&signature, request.body()) != Verdict::Authentic {
            // Says what is wrong with it.
            return self.ingest(&admission.nobody, request.map(whole)).await;
        }
        drop(place);
        match admission.check(scope, group, 1, request.headers()).await {
            Ok(_) => self.ingest(scope, request.map(whole)).await,
            Err(refusal) => refusal,
        }
    }

    /// A request with its whole body.
    async fn collected(&self, request: Request<Incoming>, longest: usize) -> Result<Request<Bytes>, Answer> {
        let (head, body) = request.into_parts();
        let collected = timeout(self.shared.http.time_limit(), Limited::new(body, longest).collect()).await;
        match collected {
            Ok(Ok(body)) => Ok(Request::from_parts(head, body.to_bytes())),
            Ok(Err(_)) => {
                let detail = format!("the body is longer than {longest} bytes, or broke off");
                Err(problem(ProblemType::ContentTooLarge.with(detail)))
            }
            Err(_) => Err(problem(late())),
        }
    }

    async fn ingest<B>(&self, scope: &Scope, request: Request<B>) -> Answer
    where
        B: http_body::Body<Data = bytes::Bytes, Error: Into<HttpError>> + Send + 'static,
    {
        classified(self.functions.ingest.answer(scope, request).await).await
    }
}

fn late() -> Problem {
    ProblemType::BodyCutShort.with("the body did not come in time; send it again")
}

/// Whether this may be how the forge signs: 32 bytes in hexadecimal.
fn is_signature(signature: &str) -> bool {
    let digits = signature.strip_prefix("sha256=");
    digits.is_some_and(|digits| digits.len() == 64 && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
}

fn whole(body: Bytes) -> impl http_body::Body<Data = Bytes, Error = HttpError> + Send + 'static {
    Full::new(body).map_err(|never| match never {})
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
    match response.status() {
        StatusCode::TOO_MANY_REQUESTS => sleep(HELD).await,
        // Who guesses, one after the other, waits for each. Many at once only find that they are refused.
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            if let Ok(_place) = door.held.try_acquire() {
                sleep(HELD).await;
            }
        }
        StatusCode::SERVICE_UNAVAILABLE => {
            response.headers_mut().entry(header::RETRY_AFTER).or_insert(RETRY_AFTER);
        }
        _ => {}
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
    const EXPOSED: [HeaderName; 8] = [
        REQUEST_ID,
        header::RETRY_AFTER,
        header::WWW_AUTHENTICATE,
        HeaderName::from_static("ratelimit"),
        HeaderName::from_static("ratelimit-policy"),
        HeaderName::from_static("ratelimit-limit"),
        HeaderName::from_static("ratelimit-remaining"),
        HeaderName::from_static("ratelimit-reset"),
    ];
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

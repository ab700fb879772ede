//! A function: every request in an instance that no other one uses meanwhile, and that only ever serves its tenant.

use std::{future::poll_fn, path::Path, sync::Arc, time::Duration};

use anyhow::Result;
use astlas_engine::Artifact;
use astlas_http::{Problem, ProblemType};
use astlas_limits::{Gate, GateSettings};
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use tokio::{
    sync::oneshot,
    time::{Instant, timeout_at},
};
use tracing::{Instrument, Span};
use wasmtime::{Engine, Store, component::Linker};
use wasmtime_wasi_http::{
    Error as HttpError, WasiHttp, WasiHttpView,
    p3::{self, bindings::ServicePre},
};

use crate::{
    Shared,
    admission::{self, Exceeded},
    affinity, bindings,
    body::Limited,
    lane::{AbortOnDrop, Lanes, Whose, Work},
    memory::TooMuch,
    metrics::Sample,
    observe::Kind,
    scope::Scope,
    state::{Imports, State},
    warm::{Instance, Warm},
};

/// Most bytes that one call may hand over.
const CALL_LIMIT: usize = 1 << 30;
/// Longest description of a problem, in bytes.
const PROBLEM_SIZE: usize = 1 << 20;

/// What is asked.
pub type Asked = Request<UnsyncBoxBody<Bytes, HttpError>>;
/// What is sent back.
pub type Answer = Response<UnsyncBoxBody<Bytes, HttpError>>;

/// Both functions.
pub struct Functions {
    pub query: Function,
    pub ingest: Function,
}

impl Functions {
    /// How many instances there are and may be.
    pub fn samples(&self) -> Vec<Sample> {
        [&self.query, &self.ingest].map(Function::sample).into()
    }

    /// Has the write side do a job, which is the body of a message. Says why it is to be tried again.
    pub async fn job(&self, body: Bytes) -> Result<(), String> {
        let begun = Instant::now();
        let worked = self.work(body).await;
        let outcome = match worked {
            Ok(true) => "done",
            Ok(false) => "dropped",
            Err(_) => "again",
        };
        self.ingest.shared.metrics.message(outcome, begun.elapsed());
        worked.map(drop)
    }

    /// Whether it was done. What would be the same again is not tried again.
    async fn work(&self, body: Bytes) -> Result<bool, String> {
        let Some(scope) = owner(&body) else {
            tracing::error!("a message is dropped: its attributes name no tenant");
            return Ok(false);
        };
        let answer = self.push(&scope, body.clone()).await?;
        let (status, used_up) = (answer.status(), answer.extensions().get::<UsedUp>().cloned());
        if status.is_success() {
            return Ok(true);
        }
        if let Some(UsedUp(why)) = used_up {
            // Until somebody does something about it, it would be so again.
            return self.give_up(body, why, true).await.map(|()| false);
        }
        let why = format!("the job ended with {}", told(answer).await);
        if status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS {
            // It would be again.
            tracing::error!("a message is dropped: {why}");
            return Ok(false);
        }
        Err(why)
    }

    /// Has it written down that a job is given up, and why, so that somebody hears of it and can have it done after all.
    pub async fn give_up(&self, body: Bytes, why: String, is_free: bool) -> Result<(), String> {
        let given_up = astlas_capabilities::given_up(&body, &why, is_free);
        let Some((scope, body)) = owner(&body).zip(given_up) else { return Ok(()) };
        let answer = self.push(&scope, body).await?;
        if !answer.status().is_success() {
            return Err(format!("giving up a job ended with {}", told(answer).await));
        }
        self.ingest.shared.metrics.failed("job-given-up");
        tracing::error!(tenant = scope.tenant(), "a job is given up: {why}");
        Ok(())
    }

    async fn push(&self, scope: &Scope, body: Bytes) -> Result<Answer, String> {
        let request = Request::post("/pubsub/push").body(Full::new(body)).map_err(|error| error.to_string())?;
        Ok(self.ingest.job(scope, request).await)
    }
}

/// What an answer says is wrong.
async fn told(answer: Answer) -> String {
    let status = answer.status();
    let body = http_body_util::Limited::new(answer.into_body(), PROBLEM_SIZE).collect().await;
    let said: Option<serde_json::Value> = body.ok().and_then(|body| serde_json::from_slice(&body.to_bytes()).ok());
    match said.as_ref().and_then(|said| said["detail"].as_str()) {
        Some(detail) => format!("{status}: {detail}"),
        None => status.to_string(),
    }
}

/// Goes with an answer: a quota is used up, and which. What was asked for cannot be done before that has changed.
#[derive(Clone)]
pub struct UsedUp(pub String);

/// Whose a message is that is pushed.
pub fn owner(body: &[u8]) -> Option<Scope> {
    Some(Scope::new(&astlas_capabilities::tenant(body)?.parse().ok()?))
}

/// A function, ready to be instantiated.
#[derive(Clone)]
pub struct Function {
    name: &'static str,
    engine: Engine,
    instances: Arc<ServicePre<State>>,
    shared: Arc<Shared>,
    /// Instances that work at once.
    room: Gate,
    places: usize,
    /// Where instances wait, if they do.
    warm: Option<Arc<Warm>>,
}

impl Function {
    /// Loads a function. Compiled code is kept in `folder`.
    pub fn load(
        engine: &Engine,
        artifact: &Artifact,
        folder: &Path,
        shared: &Arc<Shared>,
        gate: &GateSettings,
    ) -> Result<Self> {
        let component = artifact.load(engine, Some(folder))?;
        let mut linker = Linker::<State>::new(engine);
        // The nouns alone: there is no client to be had.
        p3::bindings::http::types::add_to_linker::<_, WasiHttp>(&mut linker, State::http)?;
        bindings::astlas::parser::parser::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::graph::graph::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::ranker::ranker::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::repomap::repomap::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::symbols::symbols::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::cache::cache::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::blobs::blobs::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::events::events::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        bindings::astlas::telemetry::telemetry::add_to_linker::<_, Imports>(&mut linker, |state| state)?;
        Ok(Self {
            name: artifact.name,
            engine: engine.clone(),
            instances: Arc::new(ServicePre::new(linker.instantiate_pre(&component)?)?),
            shared: shared.clone(),
            room: Gate::new(gate)?,
            places: gate.places,
            warm: None,
        })
    }

    /// The same with instances that stay open for the next question.
    pub fn with_warm(self, warm: Arc<Warm>) -> Self {
        Self { warm: Some(warm), ..self }
    }

    fn sample(&self) -> Sample {
        Sample::Instances { function: self.name, used: self.room.taken() as u64, limit: self.places as u64 }
    }

    /// Answers a tenant's request.
    pub async fn answer<B>(&self, scope: &Scope, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes, Error: Into<HttpError>> + Send + 'static,
    {
        let request = request.map(|body| body.map_err(Into::into).boxed_unsync());
        self.answer_within(scope, request, self.shared.http.time_limit(), Lanes::spawn).await
    }

    /// Has a tenant's job done.
    pub async fn job(&self, scope: &Scope, request: Request<Full<Bytes>>) -> Answer {
        let span = tracing::info_span!(target: "astlas", parent: None, "job", otel.kind = "consumer");
        self.ask(scope, request).instrument(span).await
    }

    /// Answers a request of our own for a tenant, which may take as long as a job.
    pub async fn ask(&self, scope: &Scope, request: Request<Full<Bytes>>) -> Answer {
        let request = request.map(|body| body.map_err(|never| match never {}).boxed_unsync());
        self.answer_within(scope, request, self.shared.http.job_limit(), Lanes::spawn_long).await
    }

    async fn answer_within(
        &self,
        scope: &Scope,
        request: Asked,
        limit: Duration,
        spawn: impl Fn(&Arc<Lanes>, Whose, Work) -> AbortOnDrop,
    ) -> Answer {
        let longest = self.shared.http.request_limit;
        if request.body().size_hint().lower() > longest {
            let detail = format!("the body is longer than {longest} bytes; send less at once");
            return problem(ProblemType::ContentTooLarge.with(detail));
        }
        let end = Instant::now() + limit;
        let looked = match &self.warm {
            Some(_) => timeout_at(end, affinity::repository(request)).await,
            None => Ok(Ok((request, None))),
        };
        let (request, repository) = match looked {
            Ok(Ok(looked)) => looked,
            Ok(Err(error)) => return problem(ProblemType::BodyCutShort.with(format!("{error}; send it again"))),
            Err(_) => return problem(no_answer(limit)),
        };
        let weight = self.shared.admission.limits.weight(scope.name());
        let place = match timeout_at(end, self.room.enter(scope.name(), weight)).await {
            Ok(Ok(place)) => place,
            Ok(Err(full)) => return admission::full(full),
            Err(_) => {
                let detail = format!("there was no place for {} s; try again later", limit.as_secs());
                return problem(ProblemType::Unavailable.with(detail));
            }
        };
        let span = tracing::info_span!(target: "astlas", "function", otel.name = self.name);
        let (answer, answered) = oneshot::channel();
        let whose = (scope.name().clone(), weight);
        let (function, scope, mut answer) = (self.clone(), scope.clone(), Some(answer));
        // A task of its own: the instance goes on after it answered, until the body is written.
        let work = async move {
            let _place = place;
            // Around the run: inside, nobody would look at the time while the function computes.
            let broken_off = match timeout_at(end, function.run(&scope, request, repository, &mut answer)).await {
                Ok(Ok(())) => return,
                Ok(Err(error)) => function.stopped(&error),
                Err(_) => {
                    function.shared.metrics.failed("time-limit");
                    problem(no_answer(limit))
                }
            };
            if let Some(answer) = answer.take() {
                let _ = answer.send(broken_off);
            }
        };
        // When the connection goes, this future does, and nobody wants the answer any more.
        let guard = spawn(&self.shared.lanes, whose, Box::pin(work.instrument(span)));
        let answer = answered.await;
        guard.disarm();
        answer.unwrap_or_else(|_| problem(ProblemType::StageFailed.with("the function stopped; see the log")))
    }

    /// What is answered where an instance stopped.
    fn stopped(&self, error: &wasmtime::Error) -> Answer {
        let metrics = &self.shared.metrics;
        if let Some(Exceeded(decision)) = error.downcast_ref() {
            metrics.failed("quota-exceeded");
            let mut answer = admission::exceeded(decision);
            answer.extensions_mut().insert(UsedUp(admission::reason(decision)));
            return answer;
        }
        match error.downcast_ref::<TooMuch>() {
            Some(too_much) => {
                metrics.failed("memory-limit");
                tracing::warn!(function = self.name, "{too_much}");
                match too_much {
                    TooMuch::Instance(_) => problem(ProblemType::StageFailed.with(too_much.to_string())),
                    TooMuch::Tenant(_) => admission::later(ProblemType::TooManyRequests.with(too_much.to_string())),
                    TooMuch::All(_) => admission::later(ProblemType::Unavailable.with(too_much.to_string())),
                }
            }
            None => {
                metrics.failed("function-stopped");
                tracing::error!(function = self.name, error = format!("{error:?}"), "a function stopped");
                problem(ProblemType::StageFailed.with("the function stopped before it had an answer; see the log"))
            }
        }
    }

    /// An instance that has this repository of the tenant's open, or a new one.
    async fn instance(&self, scope: &Scope, repository: Option<&str>) -> wasmtime::Result<Instance> {
        let waiting = self.warm.as_ref().zip(repository).and_then(|(warm, repository)| warm.take(repository));
        if let Some(mut instance) = waiting {
            instance.store.data_mut().begin(Span::current());
            return Ok(instance);
        }
        let mut store = Store::new(&self.engine, State::new(self.shared.clone(), scope.clone(), Span::current()));
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(CALL_LIMIT);
        store.epoch_deadline_async_yield_and_update(1);
        let instantiate = tracing::info_span!(target: "astlas", "instantiate");
        let service = self.instances.instantiate_async(&mut store).instrument(instantiate).await?;
        Ok(Instance { store, service, requests: 0 })
    }

    async fn run(
        &self,
        scope: &Scope,
        request: Asked,
        repository: Option<String>,
        answer: &mut Option<oneshot::Sender<Answer>>,
    ) -> wasmtime::Result<()> {
        // Repositories of two tenants may be called the same.
        let repository = repository.map(|repository| scope.full(&repository));
        let mut instance = self.instance(scope, repository.as_deref()).await?;
        let Instance { store, service, .. } = &mut instance;
        store.set_epoch_deadline(1);
        let http = &self.shared.http;
        let limited = |body| Limited::new(body, http.request_limit, HttpError::HttpRequestBodySize);
        let (request, received) = p3::Request::from_http(store.data_mut().http().hooks, request.map(limited));
        let run = store.run_concurrent(async |accessor| {
            let handle = tracing::info_span!(target: "astlas", "handle");
            let response = match service.handle(accessor, request).instrument(handle).await? {
                Ok(response) => accessor.with(|store| response.into_http(store, received))?,
                Err(code) => return Err(wasmtime::format_err!("the function answered with {code:?}")),
            };
            let limit = http.response_limit;
            if length_of(&response).is_some_and(|length| length > limit) {
                self.shared.metrics.failed("response-limit");
                let detail = format!("the answer is longer than {limit} bytes; ask for less at once");
                if let Some(answer) = answer.take() {
                    let _ = answer.send(problem(ProblemType::StageFailed.with(detail)));
                }
                return Ok(false);
            }
            let is_answered = response.status() == StatusCode::OK;
            let limited = |body| Limited::new(body, limit, HttpError::HttpResponseBodySize);
            let response = response.map(|body| limited(body).boxed_unsync());
            if let Some(answer) = answer.take() {
                // Whoever asked may have gone.
                let _ = answer.send(response);
            }
            // The body is still written. All in the store stops when this returns.
            poll_fn(|context| accessor.poll_no_interesting_tasks(context)).await;
            Ok(is_answered)
        });
        // One that refused has nothing open, or nothing that is there any more; one that was broken off still works.
        let is_answered = run.await??;
        if is_answered && let Some((warm, repository)) = self.warm.as_ref().zip(repository) {
            // What the request held is given back now, not with the next one.
            instance.store.data_mut().begin(Span::none());
            warm.give(repository, instance);
        }
        Ok(())
    }
}

fn no_answer(limit: Duration) -> Problem {
    ProblemType::Unavailable.with(format!("no answer within {} s", limit.as_secs()))
}

/// What is answered to a method that a page of the host does not have.
pub fn not_allowed(methods: &str) -> Problem {
    let problem = ProblemType::MethodNotAllowed.with(format!("ask with {methods}"));
    Problem { allow: Some(methods.into()), ..problem }
}

/// How long a response says it is.
fn length_of<B>(response: &Response<B>) -> Option<u64> {
    response.headers().get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// A problem of the host's own.
pub fn problem(problem: Problem) -> Answer {
    let kind = kind_of(&problem.body.r#type);
    let response = astlas_http::Response::from(problem);
    let mut answer =
        Response::new(Full::new(Bytes::from(response.body)).map_err(|never| match never {}).boxed_unsync());
    *answer.status_mut() = StatusCode::from_u16(response.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in response.headers {
        if let Ok(value) = http::HeaderValue::from_str(&value) {
            answer.headers_mut().insert(name, value);
        }
    }
    answer.extensions_mut().insert(Kind(kind));
    answer
}

/// The word of a problem's type; of few, whatever a function says.
fn kind_of(reference: &str) -> &'static str {
    let word = reference.strip_prefix("/docs#").unwrap_or_default();
    ProblemType::ALL.iter().map(|it| it.word()).find(|known| *known == word).unwrap_or("other")
}

/// An answer that says what kind of problem it is, if it is one.
pub async fn classified(answer: Answer) -> Answer {
    let is_problem =
        answer.headers().get(http::header::CONTENT_TYPE).is_some_and(|it| it == "application/problem+json");
    if !is_problem || answer.extensions().get::<Kind>().is_some() {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let Ok(body) = http_body_util::Limited::new(body, PROBLEM_SIZE).collect().await else {
        return problem(ProblemType::StageFailed.with("the function stopped before it had an answer; see the log"));
    };
    let body = body.to_bytes();
    let said: Option<serde_json::Value> = serde_json::from_slice(&body).ok();
    parts.extensions.insert(Kind(kind_of(said.as_ref().and_then(|it| it["type"].as_str()).unwrap_or_default())));
    Response::from_parts(parts, Full::new(body).map_err(|never| match never {}).boxed_unsync())
}

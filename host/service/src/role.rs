//! What the process is there for: to answer requests, to work on messages, or to ask one thing of itself.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use astlas_capabilities::{Blobs, pull};
use astlas_engine::Runtime;
use astlas_identity::{Registry, Tenant};
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use tokio::{
    net::TcpListener,
    task::{JoinError, JoinHandle},
};

use crate::{
    BLOBS, Configuration, Opened, Settings, Shared, TelemetrySettings, admission, dependencies,
    door::{self, Door, Doors},
    health::Health,
    open,
    scope::Scope,
    telemetry::Telemetry,
};

/// How often the queue has to be found empty, and how long after each other, to be empty: a message on its way from the
/// queue to its work is in neither.
const IDLE: u32 = 3;
const LOOK: Duration = Duration::from_millis(10);

/// Serves until a signal says stop; then what is under way is finished.
pub fn serve(settings: Settings, stages: Runtime) -> Result<()> {
    settings.configuration.check()?;
    let telemetry = settings.configuration.telemetry.clone();
    run(&telemetry, async || {
        let (listen, is_open) = (settings.configuration.listen, admission::is_open(&settings.configuration));
        let listener = bind(listen).await?;
        let opened = open(settings, stages).await?;
        let worker = Worker::start(&opened);
        let door = door(opened, Doors::All);
        tracing::info!("listening on http://{}", listener.local_addr()?);
        if is_open {
            tracing::info!("whoever reaches this address may do everything; [identity] says who may where others can");
        }
        door::serve(listener, door).await;
        // What was taken on may be in the queue of this process alone: it is done before the end, with the messages that
        // it leads to.
        tokio::select! {
            worked = worker.drained() => worked?,
            () = door::stopped() => tracing::warn!("told to stop again: jobs that wait are given up"),
        }
        Ok(())
    })
}

/// Who works on the messages of the queue in this process, if there is one.
struct Worker {
    shared: Arc<Shared>,
    /// Messages that are worked on.
    busy: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Worker {
    fn start(opened: &Opened) -> Self {
        let (functions, shared) = (opened.functions.clone(), opened.shared.clone());
        let busy = Arc::new(AtomicUsize::new(0));
        let (events, working) = (shared.clone(), busy.clone());
        let task = tokio::spawn(async move {
            let job = |message| {
                let (functions, busy) = (functions.clone(), working.clone());
                async move {
                    busy.fetch_add(1, Ordering::SeqCst);
                    let done = functions.job(message).await;
                    busy.fetch_sub(1, Ordering::SeqCst);
                    done
                }
            };
            let give_up = |message, why| {
                let (functions, busy) = (functions.clone(), working.clone());
                async move {
                    busy.fetch_add(1, Ordering::SeqCst);
                    let done = functions.give_up(message, why, false).await;
                    busy.fetch_sub(1, Ordering::SeqCst);
                    done
                }
            };
            events.capabilities.events.work(job, give_up).await;
        });
        Self { shared, busy, task }
    }

    /// Waits until what is in the queue is done, with the messages that it leads to.
    async fn drained(self) -> Result<(), JoinError> {
        let events = &self.shared.capabilities.events;
        // What failed is not waited for: it is tried once more, and then given up.
        events.hurry();
        let mut idle = 0;
        while idle < IDLE {
            let is_idle = events.waiting().unwrap_or(0) == 0 && self.busy.load(Ordering::SeqCst) == 0;
            idle = if is_idle { idle + 1 } else { 0 };
            tokio::time::sleep(LOOK).await;
        }
        events.close();
        self.task.await
    }
}

/// Works on the messages of a subscription until a signal says stop; then what is under way is finished. Where an address
/// is given, health and metrics can be asked there.
pub fn work(settings: Settings, stages: Runtime, listen: Option<SocketAddr>) -> Result<()> {
    settings.configuration.check()?;
    let telemetry = settings.configuration.telemetry.clone();
    run(&telemetry, async || {
        let subscription = pull(&settings.configuration.events)?;
        let listener = match listen {
            Some(listen) => Some(bind(listen).await?),
            None => None,
        };
        let opened = open(settings, stages).await?;
        let functions = opened.functions.clone();
        let at_once = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        if let Some(listener) = listener {
            tracing::info!("listening on http://{}", listener.local_addr()?);
            tokio::spawn(door::serve(listener, door(opened, Doors::Pages)));
        }
        tracing::info!("waiting for messages");
        let job = move |message| {
            let functions = functions.clone();
            async move { functions.job(message).await }
        };
        subscription.run(at_once, job, door::stopped()).await;
        Ok(())
    })
}

/// What the write side is asked.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the parts of a request")]
pub struct Question<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub body: &'a str,
}

/// What it answers for one tenant.
#[derive(Clone, Debug)]
#[allow(missing_docs, reason = "the parts of an answer")]
pub struct Answered {
    pub tenant: Tenant,
    pub status: u16,
    pub body: Bytes,
}

/// Asks the write side for one thing, for this tenant or, one after the other, for all that are known.
pub fn ask(
    settings: Settings,
    stages: Runtime,
    whose: Option<&Tenant>,
    question: Question<'_>,
) -> Result<Vec<Answered>> {
    settings.configuration.check()?;
    let telemetry = settings.configuration.telemetry.clone();
    run(&telemetry, async || {
        let opened = open(settings, stages).await?;
        let tenants = match whose {
            Some(tenant) => {
                let is_known = opened.shared.admission.is_known(tenant).await?;
                ensure!(
                    is_known,
                    "nothing belongs to a tenant {tenant}; `astlas tenants list` has the tenants that were made"
                );
                BTreeSet::from([tenant.clone()])
            }
            None => opened.shared.admission.tenants().await?,
        };
        let mut answers = vec![];
        for tenant in tenants {
            let Question { method, path, body } = question;
            let request = Request::builder().method(method).uri(path).body(Full::new(body.to_owned().into()))?;
            let (head, body) = opened.functions.ingest.ask(&Scope::new(&tenant), request).await.into_parts();
            let body = body.collect().await.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
            answers.push(Answered { tenant, status: head.status.as_u16(), body: body.to_bytes() });
        }
        if opened.shared.capabilities.events.waiting().is_some_and(|waiting| waiting > 0) {
            // What it led to is in the queue of this process alone.
            Worker::start(&opened).drained().await?;
        }
        Ok(answers)
    })
}

/// Lets somebody look after tenants and keys, where the service keeps them.
pub fn administer<T>(
    configuration: &Configuration,
    cache: &astlas_cache::Settings,
    work: impl AsyncFnOnce(&Registry) -> Result<T>,
) -> Result<T> {
    run(&configuration.telemetry, async || {
        let folder = cache.directory.join(BLOBS);
        let blobs = Blobs::open(&configuration.blobs, &configuration.forge, folder)?;
        work(&Registry::new(Arc::new(blobs), &configuration.identity)).await
    })
}

fn run<T>(telemetry: &TelemetrySettings, role: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
    // Before anything connects.
    astlas_capabilities::install_crypto();
    // Outlives the runtime: its rest is sent where nothing asynchronous runs any more.
    let _telemetry = Telemetry::start(telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(role());
    // A stage that still computes does so for nobody.
    runtime.shutdown_background();
    ended
}

async fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).await.with_context(|| format!("{listen}: cannot listen; give another --listen"))
}

fn door(opened: Opened, doors: Doors) -> Arc<Door> {
    let Opened { shared, functions, events } = opened;
    let health = Health::new(dependencies::all(&shared), shared.stages.clone(), shared.metrics.clone());
    let doors = if events.topic.is_none() && doors == Doors::All { Doors::NoPush } else { doors };
    Arc::new(Door::new(functions, &shared, health, doors))
}

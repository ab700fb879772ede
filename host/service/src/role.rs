//! What the process is there for: to answer requests, to work on messages, or to ask one thing of itself.

use std::{
    net::SocketAddr,
    num::NonZeroUsize,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result};
use astlas_capabilities::pull;
use astlas_engine::Runtime;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use tokio::net::TcpListener;

use crate::{
    Opened, Settings, dependencies,
    door::{self, Door, Doors},
    health::Health,
    open,
    telemetry::Telemetry,
};

/// How often the queue has to be found empty, and how long after each other, to be empty: a message on its way from the
/// queue to its work is in neither.
const IDLE: u32 = 3;
const LOOK: Duration = Duration::from_millis(10);

/// Serves until a signal says stop; then what is under way is finished.
pub fn serve(settings: Settings, stages: Runtime) -> Result<()> {
    run(settings, async |settings| {
        let listen = settings.configuration.listen;
        let listener = bind(listen).await?;
        let opened = open(settings, stages).await?;
        let (functions, shared) = (opened.functions.clone(), opened.shared.clone());
        let busy = Arc::new(AtomicUsize::new(0));
        let working = busy.clone();
        let worker = tokio::spawn(async move {
            let job = |message| {
                let (functions, busy) = (functions.clone(), working.clone());
                async move {
                    busy.fetch_add(1, Ordering::SeqCst);
                    let done = functions.job(message).await;
                    busy.fetch_sub(1, Ordering::SeqCst);
                    done
                }
            };
            shared.capabilities.events.work(job).await;
        });
        let shared = opened.shared.clone();
        let door = door(opened, Doors::All);
        tracing::info!("listening on http://{}", listener.local_addr()?);
        door::serve(listener, door).await;
        // What was taken on may be in the queue of this process alone: it is done before the end, with the messages that
        // it leads to.
        let drained = async {
            let mut idle = 0;
            while idle < IDLE {
                let is_idle =
                    shared.capabilities.events.waiting().unwrap_or(0) == 0 && busy.load(Ordering::SeqCst) == 0;
                idle = if is_idle { idle + 1 } else { 0 };
                tokio::time::sleep(LOOK).await;
            }
            shared.capabilities.events.close();
            worker.await
        };
        tokio::select! {
            worked = drained => worked?,
            () = door::stopped() => tracing::warn!("told to stop again: jobs that wait are given up"),
        }
        Ok(())
    })
}

/// Works on the messages of a subscription until a signal says stop; then what is under way is finished. Where an address
/// is given, health and metrics can be asked there.
pub fn work(settings: Settings, stages: Runtime, listen: Option<SocketAddr>) -> Result<()> {
    run(settings, async |settings| {
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

/// Asks the write side for one thing: what status and body it answers with.
pub fn ask(settings: Settings, stages: Runtime, method: &str, path: &str, body: String) -> Result<(u16, Bytes)> {
    let request = Request::builder().method(method).uri(path).body(Bytes::from(body))?;
    run(settings, async |settings| {
        let opened = open(settings, stages).await?;
        let (head, body) = opened.functions.ingest.ask(request.map(Full::new)).await.into_parts();
        let body = body.collect().await.map_err(|error| anyhow::anyhow!("the answer broke off: {error}"))?;
        Ok((head.status.as_u16(), body.to_bytes()))
    })
}

fn run<T>(settings: Settings, role: impl AsyncFnOnce(Settings) -> Result<T>) -> Result<T> {
    // Before anything connects.
    astlas_capabilities::install_crypto();
    // Outlives the runtime: its rest is sent where nothing asynchronous runs any more.
    let _telemetry = Telemetry::start(&settings.configuration.telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(role(settings));
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

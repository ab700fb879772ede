//! The service: the HTTP functions behind a port.
//!
//! A request becomes an instance of its function, which reaches what [`Shared`] offers and nothing else: the stages,
//! each in a sandbox of its own, and the capabilities, by configuration.

mod bindings;
mod body;
mod capabilities;
mod configuration;
mod dependencies;
mod docs;
mod door;
mod function;
mod health;
mod job_events;
mod metrics;
mod observe;
mod pages;
mod route;
mod sizes;
mod stages;
mod state;
mod telemetry;

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use astlas_capabilities::Capabilities;
use astlas_engine::{Artifact, Runtime, config};
use tokio::net::TcpListener;
use wasmtime::Engine;

pub use configuration::{
    Configuration, ConfigurationError, DEFAULTS, HttpSettings, Layers, Level, LogForm, Origin, TelemetrySettings,
};
pub use health::{Checked, Dependency};
pub use metrics::{Sample, Source};

use door::Door;
use function::{Function, Functions};
use health::Health;
use metrics::Metrics;
use telemetry::Telemetry;

/// What the service is made of.
pub struct Settings {
    /// What it was told.
    pub configuration: Configuration,
    /// How the embedded cache is opened; compiled functions are kept in its folder in any case.
    pub cache: astlas_cache::Settings,
    /// The read side.
    pub query: Artifact,
    /// The write side.
    pub ingest: Artifact,
}

/// What every request shares.
pub struct Shared {
    stages: Arc<Runtime>,
    capabilities: Capabilities,
    started: Instant,
    http: HttpSettings,
    metrics: Arc<Metrics>,
}

/// How often code that computes lets others run, and time limits are looked at.
const TICK: Duration = Duration::from_millis(10);

/// Serves until a signal says stop; then what is under way is finished.
pub fn serve(settings: Settings, stages: Runtime) -> Result<()> {
    // Before anything connects.
    astlas_capabilities::install_crypto();
    // Outlives the runtime: its rest is sent where nothing asynchronous runs any more.
    let _telemetry = Telemetry::start(&settings.configuration.telemetry)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(run(settings, stages))
}

async fn run(settings: Settings, stages: Runtime) -> Result<()> {
    let (capabilities, pushes) = (settings.configuration.capabilities(), settings.configuration.events.topic.is_some());
    let Configuration { listen, http, .. } = settings.configuration;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("{listen}: cannot listen; give another --listen"))?;
    let components = settings.cache.components();
    let blobs = settings.cache.directory.join("blobs");
    let shared = Arc::new(Shared {
        stages: Arc::new(stages),
        capabilities: Capabilities::open(capabilities, settings.cache, blobs).await?,
        started: Instant::now(),
        http,
        metrics: Arc::new(Metrics::new()?),
    });
    let engine = config::function_engine()?;
    let load = |artifact: &Artifact| Function::load(&engine, artifact, &components, &shared);
    let functions = Arc::new(Functions { query: load(&settings.query)?, ingest: load(&settings.ingest)? });
    let counted = functions.clone();
    shared.metrics.add(move || counted.samples());
    tick(&engine);
    let sizes = sizes::measure(&shared);
    let worker = tokio::spawn(work(shared.clone(), functions.clone()));
    let health = Health::new(dependencies::all(&shared), shared.stages.clone(), shared.metrics.clone());
    let door = Door::new(functions, &shared, health, pushes);
    tracing::info!("listening on http://{}", listener.local_addr()?);
    door::serve(listener, Arc::new(door)).await;
    // What was taken on is in the queue of this process alone: it is done before the end.
    shared.capabilities.events.close();
    worker.await?;
    sizes.abort();
    Ok(())
}

/// Has what waits in the queue of this process done by the write side.
async fn work(shared: Arc<Shared>, functions: Arc<Functions>) {
    let job = |body| {
        let functions = functions.clone();
        async move { functions.job(body).await }
    };
    shared.capabilities.events.work(job).await;
}

/// Moves the engine's clock on, for as long as there is an engine.
fn tick(engine: &Engine) {
    let engine = engine.weak();
    std::thread::spawn(move || {
        while let Some(engine) = engine.upgrade() {
            engine.increment_epoch();
            drop(engine);
            std::thread::sleep(TICK);
        }
    });
}

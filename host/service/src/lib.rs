//! The service: the HTTP functions behind a port.
//!
//! A request becomes an instance of its function, which reaches what [`Shared`] offers and nothing else: the stages,
//! each in a sandbox of its own, and the capabilities.

mod affinity;
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
mod role;
mod route;
mod sizes;
mod stages;
mod state;
mod telemetry;
mod warm;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use anyhow::Result;
use astlas_capabilities::{Capabilities, EventsSettings};
use astlas_engine::{Artifact, Runtime, config};
use wasmtime::Engine;

pub use configuration::{
    Configuration, ConfigurationError, DEFAULTS, FunctionsSettings, HttpSettings, Layers, Level, LogForm, Origin,
    TelemetrySettings,
};
pub use health::{Checked, Dependency};
pub use metrics::{Sample, Source};

pub use role::{ask, serve, work};

use function::{Function, Functions};
use metrics::Metrics;
use warm::Warm;

/// What the service is made of.
pub struct Settings {
    /// What it was told.
    pub configuration: Configuration,
    /// How the cache is opened.
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
/// How often is looked for instances that waited for too long.
const LOOK: Duration = Duration::from_secs(30);

/// Functions that are ready for requests, and what they share.
struct Opened {
    shared: Arc<Shared>,
    functions: Arc<Functions>,
    events: EventsSettings,
}

async fn open(settings: Settings, stages: Runtime) -> Result<Opened> {
    let components = settings.cache.components();
    let blobs = settings.cache.directory.join("blobs");
    let capabilities = settings.configuration.capabilities();
    let Configuration { http, events, functions, .. } = settings.configuration;
    let shared = Arc::new(Shared {
        stages: Arc::new(stages),
        capabilities: Capabilities::open(capabilities, settings.cache, blobs).await?,
        started: Instant::now(),
        http,
        metrics: Arc::new(Metrics::new()?),
    });
    let engine = config::function_engine()?;
    let load = |artifact: &Artifact| Function::load(&engine, artifact, &components, &shared);
    let warm = Arc::new(Warm::new(functions.warm_bytes));
    let query = load(&settings.query)?.with_warm(warm.clone());
    let functions = Arc::new(Functions { query, ingest: load(&settings.ingest)? });
    let (counted, waiting) = (functions.clone(), warm.clone());
    shared.metrics.add(move || [counted.samples(), vec![waiting.sample()]].concat());
    expire(Arc::downgrade(&warm));
    sizes::measure(&shared);
    tick(&engine);
    Ok(Opened { shared, functions, events })
}

/// Lets instances go that nobody asks for, for as long as there may be some.
fn expire(warm: Weak<Warm>) {
    tokio::spawn(async move {
        while let Some(warm) = warm.upgrade() {
            warm.expire();
            drop(warm);
            tokio::time::sleep(LOOK).await;
        }
    });
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

//! The service: the HTTP functions behind a port.
//!
//! A request becomes an instance of its function, which reaches what [`Shared`] offers and nothing else: the stages,
//! each in a sandbox of its own, and the capabilities.

mod account;
mod admission;
mod affinity;
mod bindings;
mod body;
mod capabilities;
mod configuration;
mod dependencies;
mod docs;
mod document;
mod door;
mod function;
mod health;
mod job_events;
mod lane;
mod memory;
mod metrics;
mod observe;
mod pages;
mod questions;
mod role;
mod route;
mod scope;
mod sizes;
mod stages;
mod state;
mod sweep;
mod telemetry;
mod warm;

use std::{
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use anyhow::Result;
use astlas_capabilities::{Capabilities, EventsSettings};
use astlas_engine::{
    Artifact, Runtime,
    config::{self, WORKING_INSTANCES},
};
use astlas_limits::{Gate, GateSettings};
use wasmtime::Engine;

pub use configuration::{
    Configuration, ConfigurationError, DEFAULTS, FunctionsSettings, HttpSettings, Layers, Level, LogForm, Origin,
    TelemetrySettings,
};
pub use health::{Checked, Dependency};
pub use metrics::{Sample, Source};

pub use role::{Answered, Question, administer, ask, serve, work};

use admission::Admission;
use function::{Function, Functions};
use lane::Lanes;
use memory::Memories;
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
    admission: Admission,
    /// Places of those who follow jobs.
    followers: Gate,
    /// Places of bodies that the host reads as a whole before anything else bounds them.
    bodies: Gate,
    lanes: Arc<Lanes>,
    memories: Arc<Memories>,
}

/// Instances of one function that may work at once.
const ROOM: usize = WORKING_INSTANCES as usize;
/// How often code that computes lets others run, and time limits are looked at.
const TICK: Duration = Duration::from_millis(2);
/// Those who follow jobs, each over a connection for as long as a job may take. More are refused.
const FOLLOWERS: GateSettings = GateSettings { places: 1000, tenant_places: Some(100), waiting: 0, tenant_waiting: 0 };
/// Bodies of up to 25 MB that are read as a whole by the host at once. Others wait outside.
const BODIES: GateSettings = GateSettings { places: 16, tenant_places: Some(4), waiting: 1000, tenant_waiting: 100 };
/// Where large values are in the cache's folder, unless they are kept elsewhere.
const BLOBS: &str = "blobs";
/// How often is looked for instances that waited for too long.
const LOOK: Duration = Duration::from_secs(30);

/// Functions that are ready for requests, and what they share.
struct Opened {
    shared: Arc<Shared>,
    functions: Arc<Functions>,
    events: EventsSettings,
}

impl Shared {
    /// Opens what the configuration names.
    async fn open(configuration: Configuration, cache: astlas_cache::Settings, stages: Runtime) -> Result<Self> {
        let blobs = cache.directory.join(BLOBS);
        let capabilities = Capabilities::open(configuration.capabilities(), cache, blobs).await?;
        let admission = Admission::open(&configuration, capabilities.blobs.clone()).await?;
        Ok(Self {
            stages: Arc::new(stages),
            capabilities,
            started: Instant::now(),
            memories: Memories::new(&configuration.functions),
            http: configuration.http,
            metrics: Arc::new(Metrics::new()?),
            admission,
            followers: Gate::new(&FOLLOWERS)?,
            bodies: Gate::new(&BODIES)?,
            lanes: Arc::new(Lanes::new()?),
        })
    }
}

async fn open(settings: Settings, stages: Runtime) -> Result<Opened> {
    let components = settings.cache.components();
    let Configuration { events, functions, gate, .. } = settings.configuration.clone();
    let shared = Arc::new(Shared::open(settings.configuration, settings.cache, stages).await?);
    let engine = config::function_engine()?;
    let load = |artifact: &Artifact| Function::load(&engine, artifact, &components, &shared, &gate);
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

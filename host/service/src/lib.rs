//! The service: the HTTP functions behind a port.
//!
//! A request becomes an instance of its function, which reaches what [`Shared`] offers and nothing else: the stages,
//! each in a sandbox of its own, and the capabilities. All of it works with no server at all: the cache is a SQLite
//! file, blobs are files in a folder, events a queue in this process.

mod bindings;
mod blobs;
mod body;
mod cache;
mod capabilities;
mod door;
mod function;
mod queue;
mod stages;
mod state;

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use astlas_engine::{Artifact, Runtime, config};
use tokio::net::TcpListener;
use wasmtime::Engine;

use function::{Function, Functions};

/// What the service is made of.
pub struct Settings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Folder of blobs.
    pub blobs: PathBuf,
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
    cache: cache::Shared,
    blobs: blobs::Folder,
    queue: queue::Queue,
    started: Instant,
}

/// How often code that computes lets others run, and time limits are looked at.
const TICK: Duration = Duration::from_millis(10);

/// Serves until a signal says stop; then what is under way is finished. `ready` is told where it listens.
pub fn serve(settings: Settings, stages: Runtime, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(settings.listen)
            .await
            .with_context(|| format!("{}: cannot listen; give another --listen", settings.listen))?;
        let components = settings.cache.components();
        let (queue, messages) = queue::queue();
        let shared = Arc::new(Shared {
            stages: Arc::new(stages),
            cache: cache::Shared::open(settings.cache),
            blobs: blobs::Folder::new(settings.blobs),
            queue,
            started: Instant::now(),
        });
        let engine = config::function_engine()?;
        let load = |artifact: &Artifact| Function::load(&engine, artifact, &components, &shared);
        let functions = Arc::new(Functions { query: load(&settings.query)?, ingest: load(&settings.ingest)? });
        tick(&engine);
        let worker = tokio::spawn(queue::work(messages, functions.clone()));
        ready(listener.local_addr()?);
        door::serve(listener, functions).await;
        // What was taken on is in the queue of this process alone: it is done before the end.
        shared.queue.close();
        worker.await?;
        Ok(())
    })
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

//! The stages as wasmtime runs them.
//!
//! Every call goes to an instance that nobody else uses meanwhile; an instance that trapped is thrown away. What a call
//! may take is bounded: its memory here, its work by the counter built into every component.

use std::{
    path::PathBuf,
    sync::{Mutex, OnceLock},
    thread,
};

use astlas_atlas::ports::StageError;
use wasmtime::{
    Engine, Store, StoreLimits, StoreLimitsBuilder, Trap,
    component::{Component, Linker},
};

use crate::{
    artifact::{Artifact, LoadError},
    bindings::{World, graph, parser, ranker, repomap, symbols},
    config::{self, MEMORY_LIMIT},
};

/// Most bytes a single call may hand to the host: a graph of a very large repository.
const ANSWER_LIMIT: usize = 1 << 30;

/// Runs the stages.
pub struct Runtime {
    engine: Engine,
    folder: Option<PathBuf>,
    pub(crate) revision: String,
    pub(crate) threads: usize,
    pub(crate) parser: Stage<parser::ParserComponent>,
    pub(crate) graph: Stage<graph::GraphComponent>,
    pub(crate) ranker: Stage<ranker::RankerComponent>,
    pub(crate) repomap: Stage<repomap::RepomapComponent>,
    pub(crate) symbols: Stage<symbols::SymbolsComponent>,
}

/// One stage: loaded on first use; its idle instances.
pub(crate) struct Stage<B> {
    artifact: Artifact,
    loaded: OnceLock<Result<Component, StageError>>,
    idle: Mutex<Vec<Instance<B>>>,
}

struct Instance<B> {
    store: Store<StoreLimits>,
    bindings: B,
}

impl<B> Stage<B> {
    fn new(artifact: Artifact) -> Self {
        Self { artifact, loaded: OnceLock::new(), idle: Mutex::new(vec![]) }
    }
}

/// Artifacts of the five stages.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "named like the stages")]
pub struct Artifacts {
    pub parser: Artifact,
    pub graph: Artifact,
    pub ranker: Artifact,
    pub repomap: Artifact,
    pub symbols: Artifact,
}

impl Artifacts {
    /// All of them.
    pub fn all(&self) -> [&Artifact; 5] {
        [&self.parser, &self.graph, &self.ranker, &self.repomap, &self.symbols]
    }
}

impl Runtime {
    /// A runtime over these artifacts. `folder` is where compiled code may be kept; `threads` run the parser (0: one for
    /// each core).
    pub fn new(artifacts: Artifacts, folder: Option<PathBuf>, threads: usize) -> Result<Self, LoadError> {
        let engine = config::engine().map_err(|error| LoadError { name: "engine", message: format!("{error:#}") })?;
        let mut revision = blake3::Hasher::new();
        for artifact in artifacts.all() {
            revision.update(artifact.digest.as_bytes());
        }
        let threads = if threads == 0 { thread::available_parallelism().map_or(1, usize::from) } else { threads };
        Ok(Self {
            engine,
            folder,
            revision: revision.finalize().to_hex()[..16].to_owned(),
            threads,
            parser: Stage::new(artifacts.parser),
            graph: Stage::new(artifacts.graph),
            ranker: Stage::new(artifacts.ranker),
            repomap: Stage::new(artifacts.repomap),
            symbols: Stage::new(artifacts.symbols),
        })
    }

    /// Calls a stage in an instance of its own; keeps the instance unless the call trapped.
    pub(crate) fn call<B: World, R>(
        &self,
        stage: &Stage<B>,
        call: impl FnOnce(&B, &mut Store<StoreLimits>) -> wasmtime::Result<R>,
    ) -> Result<R, StageError> {
        let name = stage.artifact.name;
        let failed = |error: wasmtime::Error| StageError { stage: name, message: reason(&error) };
        let idle = stage.idle.lock().map(|mut idle| idle.pop()).unwrap_or_default();
        let mut instance = match idle {
            Some(instance) => instance,
            None => {
                let component = stage.loaded.get_or_init(|| {
                    let error = |error: LoadError| StageError { stage: name, message: error.message };
                    stage.artifact.load(&self.engine, self.folder.as_deref()).map_err(error)
                });
                let component = component.as_ref().map_err(Clone::clone)?;
                let limits = StoreLimitsBuilder::new().memory_size(MEMORY_LIMIT).trap_on_grow_failure(false).build();
                let mut store = Store::new(&self.engine, limits);
                store.limiter(|limits| limits);
                store.set_hostcall_fuel(ANSWER_LIMIT);
                // Nothing is added to the linker: a component that imports anything does not instantiate.
                let bindings = B::instantiate(&mut store, component, &Linker::new(&self.engine)).map_err(failed)?;
                Instance { store, bindings }
            }
        };
        let answer = call(&instance.bindings, &mut instance.store).map_err(failed)?;
        if let Ok(mut idle) = stage.idle.lock() {
            idle.push(instance);
        }
        Ok(answer)
    }
}

/// How a call ended, in words a user can act on.
fn reason(error: &wasmtime::Error) -> String {
    match error.downcast_ref::<Trap>() {
        // The counter of the component traps this way; so does a panic inside it.
        Some(Trap::UnreachableCodeReached) => {
            "stopped: the work bound of the call was reached, or the component gave up".into()
        }
        Some(Trap::StackOverflow) => "stopped: nested too deeply".into(),
        Some(trap) => format!("stopped: {trap}"),
        None => format!("{error:#}"),
    }
}

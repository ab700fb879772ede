//! The stages as wasmtime runs them.
//!
//! Every call goes to an instance that nobody else uses meanwhile; an instance that trapped is thrown away. What a call
//! may take is bounded: its memory here, its work by the counter built into every component. Whoever caused a call to end
//! without an answer is told apart: what a component did with its input it would do again, what the host lacked it may
//! have the next time.

use std::{
    path::PathBuf,
    sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError},
    thread,
};

use astlas_atlas::ports::StageError;
use wasmtime::{
    Engine, Store, Trap,
    component::{Component, Linker},
};

use crate::{
    artifact::{Artifact, LoadError},
    bindings::{World, graph, parser, ranker, repomap, symbols},
    bounds::{Bounds, Ended, Watch},
    config::{self, MEMORY_LIMIT},
    foreign::LanguageComponent,
};

/// Most bytes a single call may hand to the host: a graph of a very large repository.
const ANSWER_LIMIT: usize = 1 << 30;

/// Runs the stages. A clone shares everything but who watches.
#[derive(Clone)]
pub struct Runtime {
    pub(crate) loaded: Arc<Loaded>,
    pub(crate) revision: String,
    pub(crate) languages: Arc<[LanguageComponent]>,
    watch: Option<Arc<dyn Watch>>,
}

/// The stages, as far as they were used.
pub(crate) struct Loaded {
    engine: Engine,
    folder: Option<PathBuf>,
    pub(crate) threads: usize,
    room: Room,
    pub(crate) parser: Stage<parser::ParserComponent>,
    pub(crate) graph: Stage<graph::GraphComponent>,
    pub(crate) ranker: Stage<ranker::RankerComponent>,
    pub(crate) repomap: Stage<repomap::RepomapComponent>,
    pub(crate) symbols: Stage<symbols::SymbolsComponent>,
}

/// Room for instances that work. More calls than that wait: the pool would refuse them.
struct Room {
    left: Mutex<u32>,
    given_back: Condvar,
}

impl Room {
    fn new(places: u32) -> Self {
        Self { left: Mutex::new(places), given_back: Condvar::new() }
    }

    fn enter(&self) -> Place<'_> {
        let left = self.given_back.wait_while(self.left(), |left| *left == 0);
        *left.unwrap_or_else(PoisonError::into_inner) -= 1;
        Place(self)
    }

    fn left(&self) -> MutexGuard<'_, u32> {
        self.left.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Room for one.
struct Place<'a>(&'a Room);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        *self.0.left() += 1;
        self.0.given_back.notify_one();
    }
}

/// One stage: loaded on first use; its idle instances.
pub(crate) struct Stage<B> {
    artifact: Artifact,
    loaded: OnceLock<Result<Component, StageError>>,
    idle: Mutex<Vec<Instance<B>>>,
}

pub(crate) struct Instance<B> {
    pub(crate) store: Store<Bounds>,
    pub(crate) bindings: B,
}

impl<B> Stage<B> {
    fn new(artifact: Artifact) -> Self {
        Self { artifact, loaded: OnceLock::new(), idle: Mutex::new(vec![]) }
    }

    fn drop_idle(&self) {
        while let Some(instance) = self.take_idle() {
            drop(instance);
        }
    }

    fn take_idle(&self) -> Option<Instance<B>> {
        self.idle.lock().map(|mut idle| idle.pop()).unwrap_or_default()
    }
}

/// Why a call has no answer.
#[derive(Debug)]
pub(crate) enum CallError {
    /// The component stopped: it trapped, or ran into a bound. In a fresh instance it would again, on the same input.
    Stopped(StageError),
    /// The host could not run it: it does not load, or there is no memory for it. This says nothing about the input.
    NotRun(StageError),
}

impl From<CallError> for StageError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Stopped(error) | CallError::NotRun(error) => error,
        }
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
        let threads = if threads == 0 { thread::available_parallelism().map_or(1, usize::from) } else { threads };
        let engine = config::engine(threads).map_err(|error| LoadError {
            name: "engine",
            message: format!("{error:#}; if the address space is limited (`ulimit -v`), raise the limit"),
        })?;
        let mut revision = blake3::Hasher::new();
        for artifact in artifacts.all() {
            revision.update(artifact.digest.as_bytes());
        }
        let loaded = Loaded {
            engine,
            folder,
            threads,
            room: Room::new(config::instances(threads)),
            parser: Stage::new(artifacts.parser),
            graph: Stage::new(artifacts.graph),
            ranker: Stage::new(artifacts.ranker),
            repomap: Stage::new(artifacts.repomap),
            symbols: Stage::new(artifacts.symbols),
        };
        let revision = revision.finalize().to_hex()[..16].to_owned();
        Ok(Self { loaded: Arc::new(loaded), revision, languages: Arc::new([]), watch: None })
    }

    /// The same with languages that are not built in. Their files are found before those of built-in languages, and
    /// what they yield is kept for exactly these components.
    #[must_use]
    pub fn with_languages(mut self, languages: Vec<LanguageComponent>) -> Self {
        if !languages.is_empty() {
            let mut revision = blake3::Hasher::new();
            revision.update(self.revision.as_bytes());
            for component in &languages {
                revision.update(component.digest().as_bytes());
            }
            self.revision = revision.finalize().to_hex()[..16].to_owned();
        }
        self.languages = languages.into();
        self
    }

    /// The same stages; their calls are watched. Languages that are not built in end by their own bound alone.
    #[must_use]
    pub fn watched_by(&self, watch: Arc<dyn Watch>) -> Self {
        Self { watch: Some(watch), ..self.clone() }
    }

    /// Calls a stage in an instance of its own; keeps the instance unless the call failed.
    pub(crate) fn call<B: World, R>(
        &self,
        stage: &Stage<B>,
        call: impl FnOnce(&B, &mut Store<Bounds>) -> wasmtime::Result<R>,
    ) -> Result<R, CallError> {
        self.call_in(stage.take_idle(), stage, call)
    }

    /// As [`Runtime::call`], in an instance that has seen no other input: how the call ends depends on this one alone.
    pub(crate) fn call_fresh<B: World, R>(
        &self,
        stage: &Stage<B>,
        call: impl FnOnce(&B, &mut Store<Bounds>) -> wasmtime::Result<R>,
    ) -> Result<R, CallError> {
        // It takes the place of another one, so that there are never more instances than threads.
        drop(stage.take_idle());
        self.call_in(None, stage, call)
    }

    fn call_in<B: World, R>(
        &self,
        idle: Option<Instance<B>>,
        stage: &Stage<B>,
        call: impl FnOnce(&B, &mut Store<Bounds>) -> wasmtime::Result<R>,
    ) -> Result<R, CallError> {
        if self.watch.as_ref().is_some_and(|watch| watch.look().is_break()) {
            return Err(failure(stage.artifact.name, &Ended.into()));
        }
        let _place = self.loaded.room.enter();
        let mut instance = match idle {
            Some(instance) => instance,
            // Where there is no room, others may wait that are not needed.
            None => self.instantiate(stage).or_else(|_| self.after_the_idle(stage)).map_err(CallError::NotRun)?,
        };
        instance.store.data_mut().watched_by(self.watch.clone());
        let answer =
            call(&instance.bindings, &mut instance.store).map_err(|error| failure(stage.artifact.name, &error))?;
        instance.store.data_mut().watched_by(None);
        if let Ok(mut idle) = stage.idle.lock() {
            idle.push(instance);
        }
        Ok(answer)
    }

    fn after_the_idle<B: World>(&self, stage: &Stage<B>) -> Result<Instance<B>, StageError> {
        let Loaded { parser, graph, ranker, repomap, symbols, .. } = &*self.loaded;
        parser.drop_idle();
        graph.drop_idle();
        ranker.drop_idle();
        repomap.drop_idle();
        symbols.drop_idle();
        self.instantiate(stage)
    }

    pub(crate) fn instantiate<B: World>(&self, stage: &Stage<B>) -> Result<Instance<B>, StageError> {
        let name = stage.artifact.name;
        let component = stage.loaded.get_or_init(|| {
            let error = |error: LoadError| StageError { stage: name, message: error.message };
            stage.artifact.load(&self.loaded.engine, self.loaded.folder.as_deref()).map_err(error)
        });
        let component = component.as_ref().map_err(Clone::clone)?;
        let mut store = Store::new(&self.loaded.engine, Bounds::new());
        store.limiter(|bounds| bounds);
        store.set_hostcall_fuel(ANSWER_LIMIT);
        // Nothing is added to the linker: a component that imports anything does not instantiate.
        let bindings = B::instantiate(&mut store, component, &Linker::new(&self.loaded.engine))
            .map_err(|error| StageError { stage: name, message: format!("{error:#}") })?;
        Ok(Instance { store, bindings })
    }
}

/// How wasmtime begins to say that a memory would outgrow its limit. It has no type for that; a test holds on to the
/// words.
const BEYOND_LIMIT: &str = "forcing trap when growing memory";

/// Who caused a call to fail, and how it ended, in words a user can act on.
pub(crate) fn failure(stage: &'static str, error: &wasmtime::Error) -> CallError {
    let stopped = |how: &str| CallError::Stopped(StageError { stage, message: format!("stopped: {how}") });
    if error.is::<Ended>() {
        return CallError::NotRun(StageError { stage, message: Ended.to_string() });
    }
    match error.downcast_ref::<Trap>() {
        // The counter of the component traps this way; so does a panic inside it.
        Some(Trap::UnreachableCodeReached) => {
            stopped("the work bound of the call was reached, or the component gave up")
        }
        Some(Trap::StackOverflow) => stopped("nested too deeply"),
        Some(trap) => stopped(&trap.to_string()),
        None if error.root_cause().to_string().starts_with(BEYOND_LIMIT) => {
            stopped(&format!("it takes more than the limit of {} MiB of memory", MEMORY_LIMIT >> 20))
        }
        None => CallError::NotRun(StageError { stage, message: format!("{:#}", error.root_cause()) }),
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::ResourceLimiter;

    use super::*;

    fn stopped(error: wasmtime::Error) -> Result<String, String> {
        match failure("parser", &error.context("while executing")) {
            CallError::Stopped(error) => Ok(error.message),
            CallError::NotRun(error) => Err(error.message),
        }
    }

    #[test]
    fn a_component_that_stops_is_told_from_a_host_that_cannot_run_it() {
        for (trap, words) in [
            (Trap::UnreachableCodeReached, "work bound"),
            (Trap::StackOverflow, "nested"),
            (Trap::MemoryOutOfBounds, "out of bounds"),
        ] {
            assert!(stopped(trap.into()).is_ok_and(|message| message.contains(words)), "{trap}");
        }
        let beyond = Bounds::new().memory_growing(0, MEMORY_LIMIT + 1, None).unwrap_err();
        assert!(stopped(beyond).is_ok_and(|message| message.contains("1024 MiB")));
        let no_memory = wasmtime::Error::from(std::io::Error::from_raw_os_error(12));
        let refused = Bounds::new().memory_grow_failed(no_memory).unwrap_err();
        assert!(stopped(refused).is_err_and(|message| message.contains("os error 12")));
        assert!(stopped(Ended.into()).is_err_and(|message| message.contains("nobody waits")));
    }
}

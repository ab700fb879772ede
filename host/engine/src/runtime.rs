//! The stages as wasmtime runs them.
//!
//! Every call goes to an instance that nobody else uses meanwhile; an instance that trapped is thrown away. What a call
//! may take is bounded: its memory here, its work by the counter built into every component.

use std::{
    path::PathBuf,
    sync::{
        Mutex, OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Language, RepositoryGraph, Strings, Tags,
    stages::{
        Entries, FileLines, FileNames, Hit, Neighbour, Profile, RankQuery, Ranks, Rendered, SearchMode, ShownFile,
        Strategy, Tokenizer,
    },
    tags::DiagnosticType,
};
use wasmtime::{
    Engine, Store, StoreLimits, StoreLimitsBuilder, Trap,
    component::{Component, Linker},
};

use crate::{
    artifact::{Artifact, LoadError},
    bindings::{graph, parser, ranker, repomap, symbols},
    config::{self, MEMORY_LIMIT},
    tags::tags,
};

/// Most bytes a single call may hand to the host: a graph of a very large repository.
const ANSWER_LIMIT: usize = 1 << 30;

/// Sources handed to the parser in one call, by number and bytes: enough that a call costs nothing beside the parsing,
/// few enough that all cores finish together and that a trap repeats little.
const BATCH_FILES: usize = 32;
const BATCH_BYTES: usize = 256 << 10;

/// Runs the stages.
pub struct Runtime {
    engine: Engine,
    folder: Option<PathBuf>,
    revision: String,
    threads: usize,
    parser: Stage<parser::ParserComponent>,
    graph: Stage<graph::GraphComponent>,
    ranker: Stage<ranker::RankerComponent>,
    repomap: Stage<repomap::RepomapComponent>,
    symbols: Stage<symbols::SymbolsComponent>,
}

/// One stage: loaded on first use; its idle instances.
struct Stage<B> {
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
    fn call<B, R>(
        &self,
        stage: &Stage<B>,
        instantiate: impl FnOnce(&mut Store<StoreLimits>, &Component, &Linker<StoreLimits>) -> wasmtime::Result<B>,
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
                let bindings = instantiate(&mut store, component, &Linker::new(&self.engine)).map_err(failed)?;
                Instance { store, bindings }
            }
        };
        let answer = call(&instance.bindings, &mut instance.store).map_err(failed)?;
        if let Ok(mut idle) = stage.idle.lock() {
            idle.push(instance);
        }
        Ok(answer)
    }

    fn parse_batch(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        use parser::exports::astlas::parser::parser::{Options, Source as WitSource};
        let batch: Vec<WitSource> = sources
            .iter()
            .map(|source| WitSource { language: source.language.clone(), text: source.text.clone() })
            .collect();
        let parsed = self.call(
            &self.parser,
            |store, component, linker| parser::ParserComponent::instantiate(store, component, linker),
            |bindings, store| bindings.astlas_parser_parser().call_parse(store, &batch, Options { work_limit: 0 }),
        )?;
        let unknown = |source: &Source| {
            Tags::without(&source.language, DiagnosticType::ParserFailed, "no parser for this language")
        };
        Ok(parsed.into_iter().zip(sources).map(|(file, source)| file.map_or_else(|_| unknown(source), tags)).collect())
    }

    /// A batch; if the parser traps on it, its files one by one, so that only the guilty one goes without tags.
    fn parse_safely(&self, sources: &[Source]) -> Result<Vec<Tags>, StageError> {
        match self.parse_batch(sources) {
            Ok(tags) => Ok(tags),
            Err(error) => match sources {
                [source] => {
                    let message = format!("not parsed: {}", error.message);
                    Ok(vec![Tags::without(&source.language, DiagnosticType::ParserFailed, &message)])
                }
                _ => Ok(sources
                    .chunks(1)
                    .map(|source| self.parse_safely(source))
                    .collect::<Result<Vec<_>, _>>()?
                    .concat()),
            },
        }
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

/// Neighbouring sources, in batches bounded by number and bytes.
fn batches(sources: &[Source]) -> Vec<&[Source]> {
    let (mut batches, mut start, mut bytes) = (vec![], 0, 0);
    for (index, source) in sources.iter().enumerate() {
        if index > start && (index - start >= BATCH_FILES || bytes + source.text.len() > BATCH_BYTES) {
            batches.push(&sources[start..index]);
            (start, bytes) = (index, 0);
        }
        bytes += source.text.len();
    }
    if start < sources.len() {
        batches.push(&sources[start..]);
    }
    // The largest first, so that no core is left alone with one at the end.
    batches.sort_by_key(|batch| std::cmp::Reverse(batch.iter().map(|source| source.text.len()).sum::<usize>()));
    batches
}

impl Stages for Runtime {
    fn revision(&self) -> &str {
        &self.revision
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        let languages = self.call(
            &self.parser,
            |store, component, linker| parser::ParserComponent::instantiate(store, component, linker),
            |bindings, store| bindings.astlas_parser_parser().call_languages(store),
        )?;
        let language = |language: parser::exports::astlas::parser::parser::Language| Language {
            name: language.name,
            extensions: language.extensions,
            file_names: language.file_names,
            interpreters: language.interpreters,
            revision: language.revision,
        };
        Ok(languages.into_iter().map(language).collect())
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        let batches = batches(&sources);
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = vec![];
            while let Some(batch) = batches.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push((batch.as_ptr(), self.parse_safely(batch)));
            }
            done.into_iter().map(|(at, tags)| (at as usize, tags)).collect::<Vec<_>>()
        };
        let mut done = match self.threads.min(batches.len()) {
            0 | 1 => work(),
            threads => thread::scope(|scope| {
                let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
                let mut done = work();
                for other in others {
                    match other.join() {
                        Ok(part) => done.extend(part),
                        Err(panic) => std::panic::resume_unwind(panic),
                    }
                }
                done
            }),
        };
        // Back into the order of the sources: batches are slices of one vector.
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().map(|(_, tags)| tags).collect::<Result<Vec<_>, _>>()?.concat())
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<RepositoryGraph, StageError> {
        use graph::exports::astlas::graph::graph::FileNames as WitFileNames;
        let files: Vec<WitFileNames> = files
            .into_iter()
            .map(|file| WitFileNames {
                names: file.names.into(),
                definitions: file.definitions,
                references: file.references,
            })
            .collect();
        let built = self.call(
            &self.graph,
            |store, component, linker| graph::GraphComponent::instantiate(store, component, linker),
            |bindings, store| bindings.astlas_graph_graph().call_build(store, &paths.clone().into(), &files),
        )?;
        built.map(Into::into).map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let graph = graph.clone().into();
        let found = self.call(
            &self.graph,
            |store, component, linker| graph::GraphComponent::instantiate(store, component, linker),
            |bindings, store| {
                let stage = bindings.astlas_graph_graph();
                if reverse {
                    stage.call_dependents(store, &graph, file, depth)
                } else {
                    stage.call_dependencies(store, &graph, file, depth)
                }
            },
        )?;
        let found = found.map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })?;
        Ok(found.into_iter().map(|n| Neighbour { file: n.file, depth: n.depth, weight: n.weight }).collect())
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        use ranker::exports::astlas::ranker::ranker as wit;
        let graph = graph.clone().into();
        let query = wit::Query {
            profile: match query.profile {
                Profile::Default => wit::Profile::Default,
                Profile::Classic => wit::Profile::Classic,
            },
            strategy: match query.strategy {
                Strategy::Pagerank => wit::Strategy::Pagerank,
                Strategy::Degree => wit::Strategy::Degree,
            },
            context: query.context.clone(),
            mentioned_files: query.mentioned_files.clone(),
            mentioned_names: query.mentioned_names.clone(),
            definition_limit: query.definition_limit,
        };
        let ranks = self.call(
            &self.ranker,
            |store, component, linker| ranker::RankerComponent::instantiate(store, component, linker),
            |bindings, store| bindings.astlas_ranker_ranker().call_rank(store, &graph, &query),
        )?;
        let ranks = ranks.map_err(|error| StageError { stage: "ranker", message: format!("{error:?}") })?;
        Ok(Ranks {
            files: ranks.files,
            definition_file: ranks.definition_file,
            definition_name: ranks.definition_name,
            definition_score: ranks.definition_score,
            iterations: ranks.iterations,
        })
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        use symbols::exports::astlas::symbols::symbols::Mode;
        let mode = match mode {
            SearchMode::Exact => Mode::Exact,
            SearchMode::Prefix => Mode::Prefix,
            SearchMode::Fuzzy => Mode::Fuzzy,
        };
        let hits = self.call(
            &self.symbols,
            |store, component, linker| symbols::SymbolsComponent::instantiate(store, component, linker),
            |bindings, store| {
                bindings.astlas_symbols_symbols().call_search(store, &names.clone().into(), query, mode, limit)
            },
        )?;
        let hits = hits.map_err(|error| StageError { stage: "symbols", message: format!("{error:?}") })?;
        Ok(hits.into_iter().map(|hit| Hit { name: hit.name, score: hit.score }).collect())
    }

    fn render(
        &self,
        files: &[FileLines],
        entries: &Entries,
        tokenizer: Tokenizer,
        budget: u32,
    ) -> Result<Rendered, StageError> {
        use repomap::exports::astlas::repomap::repomap as wit;
        let lines = |file: &FileLines| wit::FileLines {
            path: file.path.clone(),
            line: file.line.clone(),
            scope: file.scope.clone(),
            text: file.text.clone().into(),
        };
        let files: Vec<_> = files.iter().map(lines).collect();
        let entries = wit::Entries { file: entries.file.clone(), line: entries.line.clone() };
        let tokenizer = match tokenizer {
            Tokenizer::O200k => wit::Tokenizer::O200k,
            Tokenizer::Cl100k => wit::Tokenizer::Cl100k,
            Tokenizer::Chars => wit::Tokenizer::Chars,
        };
        let rendered = self.call(
            &self.repomap,
            |store, component, linker| repomap::RepomapComponent::instantiate(store, component, linker),
            |bindings, store| {
                bindings.astlas_repomap_repomap().call_render(
                    store,
                    &files,
                    &entries,
                    wit::Options { tokenizer, budget },
                )
            },
        )?;
        let rendered = rendered.map_err(|error| StageError { stage: "repomap", message: format!("{error:?}") })?;
        let shown = |file: wit::ShownFile| ShownFile { file: file.file, tokens: file.tokens, lines: file.lines };
        Ok(Rendered {
            text: rendered.text,
            tokens: rendered.tokens,
            files: rendered.files.into_iter().map(shown).collect(),
            complete: rendered.complete,
        })
    }
}

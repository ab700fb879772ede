//! The stages as plain Rust: what the finished components are compared with.

use std::cell::{Cell, RefCell};

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Built, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode,
    },
};

thread_local! {
    /// Most work on one file, as the parser's options have it; 0 is the parser's own limit.
    pub static WORK_LIMIT: Cell<u64> = const { Cell::new(0) };
    /// The languages that it knows, if not all.
    pub static LANGUAGES: RefCell<Option<Vec<Language>>> = const { RefCell::new(None) };
}

/// All stages, in this process.
pub struct Native;

fn failed(stage: &'static str) -> impl Fn(&dyn std::fmt::Display) -> StageError {
    move |error| StageError { stage, message: error.to_string() }
}

impl Stages for Native {
    fn revision(&self) -> &str {
        "native"
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        Ok(LANGUAGES.with_borrow(|chosen| chosen.clone()).unwrap_or_else(astlas_parser::languages))
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        thread_local!(static PARSER: RefCell<astlas_parser::Parser> = RefCell::default());
        let options = astlas_parser::Options { work_limit: WORK_LIMIT.get() };
        let parse = |source: &Source| {
            let parsed = PARSER.with_borrow_mut(|parser| parser.parse(&source.language, &source.text, options));
            parsed.map_err(|error| failed("parser")(&error))
        };
        sources.iter().map(parse).collect()
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        astlas_graph::build(paths, &files).map_err(|error| failed("graph")(&error))
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        astlas_graph::update(&before, removed, paths, &files).map_err(|error| failed("graph")(&error))
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let neighbours = if reverse { astlas_graph::dependents } else { astlas_graph::dependencies };
        neighbours(graph, file, depth).map_err(|error| failed("graph")(&error))
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        astlas_graph::find_communities(graph).map_err(|error| failed("graph")(&error))
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        astlas_graph::find_cycles(graph).map_err(|error| failed("graph")(&error))
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        astlas_ranker::rank(graph, query).map_err(|error| failed("ranker")(&error))
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        astlas_symbols::search(names, query, mode, limit).map_err(|error| failed("symbols")(&error))
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        astlas_repomap::render(files, entries, options).map_err(|error| failed("repomap")(&error))
    }
}

//! The stages as plain code, in one build or another.

use std::cell::{Cell, RefCell};

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Built, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode,
    },
};
use astlas_parser::{Options, Parser};

pub struct Native {
    pub revision: String,
    pub languages: Vec<Language>,
    /// What parsing fails with, if it does.
    pub failure: Option<StageError>,
    parser: RefCell<Parser>,
    parsed: Cell<usize>,
}

impl Default for Native {
    fn default() -> Self {
        Self {
            revision: "one".into(),
            languages: astlas_parser::languages(),
            failure: None,
            parser: RefCell::default(),
            parsed: Cell::new(0),
        }
    }
}

impl Native {
    /// How many sources were parsed since this was last asked.
    pub fn parsed(&self) -> usize {
        self.parsed.take()
    }

    /// Another build of the stages.
    pub fn upgrade(&mut self, change: impl FnOnce(&mut Vec<Language>)) {
        self.revision += " and one more";
        change(&mut self.languages);
    }
}

fn failed<E: ToString>(stage: &'static str) -> impl FnOnce(E) -> StageError {
    move |error| StageError { stage, message: error.to_string() }
}

impl Stages for Native {
    fn revision(&self) -> &str {
        &self.revision
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        Ok(self.languages.clone())
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        if let Some(failure) = &self.failure {
            return Err(failure.clone());
        }
        self.parsed.set(self.parsed.get() + sources.len());
        let mut parser = self.parser.borrow_mut();
        let mut parse = |source: &Source| parser.parse(&source.language, &source.text, Options { work_limit: 0 });
        Ok(sources.iter().map(|source| parse(source).unwrap()).collect())
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        astlas_graph::build(paths, &files).map_err(failed("graph"))
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        astlas_graph::update(&before, removed, paths, &files).map_err(failed("graph"))
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let search = if reverse { astlas_graph::dependents } else { astlas_graph::dependencies };
        search(graph, file, depth).map_err(failed("graph"))
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        astlas_graph::find_communities(graph).map_err(failed("graph"))
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        astlas_graph::find_cycles(graph).map_err(failed("graph"))
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        astlas_ranker::rank(graph, query).map_err(failed("ranker"))
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        astlas_symbols::search(names, query, mode, limit).map_err(failed("symbols"))
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        astlas_repomap::render(files, entries, options).map_err(failed("repomap"))
    }
}

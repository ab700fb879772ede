//! The stages, imported.

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Built, GraphParts, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode,
    },
};

use crate::{
    Imports,
    bindings::astlas::{graph::graph, parser::parser, ranker::ranker, repomap::repomap, symbols::symbols},
};

/// The stages that this was built with; `cargo xtask build` says which.
const REVISION: &str = match option_env!("ASTLAS_STAGES") {
    Some(revision) => revision,
    None => "unknown",
};

/// A stage refused what it was given.
fn refused<E: std::fmt::Debug>(stage: &'static str) -> impl Fn(E) -> StageError {
    move |error| StageError { stage, message: format!("{error:?}") }
}

fn all<One: Into<Other>, Other>(entries: impl IntoIterator<Item = One>) -> Vec<Other> {
    entries.into_iter().map(Into::into).collect()
}

impl Stages for Imports {
    fn revision(&self) -> &str {
        REVISION
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        Ok(all(parser::languages()))
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        let source = |Source { language, text }| parser::Source { language, text };
        let sources: Vec<_> = sources.into_iter().map(source).collect();
        let parsed = parser::parse(&sources, parser::Options { work_limit: 0 });
        parsed.into_iter().map(|tags| tags.map(Into::into).map_err(refused("parser"))).collect()
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        let built = graph::build(&paths.clone().into(), &all::<_, graph::FileNames>(files));
        built.map(Into::into).map_err(refused("graph"))
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        let (removed, paths) = (removed.clone().into(), paths.clone().into());
        let built = graph::update(&before.into(), &removed, &paths, &all::<_, graph::FileNames>(files));
        built.map(Into::into).map_err(refused("graph"))
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = match reverse {
            true => graph::dependents(&graph, file, depth),
            false => graph::dependencies(&graph, file, depth),
        };
        found.map(all).map_err(refused("graph"))
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        let found = graph::find_communities(&graph.with_only(GraphParts::EDGES).into());
        found.map(Into::into).map_err(refused("graph"))
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        let found = graph::find_cycles(&graph.with_only(GraphParts::EDGES).into());
        found.map(Into::into).map_err(refused("graph"))
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        let ranks = ranker::rank(&graph.with_only(query.reads()).into(), &query.clone().into());
        ranks.map(Into::into).map_err(refused("ranker"))
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        let hits = symbols::search(&names.clone().into(), query, mode.into(), limit);
        hits.map(all).map_err(refused("symbols"))
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        let files: Vec<repomap::FileLines> = all(files.iter().cloned());
        let rendered = repomap::render(&files, &entries.clone().into(), options.into());
        rendered.map(Into::into).map_err(refused("repomap"))
    }
}

//! The stages' port, answered by components.

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Built, GraphParts, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, Neighbour, RankQuery, Ranks, RenderOptions, Rendered,
        SearchMode, Tokenizer,
    },
};

use crate::{
    bindings::{
        graph::exports::astlas::graph::graph, repomap::exports::astlas::repomap::repomap,
        symbols::exports::astlas::symbols::symbols,
    },
    ranker::rank_error,
    runtime::Runtime,
};

impl Stages for Runtime {
    fn revision(&self) -> &str {
        &self.revision
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        let built_in =
            self.call(&self.loaded.parser, |bindings, store| bindings.astlas_parser_parser().call_languages(store))?;
        let added = self.languages.iter().flat_map(|component| component.languages().iter().cloned());
        // Of those that claim the same files, the first has them.
        Ok(added.chain(built_in.into_iter().map(Into::into)).collect())
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        self.parse_all(sources)
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        let files: Vec<_> = files.into_iter().map(Into::into).collect();
        let built = self.call(&self.loaded.graph, |bindings, store| {
            bindings.astlas_graph_graph().call_build(store, &paths.clone().into(), &files)
        })?;
        built.map(Into::into).map_err(graph_error)
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        let (before, files) = (before.into(), files.into_iter().map(Into::into).collect::<Vec<_>>());
        let built = self.call(&self.loaded.graph, |bindings, store| {
            let stage = bindings.astlas_graph_graph();
            stage.call_update(store, &before, &removed.clone().into(), &paths.clone().into(), &files)
        })?;
        built.map(Into::into).map_err(graph_error)
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = self.call(&self.loaded.graph, |bindings, store| {
            let stage = bindings.astlas_graph_graph();
            if reverse {
                stage.call_dependents(store, &graph, file, depth)
            } else {
                stage.call_dependencies(store, &graph, file, depth)
            }
        })?;
        let found = found.map_err(graph_error)?;
        Ok(found.into_iter().map(Into::into).collect())
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = self.call(&self.loaded.graph, |bindings, store| {
            bindings.astlas_graph_graph().call_find_communities(store, &graph)
        })?;
        found.map(Into::into).map_err(graph_error)
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = self.call(&self.loaded.graph, |bindings, store| {
            bindings.astlas_graph_graph().call_find_cycles(store, &graph)
        })?;
        found.map(Into::into).map_err(graph_error)
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        let graph = graph.with_only(query.reads()).into();
        let query = query.clone().into();
        let ranks = self.call(&self.loaded.ranker, |bindings, store| {
            bindings.astlas_ranker_ranker().call_rank(store, &graph, &query)
        })?;
        ranks.map(Into::into).map_err(rank_error)
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        let hits = self.call(&self.loaded.symbols, |bindings, store| {
            bindings.astlas_symbols_symbols().call_search(store, &names.clone().into(), query, mode.into(), limit)
        })?;
        let hits = hits.map_err(symbols_error)?;
        Ok(hits.into_iter().map(Into::into).collect())
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        let files: Vec<_> = files.iter().cloned().map(Into::into).collect();
        let entries = entries.clone().into();
        let rendered = self.call(&self.loaded.repomap, |bindings, store| {
            bindings.astlas_repomap_repomap().call_render(store, &files, &entries, options.into())
        })?;
        rendered.map(Into::into).map_err(repomap_error)
    }
}

impl Runtime {
    /// How many tokens a text has.
    pub fn count(&self, text: &str, tokenizer: Tokenizer) -> Result<u32, StageError> {
        Ok(self.call(&self.loaded.repomap, |bindings, store| {
            bindings.astlas_repomap_repomap().call_count(store, text, tokenizer.into())
        })?)
    }
}

fn graph_error(error: graph::GraphError) -> StageError {
    let message = match error {
        graph::GraphError::UnknownFile(file) => format!("the graph has no file {file}"),
        graph::GraphError::DuplicatePath(path) => format!("two files have the path {path}"),
        graph::GraphError::TooLarge => "the files hold more names or references than a graph can count".into(),
        graph::GraphError::Corrupt(fault) => fault,
    };
    StageError { stage: "graph", message }
}

fn symbols_error(error: symbols::SearchError) -> StageError {
    let message = match error {
        symbols::SearchError::EmptyQuery => "there is nothing to find".into(),
        symbols::SearchError::Corrupt(fault) => fault,
    };
    StageError { stage: "symbols", message }
}

fn repomap_error(error: repomap::RenderError) -> StageError {
    let repomap::RenderError::Corrupt(message) = error;
    StageError { stage: "repomap", message }
}

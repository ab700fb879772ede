//! The stages' port, answered by components: conversions between the model's nouns and those of `wit/`, nothing else.

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Built, GraphParts, Language, RepositoryGraph, Strings, Tags,
    stages::{
        Communities, Cycles, Entries, FileLines, FileNames, Hit, MapOrder, Neighbour, RankQuery, Ranks, RenderOptions,
        Rendered, SearchMode, ShownFile, Tokenizer,
    },
};

use crate::{
    bindings::{repomap, symbols},
    ranker::{rank_error, rank_query},
    runtime::Runtime,
};

impl Stages for Runtime {
    fn revision(&self) -> &str {
        &self.revision
    }

    fn languages(&self) -> Result<Vec<Language>, StageError> {
        let built_in =
            self.call(&self.parser, |bindings, store| bindings.astlas_parser_parser().call_languages(store))?;
        let added = self.languages.iter().flat_map(|component| component.languages().iter().cloned());
        // Of those that claim the same files, the first has them.
        Ok(added.chain(built_in.into_iter().map(Into::into)).collect())
    }

    fn parse(&self, sources: Vec<Source>) -> Result<Vec<Tags>, StageError> {
        self.parse_all(sources)
    }

    fn build_graph(&self, paths: &Strings, files: Vec<FileNames>) -> Result<Built, StageError> {
        let files: Vec<_> = files.into_iter().map(Into::into).collect();
        let built = self.call(&self.graph, |bindings, store| {
            bindings.astlas_graph_graph().call_build(store, &paths.clone().into(), &files)
        })?;
        built.map(Into::into).map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })
    }

    fn update_graph(
        &self,
        before: Built,
        removed: &Strings,
        paths: &Strings,
        files: Vec<FileNames>,
    ) -> Result<Built, StageError> {
        let (before, files) = (before.into(), files.into_iter().map(Into::into).collect::<Vec<_>>());
        let built = self.call(&self.graph, |bindings, store| {
            let stage = bindings.astlas_graph_graph();
            stage.call_update(store, &before, &removed.clone().into(), &paths.clone().into(), &files)
        })?;
        built.map(Into::into).map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })
    }

    fn neighbours(
        &self,
        graph: &RepositoryGraph,
        file: u32,
        depth: u32,
        reverse: bool,
    ) -> Result<Vec<Neighbour>, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = self.call(&self.graph, |bindings, store| {
            let stage = bindings.astlas_graph_graph();
            if reverse {
                stage.call_dependents(store, &graph, file, depth)
            } else {
                stage.call_dependencies(store, &graph, file, depth)
            }
        })?;
        let found = found.map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })?;
        Ok(found.into_iter().map(|n| Neighbour { file: n.file, depth: n.depth, weight: n.weight }).collect())
    }

    fn communities(&self, graph: &RepositoryGraph) -> Result<Communities, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found = self
            .call(&self.graph, |bindings, store| bindings.astlas_graph_graph().call_find_communities(store, &graph))?;
        let found = found.map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })?;
        Ok(Communities { community: found.community, modularity: found.modularity })
    }

    fn cycles(&self, graph: &RepositoryGraph) -> Result<Cycles, StageError> {
        let graph = graph.with_only(GraphParts::EDGES).into();
        let found =
            self.call(&self.graph, |bindings, store| bindings.astlas_graph_graph().call_find_cycles(store, &graph))?;
        let found = found.map_err(|error| StageError { stage: "graph", message: format!("{error:?}") })?;
        Ok(Cycles {
            file: found.file,
            file_ends: found.file_ends,
            shortest: found.shortest,
            shortest_ends: found.shortest_ends,
        })
    }

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        let graph = graph.with_only(query.reads()).into();
        let query = rank_query(query);
        let ranks = self
            .call(&self.ranker, |bindings, store| bindings.astlas_ranker_ranker().call_rank(store, &graph, &query))?;
        ranks.map(Into::into).map_err(rank_error)
    }

    fn search(&self, names: &Strings, query: &str, mode: SearchMode, limit: u32) -> Result<Vec<Hit>, StageError> {
        use symbols::exports::astlas::symbols::symbols::SearchMode as WitMode;
        let mode = match mode {
            SearchMode::Exact => WitMode::Exact,
            SearchMode::Prefix => WitMode::Prefix,
            SearchMode::Fuzzy => WitMode::Fuzzy,
        };
        let hits = self.call(&self.symbols, |bindings, store| {
            bindings.astlas_symbols_symbols().call_search(store, &names.clone().into(), query, mode, limit)
        })?;
        let hits = hits.map_err(|error| StageError { stage: "symbols", message: format!("{error:?}") })?;
        Ok(hits.into_iter().map(|hit| Hit { name: hit.name, score: hit.score }).collect())
    }

    fn render(&self, files: &[FileLines], entries: &Entries, options: RenderOptions) -> Result<Rendered, StageError> {
        use repomap::exports::astlas::repomap::repomap as wit;
        let lines = |file: &FileLines| wit::FileLines {
            path: file.path.clone(),
            line: file.line.clone(),
            scope: file.scope.clone(),
            text: file.text.clone().into(),
        };
        let files: Vec<_> = files.iter().map(lines).collect();
        let entries = wit::Entries { file: entries.file.clone(), line: entries.line.clone() };
        let tokenizer = match options.tokenizer {
            Tokenizer::O200k => wit::Tokenizer::O200k,
            Tokenizer::Cl100k => wit::Tokenizer::Cl100k,
            Tokenizer::Chars => wit::Tokenizer::Chars,
        };
        let order = match options.order {
            MapOrder::Relevance => wit::MapOrder::Relevance,
            MapOrder::Path => wit::MapOrder::Path,
        };
        let options = wit::Options { tokenizer, budget: options.budget, order };
        let rendered = self.call(&self.repomap, |bindings, store| {
            bindings.astlas_repomap_repomap().call_render(store, &files, &entries, options)
        })?;
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

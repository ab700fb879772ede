//! The stages' port, answered by components: conversions between the model's nouns and those of `wit/`, nothing else.

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_model::{
    Language, RepositoryGraph, Strings, Tags,
    stages::{
        Entries, FileLines, FileNames, Hit, Neighbour, Profile, RankQuery, Ranks, Rendered, SearchMode, ShownFile,
        Strategy, Tokenizer,
    },
};

use crate::{
    bindings::{graph, ranker, repomap, symbols},
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
        let built = self.call(&self.graph, |bindings, store| {
            bindings.astlas_graph_graph().call_build(store, &paths.clone().into(), &files)
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
        let graph = graph.clone().into();
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

    fn rank(&self, graph: &RepositoryGraph, query: &RankQuery) -> Result<Ranks, StageError> {
        use ranker::exports::astlas::ranker::ranker as wit;
        let graph = graph.clone().into();
        let query = wit::RankQuery {
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
        let ranks = self
            .call(&self.ranker, |bindings, store| bindings.astlas_ranker_ranker().call_rank(store, &graph, &query))?;
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
        let rendered = self.call(&self.repomap, |bindings, store| {
            bindings.astlas_repomap_repomap().call_render(store, &files, &entries, wit::Options { tokenizer, budget })
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

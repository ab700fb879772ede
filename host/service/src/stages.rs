//! The stages, as a function imports them: each call goes to a thread that computes, and there into a sandbox. It ends
//! when nobody waits for it any more: the request was answered, given up, or had its time.

use std::{collections::BTreeMap, time::Instant};

use astlas_atlas::ports::{Source, StageError, Stages};
use astlas_engine::Runtime;
use astlas_model::Built;
use wasmtime::Result;

use crate::{
    admission::Coming,
    bindings::astlas::{graph::graph, parser::parser, ranker::ranker, repomap::repomap, symbols::symbols, types},
    state::State,
};

impl State {
    /// Computes elsewhere. A stage that did not answer stops the request.
    async fn stage<T: Send + 'static>(
        &mut self,
        stage: &'static str,
        function: &'static str,
        call: impl FnOnce(&Runtime) -> Result<T, StageError> + Send + 'static,
    ) -> Result<T> {
        let name = format!("{stage}.{function}");
        let span = tracing::info_span!(target: "astlas", parent: &self.span, "stage", otel.name = name, stage);
        let (shared, name) = (self.shared.clone(), self.scope.name());
        let whose = (name.clone(), shared.admission.limits.weight(name));
        let (stages, lanes) = (shared.stages.clone(), shared.lanes.clone());
        let work = move |stages: &Runtime| {
            let _span = span.entered();
            let begun = Instant::now();
            let answer = call(stages);
            shared.metrics.stage(stage, function, begun.elapsed());
            answer
        };
        Ok(lanes.compute(whose, &stages, work).await??)
    }

    /// Builds or updates a graph.
    async fn built(
        &mut self,
        function: &'static str,
        call: impl FnOnce(&Runtime) -> Result<Built, StageError> + Send + 'static,
    ) -> Result<Built> {
        let begun = Instant::now();
        let built = self.stage("graph", function, call).await?;
        let graph = &built.graph;
        self.shared.metrics.graph(graph.files.len(), graph.edge_source.len(), begun.elapsed());
        Ok(built)
    }
}

fn all<One: Into<Other>, Other>(entries: Vec<One>) -> Vec<Other> {
    entries.into_iter().map(Into::into).collect()
}

impl types::columns::Host for State {}
impl types::tags::Host for State {}
impl types::repository::Host for State {}
impl types::history::Host for State {}

impl parser::Host for State {
    async fn languages(&mut self) -> Result<Vec<parser::Language>> {
        Ok(all(self.stage("parser", "languages", |stages| stages.languages()).await?))
    }

    async fn parse(
        &mut self,
        sources: Vec<parser::Source>,
        _options: parser::Options,
    ) -> Result<Vec<Result<parser::FileTags, parser::ParseError>>> {
        let source = |parser::Source { language, text }| Source { language, text };
        let sources: Vec<_> = sources.into_iter().map(source).collect();
        let mut languages: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for Source { language, text } in &sources {
            match languages.get_mut(language) {
                Some((files, bytes)) => (*files, *bytes) = (*files + 1, *bytes + text.len() as u64),
                None => drop(languages.insert(language.clone(), (1, text.len() as u64))),
            }
        }
        let parsed = languages.values().map(|(_, bytes)| bytes).sum::<u64>();
        self.reserve(Coming { parsed, ..Coming::default() }).await?;
        self.held.used.parsed += parsed;
        let begun = Instant::now();
        let tags = self.stage("parser", "parse", move |stages| stages.parse(sources)).await?;
        let languages = languages.iter().map(|(language, (files, bytes))| (language.as_str(), *files, *bytes));
        self.shared.metrics.parsed(languages, begun.elapsed());
        Ok(tags.into_iter().map(|tags| Ok(tags.into())).collect())
    }
}

impl graph::Host for State {
    async fn build(
        &mut self,
        paths: graph::Strings,
        files: Vec<graph::FileNames>,
    ) -> Result<Result<graph::Built, graph::GraphError>> {
        let built = self.built("build", move |stages| stages.build_graph(&paths.into(), all(files))).await?;
        Ok(Ok(built.into()))
    }

    async fn update(
        &mut self,
        before: graph::Built,
        removed: graph::Strings,
        paths: graph::Strings,
        files: Vec<graph::FileNames>,
    ) -> Result<Result<graph::Built, graph::GraphError>> {
        let update =
            move |stages: &Runtime| stages.update_graph(before.into(), &removed.into(), &paths.into(), all(files));
        Ok(Ok(self.built("update", update).await?.into()))
    }

    async fn dependencies(
        &mut self,
        graph: graph::RepositoryGraph,
        file: u32,
        depth: u32,
    ) -> Result<Result<Vec<graph::Neighbour>, graph::GraphError>> {
        let found = self
            .stage("graph", "dependencies", move |stages| stages.neighbours(&graph.into(), file, depth, false))
            .await?;
        Ok(Ok(all(found)))
    }

    async fn dependents(
        &mut self,
        graph: graph::RepositoryGraph,
        file: u32,
        depth: u32,
    ) -> Result<Result<Vec<graph::Neighbour>, graph::GraphError>> {
        let found = self
            .stage("graph", "dependents", move |stages| stages.neighbours(&graph.into(), file, depth, true))
            .await?;
        Ok(Ok(all(found)))
    }

    async fn find_communities(
        &mut self,
        graph: graph::RepositoryGraph,
    ) -> Result<Result<graph::Communities, graph::GraphError>> {
        Ok(Ok(self.stage("graph", "communities", move |stages| stages.communities(&graph.into())).await?.into()))
    }

    async fn find_cycles(&mut self, graph: graph::RepositoryGraph) -> Result<Result<graph::Cycles, graph::GraphError>> {
        Ok(Ok(self.stage("graph", "cycles", move |stages| stages.cycles(&graph.into())).await?.into()))
    }
}

impl ranker::Host for State {
    async fn rank(
        &mut self,
        graph: ranker::RepositoryGraph,
        query: ranker::RankQuery,
    ) -> Result<Result<ranker::Ranks, ranker::RankError>> {
        Ok(Ok(self.stage("ranker", "rank", move |stages| stages.rank(&graph.into(), &query.into())).await?.into()))
    }

    /// Instances of the ranker serve many tenants in turn: none keeps a graph for one of them.
    async fn keep(&mut self, _graph: ranker::RepositoryGraph) -> Result<Result<(), ranker::RankError>> {
        Ok(Ok(()))
    }

    async fn rank_kept(&mut self, _query: ranker::RankQuery) -> Result<Result<ranker::Ranks, ranker::RankError>> {
        Ok(Err(ranker::RankError::NothingKept))
    }
}

impl repomap::Host for State {
    async fn render(
        &mut self,
        files: Vec<repomap::FileLines>,
        entries: repomap::Entries,
        options: repomap::Options,
    ) -> Result<Result<repomap::Rendered, repomap::RenderError>> {
        let render = move |stages: &Runtime| {
            let files: Vec<_> = all(files);
            stages.render(&files, &entries.into(), options.into())
        };
        Ok(Ok(self.stage("repomap", "render", render).await?.into()))
    }

    async fn count(&mut self, text: String, tokenizer: repomap::Tokenizer) -> Result<u32> {
        self.stage("repomap", "count", move |stages| stages.count(&text, tokenizer.into())).await
    }
}

impl symbols::Host for State {
    async fn search(
        &mut self,
        names: symbols::Strings,
        query: String,
        mode: symbols::SearchMode,
        limit: u32,
    ) -> Result<Result<Vec<symbols::Hit>, symbols::SearchError>> {
        let hits = self
            .stage("symbols", "search", move |stages| stages.search(&names.into(), &query, mode.into(), limit))
            .await?;
        Ok(Ok(all(hits)))
    }
}

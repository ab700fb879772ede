//! The map: the lines that matter most for a context, inside a token budget.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::stages::{Entries, Rendered, Tokenizer};
use serde::{Deserialize, Serialize};

use crate::{
    Atlas,
    index::Indexed,
    keys,
    outline::{Outline, outline},
    ports::{Cache, Files, StageError, Stages},
    rank::Context,
};

/// What a map is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MapRequest {
    /// What the caller knows of the change.
    pub context: Context,
    /// How tokens are counted.
    pub tokenizer: Tokenizer,
    /// Most tokens of the text.
    pub budget: u32,
}

/// A map of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// What to hand to an agent.
    pub text: String,
    /// Its tokens, never above the budget.
    pub tokens: u32,
    /// Files on the map, in the order of the text.
    pub files: Vec<MapFile>,
    /// Whether everything there is to show is on it.
    pub complete: bool,
}

/// A file on the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MapFile {
    /// Its path.
    pub path: String,
    /// Its score.
    pub score: f64,
    /// Tokens its part of the text takes.
    pub tokens: u32,
    /// Zero-based numbers of the lines shown.
    pub lines: Vec<u32>,
}

/// A definition line takes at least this many tokens, line break included, so this many entries fill any budget.
const TOKENS_PER_ENTRY: u32 = 2;

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Draws the map. `files` are only read where the cache has lost a file's tags.
    pub async fn map(&self, indexed: &Indexed, files: &impl Files, request: &MapRequest) -> Result<Map, StageError> {
        let key = keys::map(&self.repository, &indexed.tree, request);
        if let Some(map) = self.recall(&key).await {
            return Ok(map);
        }
        let map = self.draw(indexed, files, request).await?;
        self.remember(key, &map).await;
        Ok(map)
    }

    async fn draw(&self, indexed: &Indexed, files: &impl Files, request: &MapRequest) -> Result<Map, StageError> {
        let graph = &indexed.snapshot.graph;
        let context: BTreeSet<u32> = request.context.files.iter().filter_map(|path| indexed.file(path)).collect();
        let ranks = self.ranks(indexed, &request.context, 0).await?;
        let most = (request.budget / TOKENS_PER_ENTRY).max(1) as usize;
        let ranked: Vec<(u32, u32)> = ranks
            .definition_file
            .iter()
            .zip(&ranks.definition_name)
            .map(|(&file, &name)| (file, name))
            .filter(|(file, _)| !context.contains(file))
            .take(most)
            .collect();

        // Files in order of their best definition, then those without any by their own score.
        let mut order = vec![];
        let mut place: BTreeMap<u32, u32> = BTreeMap::new();
        let mut by_score: Vec<u32> = (0..graph.files.len() as u32).filter(|file| !context.contains(file)).collect();
        by_score.sort_by(|&a, &b| ranks.files[b as usize].total_cmp(&ranks.files[a as usize]).then(a.cmp(&b)));
        for file in ranked.iter().map(|(file, _)| *file).chain(by_score.into_iter().take(most)) {
            place.entry(file).or_insert_with(|| {
                order.push(file);
                order.len() as u32 - 1
            });
        }
        let outlines: Vec<Outline> = self
            .tags_of(indexed, files, &order)
            .await?
            .iter()
            .zip(&order)
            .map(|(tags, &file)| outline(graph.files.get(file as usize).unwrap_or_default(), tags))
            .collect();

        let mut entries = Entries::default();
        for (file, name) in ranked {
            let (at, name) = (place[&file], graph.names.get(name as usize).unwrap_or_default());
            for &line in outlines[at as usize].lines_of(name) {
                entries.file.push(at);
                entries.line.push(line + 1);
            }
        }
        // What no rank names (headings, documents' keys) and files without definitions come last.
        for (at, outline) in outlines.iter().enumerate() {
            for line in outline.unranked_lines() {
                entries.file.push(at as u32);
                entries.line.push(line + 1);
            }
            if outline.lines.line.is_empty() {
                entries.file.push(at as u32);
                entries.line.push(0);
            }
        }
        let lines: Vec<_> = outlines.into_iter().map(|outline| outline.lines).collect();
        let rendered = self.stages.render(&lines, &entries, request.tokenizer, request.budget)?;
        let complete = rendered.complete && order.len() + context.len() == graph.files.len();
        Ok(finish(rendered, complete, |file| {
            let file = order[file as usize] as usize;
            (graph.files.get(file).unwrap_or_default().to_owned(), ranks.files[file])
        }))
    }
}

fn finish(rendered: Rendered, complete: bool, file: impl Fn(u32) -> (String, f64)) -> Map {
    let shown = |shown: astlas_model::stages::ShownFile| {
        let (path, score) = file(shown.file);
        MapFile { path, score, tokens: shown.tokens, lines: shown.lines }
    };
    Map {
        text: rendered.text,
        tokens: rendered.tokens,
        files: rendered.files.into_iter().map(shown).collect(),
        complete,
    }
}

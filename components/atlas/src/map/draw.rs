//! Drawing a map: outlines of the best files go to the renderer, more of them until the budget is used or there is no
//! more.

use astlas_model::{
    RepositoryGraph,
    stages::{Entries, Ranks, RenderOptions, Rendered, ShownFile},
};

use super::{Map, MapFile, MapRequest, fence::Fence, order::Order, sheet::Sheet};
use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, Files, StageError, Stages},
    rank::Definitions,
};

/// A definition takes about this many tokens, so that so many usually fill a budget. Where they do not, because many
/// share a line or are too long for what is left, more are fetched. Their files' tags are most of what a map costs.
const TOKENS_PER_DEFINITION: u32 = 8;

/// Fewest definitions and files to begin with: fetching them takes no time worth saving.
const FEWEST: usize = 64;

/// How many times as much is fetched the next time. All rounds together cost a third more than the last one.
const GROWTH: usize = 4;

/// Part of the budget that must be used while there is more to show, in percent.
const ENOUGH: u64 = 97;

/// A map, and whether it holds all it should: a file whose tags are lost and that changed since is missing on it.
pub struct Drawn {
    pub map: Map,
    pub is_sound: bool,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    pub(super) async fn draw(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        request: &MapRequest,
    ) -> Result<Drawn, StageError> {
        let graph = &indexed.snapshot.graph;
        let ranks = self.ranks(indexed, &request.context, Definitions::All).await?;
        let order = Order::new(indexed, request, &ranks);
        let (mut sheet, mut is_sound) = (Sheet::default(), true);
        let mut most = FEWEST.max((request.budget / TOKENS_PER_DEFINITION) as usize);
        loop {
            let start = order.start(most);
            let mut missing = start.all_files();
            missing.retain(|&file| !sheet.has(file));
            for (tags, &file) in self.tags_if_unchanged(indexed, files, &missing).await?.iter().zip(&missing) {
                is_sound &= tags.is_some();
                sheet.push(graph, file, tags.as_ref());
            }
            let is_all = most >= order.len();
            let map = self.render(&sheet, &sheet.entries(graph, start), request)?;
            if is_all || u64::from(map.tokens) * 100 >= u64::from(request.budget) * ENOUGH {
                let complete = map.complete && is_all;
                return Ok(Drawn { map: finish(map, complete, graph, &sheet, &ranks), is_sound });
            }
            most = most.saturating_mul(GROWTH);
        }
    }

    /// The text, within the budget with all that stands around it.
    fn render(&self, sheet: &Sheet, entries: &Entries, request: &MapRequest) -> Result<Rendered, StageError> {
        let fence = match request.fenced {
            true => Some(Fence::around(&self.stages, &sheet.lines, request.tokenizer)?),
            false => None,
        };
        let budget = request.budget.saturating_sub(fence.as_ref().map_or(0, |fence| fence.tokens));
        let options = RenderOptions { tokenizer: request.tokenizer, budget, order: request.order };
        let mut rendered = self.stages.render(&sheet.lines, entries, options)?;
        // A block without a line in it would be no map either.
        if let Some(fence) = fence.filter(|_| !rendered.text.is_empty()) {
            rendered.text = fence.enclose(&rendered.text);
            rendered.tokens += fence.tokens;
        }
        Ok(rendered)
    }
}

fn finish(rendered: Rendered, complete: bool, graph: &RepositoryGraph, sheet: &Sheet, ranks: &Ranks) -> Map {
    let shown = |shown: ShownFile| {
        let file = sheet.files[shown.file as usize] as usize;
        MapFile {
            path: graph.files.get(file).unwrap_or_default().to_owned(),
            score: ranks.files.get(file).copied().unwrap_or_default(),
            tokens: shown.tokens,
            lines: shown.lines,
        }
    };
    Map {
        text: rendered.text,
        tokens: rendered.tokens,
        files: rendered.files.into_iter().map(shown).collect(),
        complete,
    }
}

//! The map: the lines that matter most for a context, inside a token budget.

mod draw;
mod fence;
mod order;
mod sheet;

use astlas_model::stages::{MapOrder, Tokenizer};
use draw::Drawn;
use serde::{Deserialize, Serialize};

use crate::{
    Atlas,
    indexed::Indexed,
    keys,
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
    /// In which order files stand in the text. The selection is the same.
    pub order: MapOrder,
    /// Whether the context files are on the map as well: all their definitions, before anything else, inside the same
    /// budget. Without it they are left out.
    pub full: bool,
    /// Whether the text is a code block of Markdown. Its fences are part of the text, and of what is counted.
    pub fenced: bool,
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

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Draws the map. `files` are only read where the cache has lost a file's tags.
    pub async fn map(&self, indexed: &Indexed, files: &impl Files, request: &MapRequest) -> Result<Map, StageError> {
        let key = keys::map(&self.repository, &indexed.tree, request);
        if let Some(map) = self.recall(&key).await {
            return Ok(map);
        }
        let Drawn { map, is_sound } = self.draw(indexed, files, request).await?;
        if is_sound {
            self.remember(key, &map).await;
        }
        Ok(map)
    }
}

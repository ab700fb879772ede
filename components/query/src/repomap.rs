//! The map.

use astlas_atlas::{map::MapRequest, rank::Context};
use astlas_http::{CommitSha, Problem, RepoId, encode};
use astlas_json::{Map, MapFile};
use astlas_model::stages::{self, MapOrder};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Ports,
    commit::{Opened, of_commit},
    graph::Profile,
    in_range, stage_failed,
};

/// How many tokens a text may be asked to have.
pub const MAX_TOKENS: std::ops::RangeInclusive<u32> = 1..=100_000_000;

/// What a map is asked for.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepomapRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Files of the change at hand: what belongs to them comes first, they themselves are left out. Those the commit
    /// does not have are named in `unknown_files`.
    #[serde(default)]
    context_files: Vec<String>,
    /// Names and paths that were mentioned.
    #[serde(default)]
    mentioned: Vec<String>,
    /// Most tokens of the text.
    #[serde(default = "budget")]
    #[schemars(range(min = 1, max = 100_000_000))]
    max_tokens: u32,
    #[serde(default)]
    tokenizer: Tokenizer,
    #[serde(default)]
    format: Format,
    #[serde(default)]
    profile: Profile,
}

of_commit!(RepomapRequest);

/// How tokens are counted.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Tokenizer {
    /// o200k_base, of current OpenAI models.
    #[default]
    O200k,
    /// cl100k_base, of earlier ones.
    Cl100k,
    /// An estimate: one token for every four characters.
    Chars,
}

impl Tokenizer {
    pub fn meaning(self) -> (stages::Tokenizer, &'static str) {
        match self {
            Self::O200k => (stages::Tokenizer::O200k, "o200k"),
            Self::Cl100k => (stages::Tokenizer::Cl100k, "cl100k"),
            Self::Chars => (stages::Tokenizer::Chars, "chars"),
        }
    }
}

/// What the text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The map alone.
    #[default]
    Text,
    /// The map in a code block; its fences count as tokens, too.
    Markdown,
}

/// A map.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Repomap {
    /// What to hand to an agent.
    repomap: String,
    /// Its tokens; never above `max_tokens`.
    tokens: u32,
    /// How they were counted.
    tokenizer: &'static str,
    /// Whether everything there is to show is on the map.
    complete: bool,
    /// Files on the map, in the order of the text.
    files: Vec<MapFile>,
    /// Context files that the commit does not have.
    unknown_files: Vec<String>,
}

fn budget() -> u32 {
    4096
}

pub async fn repomap<P: Ports>(opened: &Opened<'_, P>, request: RepomapRequest) -> Result<Vec<u8>, Problem> {
    in_range("max_tokens", request.max_tokens, MAX_TOKENS)?;
    let (tokenizer, name) = request.tokenizer.meaning();
    let wanted = MapRequest {
        context: Context {
            profile: request.profile.into(),
            files: request.context_files,
            mentioned: request.mentioned,
            ..Context::default()
        },
        tokenizer,
        budget: request.max_tokens,
        order: MapOrder::Relevance,
        full: false,
        fenced: request.format == Format::Markdown,
    };
    let map = opened.atlas.map(&opened.indexed, &opened.files, &wanted).await.map_err(stage_failed)?;
    let unknown_files = wanted.context.unknown(&opened.indexed).into_iter().map(str::to_owned).collect();
    let Map { tokens, tokenizer, complete, text, files, .. } = Map::new(map, request.max_tokens, name);
    encode(&Repomap { repomap: text, tokens, tokenizer, complete, files, unknown_files })
}

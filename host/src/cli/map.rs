//! `astlas map`

use std::path::PathBuf;

use anyhow::Result;
use astlas_atlas::map::MapRequest;
use astlas_json::Map;
use astlas_model::stages::{MapOrder, Tokenizer};
use clap::{Args, ValueEnum};

use super::{Global, change::ChangeArguments};
use crate::{output, session::Session};

/// Budgets beyond this are taken for a slip: no model reads as much.
pub const MOST_TOKENS: i64 = 100_000_000;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder to map
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Most tokens of the map: of all that is printed, with json of its `text`
    #[arg(
        long,
        value_name = "N",
        default_value_t = 4096,
        value_parser = clap::value_parser!(u32).range(1..=MOST_TOKENS),
        allow_negative_numbers = true
    )]
    tokens: u32,
    /// How tokens are counted
    #[arg(long, value_name = "NAME", default_value = "o200k")]
    tokenizer: TokenizerName,
    #[command(flatten)]
    change: ChangeArguments,
    /// Show the --context files as well: all their definitions, first, inside the same budget
    #[arg(long)]
    full: bool,
    /// In which order files are shown; which lines are shown does not depend on it
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    order: OrderName,
    /// How the map is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: MapFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MapFormat {
    /// The map alone
    Text,
    /// The map with its tokens, budget and files
    Json,
    /// The map in a code block
    Markdown,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum OrderName {
    /// Most relevant first
    Relevance,
    /// By path
    Path,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum TokenizerName {
    /// o200k_base, of current OpenAI models
    O200k,
    /// cl100k_base, of earlier ones
    Cl100k,
    /// An estimate: one token for every four characters
    Chars,
}

impl TokenizerName {
    /// The tokenizer, and its name in JSON.
    pub fn meaning(self) -> (Tokenizer, &'static str) {
        match self {
            Self::O200k => (Tokenizer::O200k, "o200k"),
            Self::Cl100k => (Tokenizer::Cl100k, "cl100k"),
            Self::Chars => (Tokenizer::Chars, "chars"),
        }
    }
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let (tokenizer, name) = arguments.tokenizer.meaning();
    let (indexed, tree) = session.index()?;
    let context = arguments.change.context(&session, &indexed);
    let fenced = arguments.format == MapFormat::Markdown;
    let order = match arguments.order {
        OrderName::Relevance => MapOrder::Relevance,
        OrderName::Path => MapOrder::Path,
    };
    let request = MapRequest { context, tokenizer, budget: arguments.tokens, order, full: arguments.full, fenced };
    let map = pollster::block_on(session.atlas.map(&indexed, &tree, &request))?;
    session.warn_cache();
    if map.text.is_empty() && map.complete {
        session.warner.warn("nothing is left to show: every source file is a --context file");
    } else if map.text.is_empty() {
        let tokens = arguments.tokens;
        session.warner.warn(&format!("{tokens} tokens are too few to show anything; give more with --tokens"));
    }
    match arguments.format {
        MapFormat::Text | MapFormat::Markdown => output::print(&map.text),
        MapFormat::Json => output::print_json(&Map::new(map, arguments.tokens, name)),
    }
}

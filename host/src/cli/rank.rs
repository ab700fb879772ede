//! `astlas rank`

use std::path::PathBuf;

use anyhow::Result;
use astlas_atlas::rank::Context;
use astlas_model::stages::{Profile, Strategy};
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{Format, Global};
use crate::{output, session::Session};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder whose files are ranked
    #[arg(default_value = ".")]
    path: PathBuf,
    /// A file of the change at hand: what belongs to it comes first, the file itself is left out; repeatable
    #[arg(long, value_name = "FILE")]
    context: Vec<PathBuf>,
    /// A name or path that was mentioned: it weighs more; repeatable
    #[arg(long, value_name = "NAME")]
    mention: Vec<String>,
    /// What is measured
    #[arg(long, value_name = "NAME", default_value = "pagerank")]
    strategy: StrategyName,
    /// How edges are weighted
    #[arg(long, value_name = "NAME", default_value = "default")]
    profile: ProfileName,
    /// Most files to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    limit: u32,
    /// How the ranks are printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

/// Which way of ranking.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum ProfileName {
    /// What Astlas thinks best; for now the same as classic
    Default,
    /// The established method: fixed multipliers and personalised PageRank
    Classic,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Default => Self::Default,
            ProfileName::Classic => Self::Classic,
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum StrategyName {
    /// PageRank over references
    Pagerank,
    /// Weighted degree
    Degree,
    /// Betweenness: how often a file lies on the shortest ways between others
    Betweenness,
}

#[derive(Serialize)]
struct Row {
    file: String,
    score: f64,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let context = Context {
        profile: arguments.profile.into(),
        strategy: match arguments.strategy {
            StrategyName::Pagerank => Strategy::Pagerank,
            StrategyName::Degree => Strategy::Degree,
            StrategyName::Betweenness => Strategy::Betweenness,
        },
        files: session.relative(&arguments.context)?,
        mentioned: arguments.mention.clone(),
    };
    let (indexed, _) = session.index()?;
    for file in context.unknown(&indexed) {
        session.warner.warn(&format!("{file}: not a source file of this folder; ranked without it"));
    }
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit as usize };
    let ranked = pollster::block_on(session.atlas.ranked_files(&indexed, &context))?;
    session.warn_cache();
    let rows = ranked.into_iter().take(limit).map(|(file, score)| Row { file, score });
    match arguments.format {
        Format::Json => output::print_json(&rows.collect::<Vec<_>>()),
        Format::Table => {
            let rows: Vec<_> = rows.map(|row| vec![format!("{:.6}", row.score), output::plain(&row.file)]).collect();
            output::print(&output::table(&["score", "file"], &[0], &rows))
        }
    }
}

//! `astlas communities`

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use super::{Format, Global};
use crate::{output, session::Session};

/// Files of a community that its row of the table names.
const NAMED: usize = 3;

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder whose files are grouped
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Most communities to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    limit: u32,
    /// How the communities are printed; json names all their files
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Serialize)]
struct JsonCommunities<'a> {
    modularity: f64,
    communities: Vec<JsonCommunity<'a>>,
}

#[derive(Serialize)]
struct JsonCommunity<'a> {
    files: &'a [String],
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let (indexed, _) = session.index()?;
    let found = session.atlas.communities(&indexed)?;
    session.warn_cache();
    let limit = if arguments.limit == 0 { usize::MAX } else { arguments.limit as usize };
    let communities = found.communities.iter().take(limit);
    match arguments.format {
        Format::Json => {
            let communities = communities.map(|files| JsonCommunity { files }).collect();
            output::print_json(&JsonCommunities { modularity: found.modularity, communities })
        }
        Format::Table => {
            let rows: Vec<_> = communities.map(|files| vec![files.len().to_string(), named(files)]).collect();
            let count = found.communities.len();
            let noun = if count == 1 { "community" } else { "communities" };
            let head = format!("modularity {:.3}, {count} {noun}\n", found.modularity);
            output::print(&(head + &output::table(&["files", "most tied to each other"], &[0], &rows)))
        }
    }
}

fn named(files: &[String]) -> String {
    let names: Vec<_> = files.iter().take(NAMED).map(|file| output::plain(file)).collect();
    names.join(", ") + if files.len() > NAMED { ", …" } else { "" }
}

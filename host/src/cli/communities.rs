//! `astlas communities`

use std::path::PathBuf;

use anyhow::Result;
use astlas_json::{Communities, Community};
use clap::Args;

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

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let (indexed, _) = session.index()?;
    let found = session.atlas.communities(&indexed)?;
    session.warn_cache();
    let all = found.communities.len();
    let Communities { modularity, communities } = Communities::new(found, arguments.limit);
    match arguments.format {
        Format::Json => output::print_json(&Communities { modularity, communities }),
        Format::Table => {
            let row = |Community { files }: &Community| vec![files.len().to_string(), named(files)];
            let rows: Vec<_> = communities.iter().map(row).collect();
            let noun = if all == 1 { "community" } else { "communities" };
            let head = format!(
                "modularity {modularity:.3}, {all} {noun}
"
            );
            output::print(&(head + &output::table(&["files", "most tied to each other"], &[0], &rows)))
        }
    }
}

fn named(files: &[String]) -> String {
    let names: Vec<_> = files.iter().take(NAMED).map(|file| output::plain(file)).collect();
    names.join(", ") + if files.len() > NAMED { ", …" } else { "" }
}

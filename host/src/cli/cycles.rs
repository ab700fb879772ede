//! `astlas cycles`

use std::path::PathBuf;

use anyhow::Result;
use astlas_json::{Cycle, limited};
use clap::Args;

use super::{Format, Global};
use crate::{output, session::Session};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Folder whose files are searched
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Most cycles to print (0: all)
    #[arg(long, value_name = "N", default_value_t = 20, allow_negative_numbers = true)]
    limit: u32,
    /// How the cycles are printed; json names all their files
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let session = Session::open(&arguments.path, global)?;
    let (indexed, _) = session.index()?;
    let found = session.atlas.cycles(&indexed)?;
    session.warn_cache();
    if found.is_empty() {
        session.warner.note("no file uses another one that uses it, directly or over others");
    }
    let rows = limited(found, arguments.limit).map(Cycle::from);
    match arguments.format {
        Format::Json => output::print_json(&rows.collect::<Vec<_>>()),
        Format::Table => {
            let cells = |row: Cycle| vec![row.files.len().to_string(), way(&row.shortest)];
            output::print(&output::table(&["files", "shortest cycle"], &[0], &rows.map(cells).collect::<Vec<_>>()))
        }
    }
}

/// A cycle, from its first file back to it.
fn way(cycle: &[String]) -> String {
    let files: Vec<_> = cycle.iter().chain(cycle.first()).map(|file| output::plain(file)).collect();
    files.join(" → ")
}

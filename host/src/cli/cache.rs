//! `astlas cache`

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Format, Global};
use crate::{
    output,
    session::{cache_folder, cache_settings},
};

#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show where the cache is and what it holds
    Stats {
        /// How the figures are printed
        #[arg(long, value_name = "FORMAT", default_value = "table")]
        format: Format,
    },
    /// Empty the cache
    Clear,
}

#[derive(Serialize)]
struct Figures {
    path: String,
    entries: u64,
    bytes: u64,
    limit_bytes: u64,
    kinds: Vec<Kind>,
}

#[derive(Serialize)]
struct Kind {
    kind: String,
    entries: u64,
    bytes: u64,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let folder = cache_folder(global)?;
    let cache = astlas_cache::Cache::open(cache_settings(&folder, global));
    match arguments.command {
        Command::Stats { format } => {
            let stats = cache.stats();
            let kind = |kind: astlas_cache::Kind| Kind { kind: kind.name, entries: kind.entries, bytes: kind.bytes };
            let figures = Figures {
                path: stats.path.display().to_string(),
                entries: stats.entries,
                bytes: stats.bytes,
                limit_bytes: stats.limit_bytes,
                kinds: stats.kinds.into_iter().map(kind).collect(),
            };
            warn(&cache, global);
            match format {
                Format::Json => output::print_json(&figures),
                Format::Table => output::print(&text(&figures)),
            }
        }
        Command::Clear => {
            let cleared = cache.clear();
            warn(&cache, global);
            if !cleared {
                bail!("{}: the cache could not be emptied; delete the folder to be rid of it", folder.display());
            }
            Ok(())
        }
    }
}

fn warn(cache: &astlas_cache::Cache, global: &Global) {
    for warning in cache.take_warnings() {
        if !global.quiet {
            anstream::eprintln!("{}warning:{} {warning}", output::WARNING.render(), output::WARNING.render_reset());
        }
    }
}

fn text(figures: &Figures) -> String {
    let mut rows = vec![vec!["all".to_owned(), figures.entries.to_string(), figures.bytes.to_string()]];
    for kind in &figures.kinds {
        rows.push(vec![kind.kind.clone(), kind.entries.to_string(), kind.bytes.to_string()]);
    }
    let table = output::table(&["kind", "entries", "bytes"], &[1, 2], &rows);
    format!("{}, at most {} bytes\n{table}", figures.path, figures.limit_bytes)
}

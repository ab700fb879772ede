//! `astlas cache`

use std::{fs, io, path::Path};

use anyhow::{Result, bail};
use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Format, Global};
use crate::{
    cache::CommandCache,
    output,
    place::{cache_folder, cache_settings},
    warner::Warner,
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
    match arguments.command {
        Command::Stats { format } => {
            let figures = figures(&folder, global);
            match format {
                Format::Json => output::print_json(&figures),
                Format::Table => output::print(&text(&figures)),
            }
        }
        Command::Clear => {
            if has_cache(&folder, global) && !open(&folder, global, astlas_cache::Cache::clear) {
                bail!("{}: the cache could not be emptied; delete the folder to be rid of it", folder.display());
            }
            Ok(())
        }
    }
}

/// Whether a folder holds something of a cache. Opening one that is not there would make it.
fn has_cache(folder: &Path, global: &Global) -> bool {
    let is_cache = |file: fs::DirEntry| {
        let path = file.path();
        path.extension().is_some_and(|ending| ending == "sqlite") || path == cache_settings(folder, global).components()
    };
    match fs::read_dir(folder) {
        Ok(files) => files.flatten().any(is_cache),
        // One that cannot be listed is for the cache to complain about.
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

fn open<R>(folder: &Path, global: &Global, action: impl FnOnce(&astlas_cache::Cache) -> R) -> R {
    let cache = astlas_cache::Cache::open(cache_settings(folder, global));
    let result = action(&cache);
    Warner::new(global).warn_of(&CommandCache::File(Box::new(cache)));
    result
}

fn figures(folder: &Path, global: &Global) -> Figures {
    if !has_cache(folder, global) {
        let limit_bytes = cache_settings(folder, global).limit_bytes;
        return Figures { path: folder.display().to_string(), entries: 0, bytes: 0, limit_bytes, kinds: vec![] };
    }
    let stats = open(folder, global, astlas_cache::Cache::stats);
    let kind = |kind: astlas_cache::Kind| Kind { kind: kind.name, entries: kind.entries, bytes: kind.bytes };
    Figures {
        path: stats.path.display().to_string(),
        entries: stats.entries,
        bytes: stats.bytes,
        limit_bytes: stats.limit_bytes,
        kinds: stats.kinds.into_iter().map(kind).collect(),
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

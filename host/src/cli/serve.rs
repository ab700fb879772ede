//! `astlas serve`

use std::{env, net::SocketAddr, path::PathBuf};

use anyhow::{Result, bail};
use astlas_service::{Layers, Settings};
use clap::{
    Args, ValueHint,
    builder::{OsStringValueParser, TypedValueParser},
};

use super::{Global, Usage};
use crate::{
    artifacts, output,
    place::{cache_folder, cache_settings},
    session,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Read the settings from this file; deploy/astlas.toml has all of them
    #[arg(
        long,
        value_name = "FILE",
        env = "ASTLAS_CONFIG",
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        value_hint = ValueHint::FilePath,
    )]
    config: Option<PathBuf>,
    /// Where to listen, over ASTLAS_LISTEN and the file [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Folder of archives, over ASTLAS_BLOBS_FOLDER and the file [default: blobs in the cache's folder]
    #[arg(long, value_name = "DIR")]
    blobs: Option<String>,
    /// Print the settings that come of file, environment and flags, without secrets, and end
    #[arg(long)]
    check_config: bool,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let layers = layers(arguments, global).map_err(|error| Usage(error.to_string()))?;
    let configuration = layers.read().map_err(|error| Usage(error.to_string()))?;
    if arguments.check_config {
        return output::print(&layers.shown().map_err(|error| Usage(error.to_string()))?);
    }
    if global.no_cache {
        bail!(Usage("serve keeps its indexes in the cache; leave --no-cache out, or give another --cache-dir".into()));
    }
    let cache = cache_settings(&cache_folder(global)?, global);
    let stages = session::stages(Some(&cache), global)?;
    let (query, ingest) = (artifacts::query(), artifacts::ingest());
    astlas_service::serve(Settings { configuration, cache, query, ingest }, stages)
}

/// The file, the environment over it, flags over both.
fn layers(arguments: &Arguments, global: &Global) -> Result<Layers, astlas_service::ConfigurationError> {
    let mut layers = Layers::new();
    // An empty name is that of a variable which is set to nothing: as good as none.
    if let Some(file) = arguments.config.as_deref().filter(|file| !file.as_os_str().is_empty()) {
        layers = layers.with_file(file)?;
    }
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    layers = layers.with_environment(env::vars_os().filter_map(text))?;
    if let Some(address) = arguments.listen {
        layers = layers.with_flag("", "listen", address.to_string(), "--listen");
    }
    if let Some(folder) = &arguments.blobs {
        layers = layers.with_flag("blobs", "folder", folder.clone(), "--blobs");
    }
    // As for every command: results and errors alone, or more than usual.
    for (is_set, level, flag) in [(global.quiet, "error", "--quiet"), (global.verbose, "debug", "--verbose")] {
        if is_set {
            layers = layers.with_flag("telemetry", "level", level.into(), flag);
        }
    }
    Ok(layers)
}

//! `astlas serve`, `astlas worker` and `astlas sweep`: the service in its roles, all by one configuration.

use std::{env, net::SocketAddr, path::PathBuf};

use anyhow::{Result, anyhow, bail};
use astlas_engine::Runtime;
use astlas_identity::Tenant;
use astlas_service::{Answered, ConfigurationError, Layers, Question, Settings};
use clap::{
    Args, ValueHint,
    builder::{OsStringValueParser, TypedValueParser},
};

use super::{Global, Several, Usage};
use crate::{
    artifacts, output,
    place::{cache_folder, cache_settings},
    session,
};

/// Where the settings come from.
#[derive(Debug, Args)]
pub(super) struct Configured {
    /// Read the settings from this file; deploy/astlas.toml has all of them
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ASTLAS_CONFIG",
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        value_hint = ValueHint::FilePath,
    )]
    config: Option<PathBuf>,
    /// Folder of archives, over ASTLAS_BLOBS_FOLDER and the file [default: blobs in the cache's folder]
    #[arg(long, global = true, value_name = "DIR")]
    blobs: Option<String>,
}

#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    configured: Configured,
    /// Where to listen, over ASTLAS_LISTEN and the file [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
    /// Check the settings that come of file, environment and flags, print them without secrets, and end
    #[arg(long)]
    check_config: bool,
}

#[derive(Debug, Args)]
pub struct Worker {
    #[command(flatten)]
    configured: Configured,
    /// Where to answer /health and /metrics [default: nowhere]
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

#[derive(Debug, Args)]
pub struct Sweep {
    #[command(flatten)]
    configured: Configured,
    /// Forget commits that were indexed longer ago than this
    #[arg(long, value_name = "DAYS", default_value_t = 30)]
    older_than_days: u64,
    /// Of this tenant alone [default: of all]
    #[arg(long, value_name = "NAME")]
    tenant: Option<Tenant>,
}

/// Serves until it is told to stop.
pub fn serve(arguments: &Serve, global: &Global) -> Result<()> {
    let mut layers = layers(&arguments.configured, global)?;
    if let Some(address) = arguments.listen {
        layers = layers.with_flag("", "listen", address.to_string(), "--listen");
    }
    if arguments.check_config {
        let configuration = layers.read().map_err(|error| Usage(error.to_string()))?;
        configuration.check()?;
        return output::print(&layers.shown().map_err(|error| Usage(error.to_string()))?);
    }
    let (settings, stages) = opened(&layers, "serve", global)?;
    astlas_service::serve(settings, stages)
}

/// Works on messages until it is told to stop.
pub fn work(arguments: &Worker, global: &Global) -> Result<()> {
    let (settings, stages) = opened(&layers(&arguments.configured, global)?, "worker", global)?;
    astlas_service::work(settings, stages, arguments.listen)
}

/// Forgets what is old.
pub fn sweep(arguments: &Sweep, global: &Global) -> Result<()> {
    let (settings, stages) = opened(&layers(&arguments.configured, global)?, "sweep", global)?;
    let body = format!("{{\"older_than_days\":{}}}", arguments.older_than_days);
    let question = Question { method: "POST", path: "/internal/sweep", body: &body };
    let mut failed = vec![];
    for Answered { tenant, status, body } in astlas_service::ask(settings, stages, arguments.tenant.as_ref(), question)?
    {
        let answer = String::from_utf8_lossy(&body).into_owned();
        match status {
            400.. => failed.push(anyhow!("nothing more of {tenant} was swept: {answer}")),
            // With its name, where there may be others.
            _ => output::print(&format!("{{\"tenant\":\"{tenant}\",\"removed\":{answer}}}\n"))?,
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!(Several(failed)) }
}

pub(super) fn opened(layers: &Layers, command: &str, global: &Global) -> Result<(Settings, Runtime)> {
    let configuration = layers.read().map_err(|error| Usage(error.to_string()))?;
    if global.no_cache {
        let what = format!("{command} keeps its indexes in the cache");
        bail!(Usage(format!("{what}; leave --no-cache out, or give another --cache-dir")));
    }
    let cache = cache_settings(&cache_folder(global)?, global);
    let stages = session::stages(Some(&cache), global)?;
    let (query, ingest) = (artifacts::query(), artifacts::ingest());
    Ok((Settings { configuration, cache, query, ingest }, stages))
}

/// The file, the environment over it, flags over both.
pub(super) fn layers(configured: &Configured, global: &Global) -> Result<Layers> {
    let usage = |error: ConfigurationError| Usage(error.to_string());
    let mut layers = Layers::new();
    // An empty name is that of a variable which is set to nothing: as good as none.
    if let Some(file) = configured.config.as_deref().filter(|file| !file.as_os_str().is_empty()) {
        layers = layers.with_file(file).map_err(usage)?;
    }
    let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
        Some((name.into_string().ok()?, value.into_string().ok()?))
    };
    layers = layers.with_environment(env::vars_os().filter_map(text)).map_err(usage)?;
    if let Some(folder) = &configured.blobs {
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

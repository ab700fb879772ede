//! `astlas serve`

use std::{net::SocketAddr, path::PathBuf};

use anyhow::{Result, bail};
use astlas_service::Settings;
use clap::Args;

use super::{Global, Usage};
use crate::{
    artifacts,
    place::{cache_folder, cache_settings},
    session,
    warner::Warner,
};

#[derive(Debug, Args)]
pub struct Arguments {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", env = "ASTLAS_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Folder of archives [default: blobs in the cache's folder]
    #[arg(long, value_name = "DIR", env = "ASTLAS_BLOBS")]
    blobs: Option<PathBuf>,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    if global.no_cache {
        bail!(Usage("serve keeps its indexes in the cache; leave --no-cache out, or give another --cache-dir".into()));
    }
    let folder = cache_folder(global)?;
    let settings = Settings {
        listen: arguments.listen,
        blobs: arguments.blobs.clone().unwrap_or_else(|| folder.join("blobs")),
        cache: cache_settings(&folder, global),
        query: artifacts::query(),
        ingest: artifacts::ingest(),
    };
    let warner = Warner::new(global);
    let stages = session::stages(Some(&settings.cache), global)?;
    astlas_service::serve(settings, stages, |address| warner.say(&format!("listening on http://{address}")))
}

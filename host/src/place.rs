//! Where the cache lives.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use etcetera::BaseStrategy;

use crate::cli::Global;

/// The cache's folder: `--cache-dir`, else the user's cache folder.
pub fn cache_folder(global: &Global) -> Result<PathBuf> {
    // An empty value is that of a variable which is set to nothing: as good as none.
    if let Some(folder) = global.cache_dir.as_deref().filter(|folder| !folder.as_os_str().is_empty()) {
        return Ok(if folder.is_relative() { env::current_dir()?.join(folder) } else { folder.to_owned() });
    }
    let strategy = etcetera::choose_base_strategy().context("no home folder; give --cache-dir or --no-cache")?;
    Ok(strategy.cache_dir().join("astlas"))
}

/// How the cache in this folder is opened.
pub fn cache_settings(folder: &Path, global: &Global) -> astlas_cache::Settings {
    let mut settings = astlas_cache::Settings::new(folder);
    settings.limit_bytes = global.cache_limit.saturating_mul(1 << 20);
    settings
}

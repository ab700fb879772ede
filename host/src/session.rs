//! What a command works with: the runtime, the cache, the tree, and where warnings go.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use astlas_atlas::{
    Atlas,
    index::{IndexError, Indexed},
    memory::MemoryCache,
};
use astlas_engine::Runtime;
use etcetera::BaseStrategy;

use crate::{
    artifacts::artifacts,
    cache::CommandCache,
    cli::{Global, Usage},
    files::Tree,
    output,
    progress::Bar,
};

/// Warnings of one kind shown one by one; of more there is only a number, unless `-v`.
const SHOWN_WARNINGS: usize = 5;

/// The ports of a command, put together.
pub struct Session {
    /// The use cases.
    pub atlas: Atlas<Runtime, CommandCache>,
    /// The folder the command works on.
    pub root: PathBuf,
    global: Global,
}

impl Session {
    /// A session for the folder `path`.
    pub fn open(path: &Path, global: &Global) -> Result<Self> {
        let root = folder(path)?;
        let repository = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex()[..16].to_owned();
        let folder = if global.no_cache { None } else { cache_folder(global).ok() };
        let cache = match &folder {
            Some(folder) => CommandCache::File(Box::new(astlas_cache::Cache::open(cache_settings(folder, global)))),
            None => CommandCache::Memory(MemoryCache::default()),
        };
        let stages = Runtime::new(artifacts(), folder.map(|folder| folder.join("components")), 0)?;
        Ok(Self { atlas: Atlas { stages, cache, repository }, root, global: global.clone() })
    }

    /// Indexes the folder and says on stderr what was left out.
    pub fn index(&self) -> Result<(Indexed, Tree)> {
        let tree = Tree::list(&self.root);
        self.warn_all(&tree.warnings);
        let bar = Bar::new(!self.global.quiet && output::stderr_is_terminal());
        let indexed = pollster::block_on(self.atlas.index(&tree, &bar)).map_err(|error| match error {
            IndexError::NoSource => anyhow::anyhow!(
                "{}: no source files found; `astlas doctor` lists the languages, and .gitignore and .astlasignore are respected",
                self.root.display()
            ),
            IndexError::Stage(error) => anyhow::Error::from(error),
        })?;
        let unreadable = indexed.report.unreadable.iter().map(|(path, reason)| format!("{path}: left out: {reason}"));
        self.warn_all(&unreadable.collect::<Vec<_>>());
        self.warn_cache();
        if self.global.verbose {
            let report = &indexed.report;
            self.note(&format!("{} files, {} parsed, {} known", report.files, report.parsed, report.cached));
        }
        Ok((indexed, tree))
    }

    /// Paths as given on the command line, relative to the root; those outside are an error.
    pub fn relative(&self, files: &[PathBuf]) -> Result<Vec<String>> {
        files.iter().map(|file| self.relative_path(file)).collect()
    }

    fn relative_path(&self, file: &Path) -> Result<String> {
        let text = |path: &Path| path.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/"));
        // Relative to PATH first, as the documentation says; then as the shell means it.
        if file.is_relative()
            && self.root.join(file).exists()
            && !file.components().any(|part| part.as_os_str() == "..")
        {
            let plain: PathBuf = file.components().filter(|part| part.as_os_str() != ".").collect();
            return text(&plain).with_context(|| format!("{}: its name is not UTF-8", file.display()));
        }
        let absolute = fs::canonicalize(file).map_err(|error| {
            Usage(format!("{}: {error}; give it relative to {}", file.display(), self.root.display()))
        })?;
        match absolute.strip_prefix(&self.root).ok().and_then(text) {
            Some(path) => Ok(path),
            None => {
                bail!(Usage(format!("{}: outside {}; give files of that folder", file.display(), self.root.display())))
            }
        }
    }

    /// A warning on stderr.
    pub fn warn(&self, text: &str) {
        if !self.global.quiet {
            anstream::eprintln!("{}warning:{} {text}", output::WARNING.render(), output::WARNING.render_reset());
        }
    }

    fn warn_all(&self, texts: &[String]) {
        let shown = if self.global.verbose { texts.len() } else { SHOWN_WARNINGS };
        for text in texts.iter().take(shown) {
            self.warn(text);
        }
        if texts.len() > shown {
            self.warn(&format!("{} more were left out; -v lists them", texts.len() - shown));
        }
    }

    /// Says what happened to the cache, if anything did.
    pub fn warn_cache(&self) {
        if let CommandCache::File(cache) = &self.atlas.cache {
            for warning in cache.take_warnings() {
                self.warn(&warning.to_string());
            }
        }
    }

    fn note(&self, text: &str) {
        if !self.global.quiet {
            anstream::eprintln!("{text}");
        }
    }
}

/// The folder a command works on, as an absolute path.
fn folder(path: &Path) -> Result<PathBuf> {
    let metadata = fs::metadata(path).map_err(|error| Usage(format!("{}: {error}; give a folder", path.display())))?;
    if !metadata.is_dir() {
        bail!(Usage(format!("{}: is a file; give the folder it is in", path.display())));
    }
    fs::read_dir(path).with_context(|| format!("{}: cannot be listed", path.display()))?;
    fs::canonicalize(path).with_context(|| path.display().to_string())
}

/// Where the cache lives: `--cache-dir`, else the user's cache folder.
pub fn cache_folder(global: &Global) -> Result<PathBuf> {
    if let Some(folder) = &global.cache_dir {
        return Ok(if folder.is_relative() { env::current_dir()?.join(folder) } else { folder.clone() });
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

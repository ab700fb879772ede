//! What a command works with: the use cases over their ports, the folder, and where warnings go.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use astlas_atlas::{
    Atlas,
    index::{IndexError, Listing},
    indexed::Indexed,
    memory::MemoryCache,
    ports::{Files, Stages},
};
use astlas_engine::{LanguageComponent, Runtime};
use astlas_history::{Bounds, HistoryError, ObjectId, Read, Repo};
use astlas_model::History;

use crate::{
    artifacts::artifacts,
    cache::CommandCache,
    cli::{Global, Usage},
    files::Tree,
    output,
    place::{cache_folder, cache_settings},
    progress::Bar,
    skipped,
    warner::Warner,
};

/// The use cases as this program runs them.
pub type CommandAtlas = Atlas<Runtime, CommandCache>;

/// The use cases for a repository of this name; those that take no folder need none.
pub fn atlas(repository: &str, global: &Global) -> Result<CommandAtlas> {
    let folder = if global.no_cache { None } else { cache_folder(global).ok() };
    let settings = folder.map(|folder| cache_settings(&folder, global));
    let stages = stages(settings.as_ref(), global)?;
    let cache = match settings {
        Some(settings) => CommandCache::File(Box::new(astlas_cache::Cache::open(settings))),
        None => CommandCache::Memory(MemoryCache::default()),
    };
    Ok(Atlas { stages, cache, repository: repository.to_owned() })
}

/// The stages, with the languages that were asked for. Compiled code is kept beside the cache, if there is one.
pub fn stages(cache: Option<&astlas_cache::Settings>, global: &Global) -> Result<Runtime> {
    let components = cache.map(astlas_cache::Settings::components);
    let stages = Runtime::new(artifacts(), components.clone(), 0)?;
    let languages = language_components(&global.language_component, components.as_deref(), &stages)?;
    Ok(stages.with_languages(languages))
}

/// The components of these files. Compiled code may be kept in `folder`.
fn language_components(files: &[PathBuf], folder: Option<&Path>, stages: &Runtime) -> Result<Vec<LanguageComponent>> {
    // Without any, nobody asks the parser for its languages: they are in the cache.
    let (mut taken, mut components) = (vec![], vec![]);
    for file in files {
        if taken.is_empty() {
            taken = stages.languages()?;
        }
        let unreadable = |error| Usage(format!("--language-component {}: {error}; give a file", file.display()));
        let bytes = fs::read(file).map_err(unreadable)?;
        let component = LanguageComponent::load(&bytes, folder, &taken)
            .map_err(|error| Usage(format!("--language-component {}: {error}", file.display())))?;
        taken.extend(component.languages().iter().cloned());
        components.push(component);
    }
    Ok(components)
}

/// A folder to work on, and all that is needed for it.
pub struct Session {
    /// The use cases.
    pub atlas: CommandAtlas,
    /// The folder the command works on.
    pub root: PathBuf,
    /// Where warnings go.
    pub warner: Warner,
}

impl Session {
    /// A session for the folder `path`.
    pub fn open(path: &Path, global: &Global) -> Result<Self> {
        let root = folder(path)?;
        let repository = &blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex()[..16];
        Ok(Self { atlas: atlas(repository, global)?, root, warner: Warner::new(global) })
    }

    /// Indexes the folder and says on stderr what was left out.
    pub fn index(&self) -> Result<(Indexed, Tree)> {
        let tree = Tree::list(&self.root);
        self.warner.warn_all(&tree.warnings);
        let indexed = self.index_files(&tree, Listing::FOLDER)?;
        Ok((indexed, tree))
    }

    /// Shows how far indexing has come, where anyone looks.
    pub fn progress(&self) -> Bar {
        Bar::new(!self.warner.is_quiet() && output::stderr_is_terminal())
    }

    /// Indexes these files, as [`Session::index`] does the folder's.
    pub fn index_files(&self, files: &impl Files, listing: Listing) -> Result<Indexed> {
        let bar = self.progress();
        let indexed = pollster::block_on(self.atlas.index_listed(files, listing, &bar)).map_err(|error| match error {
            IndexError::NoSource => anyhow::anyhow!(
                "{}: no source files found; `astlas doctor` lists the languages, and .gitignore and .astlasignore are respected",
                self.root.display()
            ),
            IndexError::Stage(error) => anyhow::Error::from(error),
        })?;
        let report = &indexed.report;
        let unreadable = report
            .unreadable
            .iter()
            .map(|(path, reason)| format!("{path}: left out: {reason}; make it readable, or name it in .astlasignore"));
        self.warner.warn_all(&unreadable.collect::<Vec<_>>());
        if report.files == 0 {
            self.warn_cache();
            bail!("{}: none of its source files can be read", self.root.display());
        }
        self.warner.warn_all(&skipped::without_tags(&self.atlas, &indexed, files)?);
        self.warn_cache();
        self.warner.note(&format!("{} files, {} parsed, {} cached", report.files, report.parsed, report.cached));
        Ok(indexed)
    }

    /// Says what happened to the cache, if anything did.
    pub fn warn_cache(&self) {
        self.warner.warn_of(&self.atlas.cache);
    }

    /// Paths of a change as given on the command line, relative to the root. A file that is gone or that lies outside is
    /// part of the change all the same; what there is to know of it is nothing.
    pub fn of_change(&self, files: &[PathBuf]) -> Vec<String> {
        files.iter().map(|file| self.relative_path(file).unwrap_or_else(|_| file.display().to_string())).collect()
    }

    /// What changed together in the folder's git repository up to a commit (none: its newest); `None` without one.
    pub fn history(&self, newest: Option<ObjectId>) -> Option<History> {
        let repository = match Repo::open(&self.root) {
            Ok(repository) => repository,
            Err(HistoryError::None) => return None,
            Err(error) => {
                self.warner.warn(&format!("{error}; ranked without it (--no-history says so beforehand)"));
                return None;
            }
        };
        let newest = newest.unwrap_or_else(|| repository.head());
        let read = || match repository.read(newest, Bounds::default()) {
            Ok(Read { history, is_cut }) => {
                if is_cut {
                    self.warner.warn("the git history takes too long to read; ranked by its newest part");
                }
                Some((history, !is_cut))
            }
            Err(error) => {
                self.warner.warn(&format!("{error}; ranked without it (--no-history says so beforehand)"));
                None
            }
        };
        pollster::block_on(self.atlas.history(&repository.key(newest), read))
    }

    /// Paths as given on the command line, relative to the root; those outside are an error.
    pub fn relative(&self, files: &[PathBuf]) -> Result<Vec<String>> {
        files.iter().map(|file| self.relative_path(file)).collect()
    }

    fn relative_path(&self, file: &Path) -> Result<String> {
        let text = |path: &Path| {
            let text = path.to_str().map(|path| path.replace(std::path::MAIN_SEPARATOR, "/"));
            text.ok_or_else(|| Usage(format!("{}: its name is not UTF-8; rename it", file.display())).into())
        };
        // Relative to PATH first, as the documentation says; then as the shell means it.
        if file.is_relative()
            && self.root.join(file).exists()
            && !file.components().any(|part| part.as_os_str() == "..")
        {
            let plain: PathBuf = file.components().filter(|part| part.as_os_str() != ".").collect();
            return text(&plain);
        }
        let absolute = fs::canonicalize(file).map_err(|error| {
            Usage(format!("{}: {error}; give it relative to {}", file.display(), self.root.display()))
        })?;
        match absolute.strip_prefix(&self.root) {
            Ok(path) => text(path),
            Err(_) => {
                bail!(Usage(format!("{}: outside {}; give files of that folder", file.display(), self.root.display())))
            }
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

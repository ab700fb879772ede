//! The tree of a command: files that git would see, less what `.astlasignore` names.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use astlas_atlas::ports::{Entry, Files, ReadError, Stamp};
use ignore::{WalkBuilder, WalkState};

/// A folder on disk, listed once.
pub struct Tree {
    root: PathBuf,
    listed_at: i64,
    entries: Vec<Entry>,
    /// What could not be listed, one line each.
    pub warnings: Vec<String>,
}

impl Tree {
    /// Lists a folder. Links are not followed, so they cannot lead outside or in circles.
    pub fn list(root: &Path) -> Self {
        let listed_at = nanoseconds(SystemTime::now());
        let found = Mutex::new((vec![], vec![]));
        let mut walk = WalkBuilder::new(root);
        // Hidden files are left out like ignored ones. A folder need not be a git checkout for its .gitignore to count.
        walk.follow_links(false).require_git(false).add_custom_ignore_filename(".astlasignore");
        walk.build_parallel().run(|| {
            let mut here = Batch { found: &found, entries: vec![], warnings: vec![] };
            Box::new(move |result| {
                match result {
                    Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => match entry_of(root, &entry) {
                        Ok(entry) => here.entries.push(entry),
                        Err(warning) => here.warnings.push(warning),
                    },
                    Ok(_) => {}
                    Err(error) => here.warnings.push(error.to_string()),
                }
                WalkState::Continue
            })
        });
        let (mut entries, mut warnings) = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        entries.sort_by(|a: &Entry, b| a.path.cmp(&b.path));
        warnings.sort();
        Self { root: root.into(), listed_at, entries, warnings }
    }
}

/// What one thread of the walk found, handed over when the thread ends.
struct Batch<'a> {
    found: &'a Mutex<(Vec<Entry>, Vec<String>)>,
    entries: Vec<Entry>,
    warnings: Vec<String>,
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        if let Ok(mut found) = self.found.lock() {
            found.0.append(&mut self.entries);
            found.1.append(&mut self.warnings);
        }
    }
}

fn entry_of(root: &Path, entry: &ignore::DirEntry) -> Result<Entry, String> {
    let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let name = || entry.path().display();
    let path = path.to_str().ok_or_else(|| format!("{}: left out: its name is not UTF-8", name()))?;
    let path = path.replace(std::path::MAIN_SEPARATOR, "/");
    if path.contains(['\n', '\r']) {
        return Err(format!("{path:?}: left out: its name holds a line break"));
    }
    let metadata = entry.metadata().map_err(|error| format!("{}: left out: {error}", name()))?;
    Ok(Entry { path, stamp: stamp(&metadata) })
}

fn stamp(metadata: &fs::Metadata) -> Stamp {
    #[cfg(unix)]
    let changed = {
        use std::os::unix::fs::MetadataExt;
        metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
    };
    #[cfg(not(unix))]
    let changed = 0;
    Stamp { size: metadata.len(), modified: metadata.modified().map_or(0, nanoseconds), changed }
}

fn nanoseconds(time: SystemTime) -> i64 {
    let since =
        |earlier: SystemTime, later: SystemTime| later.duration_since(earlier).map(|span| span.as_nanos() as i64);
    since(UNIX_EPOCH, time).or_else(|_| since(time, UNIX_EPOCH).map(|before| -before)).unwrap_or_default()
}

impl Files for Tree {
    fn listed_at(&self) -> i64 {
        self.listed_at
    }

    fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        read(&self.root.join(path), limit).map_err(|error| ReadError(error.to_string()))
    }
}

/// The first `limit` bytes of a file.
pub fn read(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let file = File::open(path)?;
    let size = file.metadata()?.len().min(limit);
    let mut bytes = Vec::with_capacity(size as usize + 1);
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

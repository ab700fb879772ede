//! The tree of a command: files that git would see, less what `.astlasignore` names.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Mutex,
    time::{SystemTime, UNIX_EPOCH},
};

use astlas_atlas::ports::{Files, ReadError, Stamp, TreeFile};
use ignore::{WalkBuilder, WalkState};

/// A folder on disk, listed once.
pub struct Tree {
    root: PathBuf,
    listed_at: i64,
    entries: Vec<TreeFile>,
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
                    Err(error) => here.warnings.push(not_listed(root, &error)),
                }
                WalkState::Continue
            })
        });
        let (mut entries, mut warnings) = found.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        entries.sort_by(|a: &TreeFile, b| a.path.cmp(&b.path));
        warnings.sort();
        Self { root: root.into(), listed_at, entries, warnings }
    }
}

/// What one thread of the walk found, handed over when the thread ends.
struct Batch<'a> {
    found: &'a Mutex<(Vec<TreeFile>, Vec<String>)>,
    entries: Vec<TreeFile>,
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

fn entry_of(root: &Path, entry: &ignore::DirEntry) -> Result<TreeFile, String> {
    let path = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let Some(text) = path.to_str() else {
        return Err(format!("{}: left out: its name is not UTF-8; rename it", path.display()));
    };
    let text = text.replace(std::path::MAIN_SEPARATOR, "/");
    if text.contains(['\n', '\r']) {
        return Err(format!("{text:?}: left out: its name holds a line break; rename it"));
    }
    let metadata = entry.metadata().map_err(|error| not_listed(root, &error))?;
    Ok(TreeFile { path: text, stamp: stamp(&metadata) })
}

/// What to say of a place that could not be looked into.
fn not_listed(root: &Path, error: &ignore::Error) -> String {
    fn parts(error: &ignore::Error) -> (Option<&Path>, &ignore::Error) {
        match error {
            ignore::Error::WithDepth { err, .. } => parts(err),
            ignore::Error::WithPath { path, err } => (Some(path), parts(err).1),
            error => (None, error),
        }
    }
    match parts(error) {
        (Some(path), cause) => {
            let path = path.strip_prefix(root).unwrap_or(path).display();
            format!("{path}: left out: {cause}; make it readable, or name it in .astlasignore")
        }
        (None, cause) => cause.to_string(),
    }
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

    fn entries(&self) -> &[TreeFile] {
        &self.entries
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
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

//! A clock for processes, which is the machine's moved by so many seconds: libfaketime, loaded before the program.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use tempfile::TempDir;

/// A clock. Only what time of day it is moves; what has passed since is the machine's.
pub struct Clock {
    folder: TempDir,
    library: PathBuf,
}

impl Clock {
    /// One that goes as the machine's.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap_or_else(|error| panic!("no folder for a clock: {error}"));
        let clock = Self { folder, library: library() };
        clock.set(0);
        clock
    }

    /// Moves it. Processes that run see it within two seconds, after they have looked at it once more.
    pub fn set(&self, seconds: i64) {
        // Whoever looks finds one time or the other.
        let (file, next) = (self.file(), self.folder.path().join("next"));
        let done = fs::write(&next, format!("{seconds:+}s")).and_then(|()| fs::rename(&next, &file));
        done.unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }

    /// What a process is told, so that it has this clock.
    pub fn variables(&self) -> Vec<(String, String)> {
        let text = |path: &Path| path.display().to_string();
        let variables = [
            ("LD_PRELOAD", text(&self.library)),
            ("FAKETIME_TIMESTAMP_FILE", text(&self.file())),
            ("FAKETIME_CACHE_DURATION", "1".into()),
            ("DONT_FAKE_MONOTONIC", "1".into()),
            // What is shared between processes would stay behind one that is killed.
            ("FAKETIME_DISABLE_SHM", "1".into()),
        ];
        variables.map(|(name, value)| (name.to_owned(), value)).to_vec()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

/// The library, as Debian's package lays it down: installed, or unpacked by `cargo xtask test`.
fn library() -> PathBuf {
    if let Some(path) = env::var_os("ASTLAS_FAKETIME") {
        return path.into();
    }
    let unpacked = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/faketime/usr/lib");
    let folders = [PathBuf::from("/usr/lib"), unpacked];
    let architectures = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten();
    let mut found =
        architectures.map(|entry| entry.path().join("faketime/libfaketime.so.1")).filter(|path| path.is_file());
    found.next().and_then(|path| path.canonicalize().ok()).unwrap_or_else(|| {
        panic!(
            "libfaketime is missing: run `cargo xtask test`, install it (Debian: apt-get install libfaketime), or say in \
             ASTLAS_FAKETIME where it is"
        )
    })
}

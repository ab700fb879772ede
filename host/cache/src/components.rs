//! Compiled components, which the engine keeps in a folder beside the cache file. They can be made again like all else
//! in a cache, so they are counted and cleared with it.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::{Duration, SystemTime};

use crate::stats::Kind;

/// The folder, in that of the cache. Also the name of the kind under which its files are counted.
pub(crate) const FOLDER: &str = "components";

/// What the name of every compiled component holds, that of one half written included.
const MARK: &str = ".cwasm";

/// Age at which a file is removed: by then a new version has taken over, or else writes it anew.
const OLD: Duration = Duration::from_secs(30 * 24 * 3600);

/// Number and bytes of the files.
pub(crate) fn count(folder: &Path) -> Kind {
    let bytes: Vec<u64> = files(folder).filter_map(|file| Some(file.metadata().ok()?.len())).collect();
    Kind { name: FOLDER.into(), entries: bytes.len() as u64, bytes: bytes.iter().sum() }
}

/// Removes all files; tells whether none is left. Programs that run on one of them are not disturbed.
pub(crate) fn clear(folder: &Path) -> bool {
    files(folder).filter(|file| fs::remove_file(file.path()).is_err()).count() == 0
}

/// Removes the files of versions that are no longer used.
pub(crate) fn remove_old(folder: &Path, now: SystemTime) {
    for file in files(folder) {
        let written = file.metadata().and_then(|metadata| metadata.modified());
        if written.is_ok_and(|written| now.duration_since(written).is_ok_and(|age| age > OLD)) {
            // What cannot be removed takes room and does no harm.
            let _ = fs::remove_file(file.path());
        }
    }
}

fn files(folder: &Path) -> impl Iterator<Item = DirEntry> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter(|file| file.file_name().to_string_lossy().contains(MARK))
}

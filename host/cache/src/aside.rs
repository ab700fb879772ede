//! Moves a file out of the way, with what SQLite kept beside it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::place::{COMPANIONS, beside};

/// How many files put aside are kept. Each may be as large as the cache; the oldest makes room.
const KEPT: u32 = 3;

/// Renames `file` to the newest of the put-aside names and tells which that is. The caller holds the gate alone.
pub(crate) fn put_aside(file: &Path) -> io::Result<PathBuf> {
    let slot = match (1..=KEPT).find(|&slot| !exists(&name(file, slot))) {
        Some(free) => free,
        None => {
            drop_oldest(file)?;
            KEPT
        }
    };
    let target = name(file, slot);
    // The file first: should this be cut short, SQLite throws away a journal whose file is gone.
    fs::rename(file, &target)?;
    for suffix in COMPANIONS {
        let companion = beside(file, suffix);
        if exists(&companion) && fs::rename(&companion, beside(&target, suffix)).is_err() {
            // A journal left here would be taken for that of the next file.
            fs::remove_file(&companion)?;
        }
    }
    Ok(target)
}

/// Removes the first of the kept files and moves the others up.
fn drop_oldest(file: &Path) -> io::Result<()> {
    // A directory is not ours to empty: removing it fails and the cache goes unused, which the user is told.
    fs::remove_file(name(file, 1))?;
    for suffix in COMPANIONS {
        remove(&beside(&name(file, 1), suffix))?;
    }
    for slot in 2..=KEPT {
        let (from, to) = (name(file, slot), name(file, slot - 1));
        fs::rename(&from, &to)?;
        for suffix in COMPANIONS {
            if exists(&beside(&from, suffix)) {
                fs::rename(beside(&from, suffix), beside(&to, suffix))?;
            }
        }
    }
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn name(file: &Path, slot: u32) -> PathBuf {
    beside(file, &format!(".bad-{slot}"))
}

/// Whether anything has that name, a dangling link included.
fn exists(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

//! Lists a folder as if it had no folders: in order of the names' bytes.

use std::{
    fs::{self, Metadata},
    io,
    os::unix::fs::MetadataExt,
    path::Path,
};

use astlas_atlas::ports::Blob;

use super::{LISTED, folder::UPLOADS};

/// Values whose names begin with `prefix` and come after `after`, the first thousand.
pub fn list(folder: &Path, prefix: &str, after: &str) -> io::Result<Vec<Blob>> {
    let mut blobs = vec![];
    walk(folder, "", prefix, after, &mut blobs)?;
    Ok(blobs)
}

/// Lists one folder, whose own name, ended by `/`, is `above`.
fn walk(folder: &Path, above: &str, prefix: &str, after: &str, blobs: &mut Vec<Blob>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        // Removed just now, or never made.
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(()),
        Err(error) => return Err(error),
    };
    let mut names = vec![];
    for entry in entries {
        let entry = entry?;
        // Values have names of text.
        let Ok(name) = entry.file_name().into_string() else { continue };
        if above.is_empty() && name == UPLOADS {
            continue;
        }
        // A folder stands where the names of what is in it do.
        let slash = if entry.file_type()?.is_dir() { "/" } else { "" };
        names.push(format!("{above}{name}{slash}"));
    }
    names.sort_unstable();
    for name in names {
        if blobs.len() == LISTED {
            break;
        }
        let path = folder.join(&name[above.len()..]);
        if name.ends_with('/') {
            let is_on_the_way = name.starts_with(prefix) || prefix.starts_with(&name);
            let is_before = name.as_str() < after && !after.starts_with(&name);
            if is_on_the_way && !is_before {
                walk(&path, &name, prefix, after, blobs)?;
            }
        } else if name.starts_with(prefix) && name.as_str() > after {
            match path.metadata() {
                Ok(state) => blobs.push(blob(name, &state)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Each writing makes a file of its own, so its number and times change whenever the content does.
fn blob(name: String, state: &Metadata) -> Blob {
    let digest = format!("{:x}-{:x}-{:x}-{:x}", state.ino(), state.mtime(), state.mtime_nsec(), state.len());
    Blob { name, size: state.len(), updated: u64::try_from(state.mtime()).unwrap_or(0), digest }
}

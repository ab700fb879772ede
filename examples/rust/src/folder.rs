//! Files of a folder.

use std::{fs, io, path::Path};

use crate::exports::astlas::pipeline::pipeline::SourceFile;

/// Paths of the files below a folder, but hidden ones.
pub fn list(folder: &Path) -> io::Result<Vec<String>> {
    list_after(folder, "")
}

/// Each after a prefix.
fn list_after(folder: &Path, prefix: &str) -> io::Result<Vec<String>> {
    let mut found = vec![];
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (kind, name) = (entry.file_type()?, entry.file_name().to_string_lossy().into_owned());
        match prefix.to_owned() + &name {
            _ if name.starts_with('.') => {}
            path if kind.is_dir() => found.extend(list_after(&entry.path(), &(path + "/"))?),
            path if kind.is_file() => found.push(path),
            _ => {}
        }
    }
    Ok(found)
}

/// The files at these paths.
pub fn read(folder: &Path, paths: Vec<String>) -> io::Result<Vec<SourceFile>> {
    let read = |path: String| {
        let bytes = fs::read(folder.join(&path))?;
        Ok(SourceFile { text: String::from_utf8_lossy(&bytes).into_owned(), path })
    };
    paths.into_iter().map(read).collect()
}

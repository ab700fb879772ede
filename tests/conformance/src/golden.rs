//! Goldens: what is seen of the answers of a case, as JSON that people can read, one file for each case.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use serde_json::Value;

/// The folder that they are in, unless somebody says otherwise.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("goldens")
}

fn file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}.json"))
}

/// The golden of a case; none if nobody made one.
pub fn read(folder: &Path, name: &str) -> io::Result<Option<Value>> {
    match fs::read(file(folder, name)) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text)?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Makes what was seen the golden of a case.
pub fn write(folder: &Path, name: &str, seen: &Value) -> io::Result<()> {
    let mut text = serde_json::to_string_pretty(seen)?;
    text.push('\n');
    fs::create_dir_all(folder)?;
    fs::write(file(folder, name), text)
}

//! The small repository as a folder on the disk, with a link that leads out of it.

use std::{fs, os::unix::fs::symlink, path::PathBuf};

use tempfile::TempDir;

use crate::repository::FILES;

/// A file outside of the folder holds this.
pub const OUTSIDE: &str = "def nobodys_business_5f1c(): pass\n";
/// The file that tests may write.
pub const WRITTEN: &str = "app/written.py";

/// A folder that goes when it is dropped.
pub struct Folder(TempDir);

impl Default for Folder {
    fn default() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        for (path, text) in FILES {
            folder.write(path, text.as_bytes());
        }
        let outside = folder.0.path().join("outside");
        fs::create_dir_all(&outside).unwrap();
        fs::write(outside.join("secret.py"), OUTSIDE).unwrap();
        symlink(outside, folder.root().join("link")).unwrap();
        symlink("../outside/secret.py", folder.root().join("secret.py")).unwrap();
        folder
    }
}

impl Folder {
    /// Where it is.
    pub fn root(&self) -> PathBuf {
        self.0.path().join("repo")
    }

    /// Writes a file.
    pub fn write(&self, path: &str, content: &[u8]) {
        let file = self.root().join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }
}

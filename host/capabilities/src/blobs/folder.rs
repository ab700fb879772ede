//! Blobs as files of a folder. A value is written beside its place and moved there when it is whole.

use std::{
    io::{self, ErrorKind},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use astlas_atlas::ports::{Blob, Unavailable};
use astlas_conventions::checked;
use bytes::Bytes;

use super::walk;
use crate::threads;

/// Bytes that nobody is kept waiting for while they are written.
const MUCH: usize = 256 << 10;
/// Bytes without which there is no room: what a job of a small repository keeps.
const LITTLE: usize = 1 << 20;

/// Where values are on their way in.
pub const UPLOADS: &str = ".uploads";
/// An upload of which nothing was heard for so long is removed.
const STALE: Duration = Duration::from_secs(3600);

/// A folder of blobs. What waits for the disk is done by threads that may.
pub struct Folder(Arc<PathBuf>);

impl Folder {
    pub fn new(folder: PathBuf) -> Self {
        Self(Arc::new(folder))
    }

    pub async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Bytes>, Unavailable> {
        let path = self.0.join(name);
        run(path.clone(), move || {
            let file = match std::fs::File::open(&path) {
                Ok(file) => file,
                Err(error) if is_nothing(&error) => return Ok(None),
                Err(error) => return Err(error),
            };
            let state = file.metadata()?;
            if state.is_dir() {
                return Ok(None);
            }
            let length = usize::try_from(length.min(state.len().saturating_sub(offset))).unwrap_or(usize::MAX);
            let (mut part, mut filled) = (vec![0; length], 0);
            // A value is moved to its place as a whole, so nothing of it changes meanwhile.
            while filled < length {
                match file.read_at(&mut part[filled..], offset + filled as u64)? {
                    0 => break,
                    read => filled += read,
                }
            }
            part.truncate(filled);
            Ok(Some(part.into()))
        })
        .await
    }

    pub async fn write(&self, name: &str, value: Bytes) -> Result<(), Unavailable> {
        let (folder, place) = (self.0.clone(), self.0.join(name));
        keep(place.clone(), value.len(), move || {
            let partial = begin(&folder)?;
            let done = std::fs::write(&partial, &value).and_then(|()| settle(&partial, &place, value.len() as u64));
            done.inspect_err(|_| drop(std::fs::remove_file(&partial)))
        })
        .await
    }

    pub async fn begin(&self, name: &str) -> Result<String, Unavailable> {
        let folder = self.0.clone();
        let partial = run(folder.join(UPLOADS), move || begin(&folder)).await?;
        let token = partial.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Ok(format!("{token}/{name}"))
    }

    pub async fn append(&self, upload: &str, offset: u64, part: Bytes) -> Result<(), Unavailable> {
        let (partial, length) = (self.upload(upload)?.0, part.len());
        let write = move || std::fs::OpenOptions::new().write(true).open(&partial)?.write_all_at(&part, offset);
        keep(self.upload(upload)?.0, length, write).await
    }

    pub async fn finish(&self, upload: &str, size: u64) -> Result<(), Unavailable> {
        let (partial, name) = self.upload(upload)?;
        let place = self.0.join(checked(name)?);
        run(place.clone(), move || settle(&partial, &place, size)).await
    }

    pub async fn abandon(&self, upload: &str) {
        if let Ok((partial, _)) = self.upload(upload) {
            // Should it stay, it is removed once it is old.
            let _ = tokio::fs::remove_file(partial).await;
        }
    }

    /// Where the parts of an upload are, and the name of its value.
    fn upload<'a>(&self, upload: &'a str) -> Result<(PathBuf, &'a str), Unavailable> {
        let unknown = || Unavailable("no such upload".into());
        let (token, name) = upload.split_once('/').ok_or_else(unknown)?;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(unknown());
        }
        Ok((self.0.join(UPLOADS).join(token), name))
    }

    pub async fn list(&self, prefix: &str, after: &str) -> Result<Vec<Blob>, Unavailable> {
        let (folder, prefix, after) = (self.0.clone(), prefix.to_string(), after.to_string());
        run(folder.to_path_buf(), move || walk::list(&folder, &prefix, &after)).await
    }

    pub async fn delete(&self, names: &[String]) -> Result<(), Unavailable> {
        let (folder, names) = (self.0.clone(), names.to_vec());
        run(folder.to_path_buf(), move || {
            for name in names {
                let place = folder.join(name);
                match std::fs::remove_file(&place) {
                    // A folder is no value.
                    Err(error) if !is_nothing(&error) && !place.is_dir() => return Err(error),
                    _ => {}
                }
                // What is not empty stays.
                let above = place.ancestors().skip(1).take_while(|above| *above != folder.as_path());
                let _ = above.map(std::fs::remove_dir).find(|removed| removed.is_err());
            }
            Ok(())
        })
        .await
    }

    /// Whether there is room for a little more.
    pub async fn check_room(&self) -> Result<(), Unavailable> {
        let folder = self.0.clone();
        run(folder.to_path_buf(), move || {
            let partial = begin(&folder)?;
            let written = std::fs::write(&partial, vec![1; LITTLE]);
            std::fs::remove_file(&partial).and(written)
        })
        .await
    }

    /// Whether something can be written.
    pub async fn check(&self) -> Result<(), Unavailable> {
        let folder = self.0.clone();
        run(folder.to_path_buf(), move || std::fs::remove_file(begin(&folder)?)).await
    }
}

/// A new, empty file that a value is written to. Old ones that nobody goes on with are removed.
fn begin(folder: &Path) -> io::Result<PathBuf> {
    let uploads = folder.join(UPLOADS);
    std::fs::create_dir_all(&uploads)?;
    let stale = SystemTime::now() - STALE;
    for entry in std::fs::read_dir(&uploads)?.flatten() {
        if entry.metadata().and_then(|state| state.modified()).is_ok_and(|modified| modified < stale) {
            // Somebody else may have been first.
            let _ = std::fs::remove_file(entry.path());
        }
    }
    let made = tempfile::Builder::new().prefix("").rand_bytes(16).tempfile_in(&uploads)?;
    Ok(made.keep().map_err(|error| error.error)?.1)
}

/// Moves a whole value to its place.
fn settle(partial: &Path, place: &Path, size: u64) -> io::Result<()> {
    let file = std::fs::OpenOptions::new().write(true).open(partial)?;
    file.set_len(size)?;
    // By itself it has the time of the system's last tick, and perhaps the number of a file that was just replaced: it
    // could not be told from one that was here some milliseconds ago. Where this cannot be said, it may be so.
    let _ = file.set_modified(SystemTime::now());
    file.sync_all()?;
    // Somebody who removes the last value of a folder may remove the folder just now.
    for _ in 0..10 {
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        match std::fs::rename(partial, place) {
            Err(error) if error.kind() == ErrorKind::NotFound && partial.exists() => {}
            done => return done,
        }
    }
    Err(ErrorKind::NotFound.into())
}

/// Whether there is no such value; nor is there one below another one.
fn is_nothing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

/// Does what writes so many bytes.
async fn keep(
    path: PathBuf,
    length: usize,
    work: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> Result<(), Unavailable> {
    match length {
        ..MUCH => run(path, work).await,
        _ => threads::run_behind(work).await.flatten().map_err(|error| failed(&path, &error)),
    }
}

async fn run<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, Unavailable> {
    let done = threads::run(work).await.map_err(|error| Unavailable(error.to_string()))?;
    done.map_err(|error| failed(&path, &error))
}

/// What is told of an error. Where the folder is, which the error may say as well, is for the log alone.
fn failed(path: &Path, error: &io::Error) -> Unavailable {
    tracing::warn!(name: "blobs.folder", "{}: {error}", path.display());
    Unavailable(format!("the folder of blobs cannot be used: {}; the log says where", error.kind()))
}

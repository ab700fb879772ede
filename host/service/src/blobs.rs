//! Blobs as files of a folder. A value is written beside its place and moved there when it is whole.

use std::{
    io::SeekFrom,
    path::{Component, Path, PathBuf},
};

use tokio::{
    fs::{self, File, OpenOptions},
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};

/// Where values are on their way in.
const UPLOADS: &str = ".uploads";
/// Longest part that is read at once, in bytes.
const PART: u64 = 64 << 20;

/// A folder of blobs.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Up to `length` bytes from `offset` on.
    pub async fn read(&self, name: &str, offset: u64, length: u64) -> Result<Option<Vec<u8>>, String> {
        let path = self.place(name)?;
        let mut file = match File::open(&path).await {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&path, &error)),
        };
        let mut part = vec![];
        file.seek(SeekFrom::Start(offset)).await.map_err(|error| failed(&path, &error))?;
        file.take(length.min(PART)).read_to_end(&mut part).await.map_err(|error| failed(&path, &error))?;
        Ok(Some(part))
    }

    /// Begins a value; the parts go to the file that this names.
    pub async fn begin(&self, name: &str) -> Result<String, String> {
        // Nothing may be begun that could not be finished.
        self.place(name)?;
        let folder = self.0.join(UPLOADS);
        fs::create_dir_all(&folder).await.map_err(|error| failed(&folder, &error))?;
        let made = tempfile::Builder::new().prefix("").rand_bytes(16).tempfile_in(&folder);
        let made = made.and_then(|file| file.keep().map_err(|error| error.error));
        let (_, path) = made.map_err(|error| failed(&folder, &error))?;
        let token = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        Ok(format!("{token}/{name}"))
    }

    pub async fn append(&self, upload: &str, offset: u64, part: &[u8]) -> Result<(), String> {
        let (partial, _) = self.upload(upload)?;
        let write = async {
            let mut file = OpenOptions::new().write(true).open(&partial).await?;
            file.seek(SeekFrom::Start(offset)).await?;
            file.write_all(part).await?;
            file.flush().await
        };
        write.await.map_err(|error| failed(&partial, &error))
    }

    pub async fn finish(&self, upload: &str, size: u64) -> Result<(), String> {
        let (partial, name) = self.upload(upload)?;
        let place = self.place(name)?;
        let finish = async {
            let file = OpenOptions::new().write(true).open(&partial).await?;
            file.set_len(size).await?;
            file.sync_all().await?;
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder).await?;
            }
            fs::rename(&partial, &place).await
        };
        finish.await.map_err(|error| failed(&place, &error))
    }

    /// Where the parts of an upload are, and the name of its value.
    fn upload<'a>(&self, upload: &'a str) -> Result<(PathBuf, &'a str), String> {
        let (token, name) = upload.split_once('/').ok_or("no such upload")?;
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err("no such upload".into());
        }
        Ok((self.0.join(UPLOADS).join(token), name))
    }

    /// Where a value is. A function's names are not trusted: none leads out of the folder.
    fn place(&self, name: &str) -> Result<PathBuf, String> {
        let is_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
        if name.is_empty() || !is_plain || name.starts_with('.') || name.contains(['\0', '\\']) {
            return Err(format!("{name:?} is no name of a blob"));
        }
        Ok(self.0.join(name))
    }
}

fn failed(path: &Path, error: &std::io::Error) -> String {
    format!("{}: {error}", path.display())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_value_is_there_when_it_is_whole_and_never_outside() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Folder::new(folder.path().join("blobs"));
        assert_eq!(blobs.read("a/b", 0, 9).await, Ok(None));
        let upload = blobs.begin("a/b").await.unwrap();
        blobs.append(&upload, 0, b"hello ").await.unwrap();
        blobs.append(&upload, 6, b"there").await.unwrap();
        assert_eq!(blobs.read("a/b", 0, 9).await, Ok(None));
        blobs.finish(&upload, 11).await.unwrap();
        assert_eq!(blobs.read("a/b", 6, 3).await, Ok(Some(b"the".to_vec())));
        assert_eq!(blobs.read("a/b", 11, 3).await, Ok(Some(vec![])));
        for name in ["../a", "/etc/passwd", "a/../../b", "", ".uploads/x", "a\0", "a\\b"] {
            assert!(blobs.begin(name).await.is_err() && blobs.read(name, 0, 1).await.is_err(), "{name}");
        }
        assert!(blobs.append("../../x/y", 0, b"").await.is_err());
        assert!(blobs.append("unknown/a", 0, b"").await.is_err());
    }
}

//! The sources of a commit, read from blobs: one by one where each is a blob of its own, else out of a pack.
//!
//! A pack is a mark, the length of its table, the table, then the contents in the table's order.

use std::cell::{OnceCell, RefCell};

use astlas_model::stored;
use serde::{Deserialize, Serialize};

use crate::{
    commits::Sources,
    memory::{MemoryFiles, stamp},
    ports::{BLOB_PART, Blobs, Files, ReadError, Stamp, TreeFile, Unavailable},
    upload::Upload,
};

const MARK: [u8; 8] = *b"ATLSPACK";
const HEADER: u64 = 16;
/// Longest table, in bytes.
const TABLE_LIMIT: u64 = 256 << 20;

/// All of a value; `None` where there is no such value.
pub async fn read_all(blobs: &impl Blobs, name: &str) -> Result<Option<Vec<u8>>, Unavailable> {
    let mut all = Vec::new();
    loop {
        match blobs.read(name, all.len() as u64, BLOB_PART as u64).await? {
            None => return Ok(None),
            Some(part) => {
                let is_end = part.len() < BLOB_PART;
                all.extend(part);
                if is_end {
                    return Ok(Some(all));
                }
            }
        }
    }
}

/// A file of a pack.
#[derive(Serialize, Deserialize)]
struct Packed {
    path: String,
    stamp: Stamp,
}

/// Packs the files of a commit, under this name.
pub async fn pack(blobs: &impl Blobs, name: &str, files: &MemoryFiles) -> Result<(), Unavailable> {
    let packed = |file: &TreeFile| Packed { path: file.path.clone(), stamp: file.stamp };
    let table = stored::encode(&files.entries().iter().map(packed).collect::<Vec<_>>());
    let mut upload = Upload::begin(blobs, name).await?;
    upload.push(&MARK).await?;
    upload.push(&(table.len() as u64).to_le_bytes()).await?;
    upload.push(&table).await?;
    for file in files.entries() {
        upload.push(files.content(&file.path).unwrap_or_default()).await?;
    }
    upload.finish().await.map(|_| ())
}

/// The files of a commit in its blobs. The listing is read when it is first needed.
pub struct BlobFiles<'a, B> {
    blobs: &'a B,
    /// Of the pack or, with a `/` at the end, of the folder.
    name: String,
    sources: Sources,
    listed: OnceCell<Listed>,
    /// A part of the pack, from an offset on.
    window: RefCell<(u64, Vec<u8>)>,
    failed: RefCell<Option<Unavailable>>,
}

#[derive(Default)]
struct Listed {
    entries: Vec<TreeFile>,
    /// Where each file begins in its pack.
    offsets: Vec<u64>,
}

impl<'a, B: Blobs> BlobFiles<'a, B> {
    /// The files under this name.
    pub fn new(blobs: &'a B, name: String, sources: Sources) -> Self {
        let (listed, window, failed) = (OnceCell::new(), RefCell::default(), RefCell::default());
        Self { blobs, name, sources, listed, window, failed }
    }

    /// Why something could not be read, if so: what was made without it is not to be believed.
    pub fn failure(&self) -> Option<Unavailable> {
        self.failed.borrow().clone()
    }

    async fn list(&self) -> Result<Listed, Unavailable> {
        match self.sources {
            Sources::Gone => Ok(Listed::default()),
            Sources::Tree => {
                let mut entries = vec![];
                let mut after = String::new();
                loop {
                    let page = self.blobs.list(&self.name, &after).await?;
                    let Some(last) = page.last() else { break };
                    after = last.name.clone();
                    entries.extend(page.into_iter().filter_map(|blob| {
                        let path = blob.name.strip_prefix(&self.name)?.to_owned();
                        // Folders that consoles make are values without content.
                        let is_file = !path.is_empty() && !path.ends_with('/');
                        is_file.then(|| TreeFile { path, stamp: stamp(blob.size, blob.digest.as_bytes()) })
                    }));
                }
                Ok(Listed { entries, offsets: vec![] })
            }
            Sources::Pack => {
                let gone = || Unavailable("the sources of the commit are gone; index it again".into());
                self.table().await?.ok_or_else(gone)
            }
        }
    }

    /// The table of a pack; `None` if it is gone or damaged.
    async fn table(&self) -> Result<Option<Listed>, Unavailable> {
        let start = self.blobs.read(&self.name, 0, BLOB_PART as u64).await?;
        let Some((header, _)) = start.as_deref().and_then(|start| start.split_at_checked(HEADER as usize)) else {
            return Ok(None);
        };
        let length = header[8..].iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
        if header[..8] != MARK || length > TABLE_LIMIT {
            return Ok(None);
        }
        let mut table = start.unwrap_or_default();
        let end = HEADER + length;
        while (table.len() as u64) < end {
            let at = table.len() as u64;
            match self.blobs.read(&self.name, at, (end - at).min(BLOB_PART as u64)).await? {
                Some(more) if !more.is_empty() => table.extend(more),
                _ => return Ok(None),
            }
        }
        let Ok(packed) = stored::decode::<Vec<Packed>>(&table[HEADER as usize..end as usize]) else { return Ok(None) };
        let mut listed = Listed::default();
        let mut offset = end;
        for Packed { path, stamp } in packed {
            listed.offsets.push(offset);
            offset += stamp.size;
            listed.entries.push(TreeFile { path, stamp });
        }
        self.window.replace((0, table));
        Ok(Some(listed))
    }

    async fn of_pack(&self, at: usize, listed: &Listed, limit: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        let (offset, size) = (listed.offsets[at], listed.entries[at].stamp.size.min(limit));
        loop {
            {
                let window = self.window.borrow();
                let start = offset.checked_sub(window.0).and_then(|start| usize::try_from(start).ok());
                let part = start.and_then(|start| window.1.get(start..start + size as usize));
                if let Some(part) = part {
                    return Ok(Some(part.to_vec()));
                }
            }
            // What follows will most likely be wanted next.
            let part = self.blobs.read(&self.name, offset, size.max(BLOB_PART as u64)).await?;
            match part {
                Some(part) if part.len() as u64 >= size => drop(self.window.replace((offset, part))),
                _ => return Ok(None),
            }
        }
    }

    async fn of_tree(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Unavailable> {
        let name = format!("{}{path}", self.name);
        let mut content = vec![];
        while (content.len() as u64) < limit {
            let wanted = (limit - content.len() as u64).min(BLOB_PART as u64);
            match self.blobs.read(&name, content.len() as u64, wanted).await? {
                None => return Ok(None),
                Some(part) => {
                    let is_end = (part.len() as u64) < wanted;
                    content.extend(part);
                    if is_end {
                        break;
                    }
                }
            }
        }
        Ok(Some(content))
    }
}

impl<B: Blobs> Files for BlobFiles<'_, B> {
    fn listed_at(&self) -> i64 {
        i64::MAX
    }

    async fn ready(&self) {
        if self.listed.get().is_some() {
            return;
        }
        match self.list().await {
            Ok(listed) => drop(self.listed.set(listed)),
            Err(error) => drop(self.failed.replace(Some(error))),
        }
    }

    fn entries(&self) -> &[TreeFile] {
        self.listed.get().map_or(&[], |listed| &listed.entries)
    }

    async fn read(&self, path: &str, limit: u64) -> Result<Vec<u8>, ReadError> {
        self.ready().await;
        let gone = || ReadError("gone from the blobs".into());
        let listed = self.listed.get().ok_or_else(gone)?;
        let at = listed.entries.binary_search_by(|file| file.path.as_str().cmp(path)).map_err(|_| gone())?;
        let read = match self.sources {
            Sources::Gone => Ok(None),
            Sources::Pack => self.of_pack(at, listed, limit).await,
            Sources::Tree => self.of_tree(path, limit).await,
        };
        read.map_err(|error| {
            self.failed.replace(Some(error.clone()));
            ReadError(error.to_string())
        })?
        .ok_or_else(gone)
    }
}

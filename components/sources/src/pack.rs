//! Packs: a mark, the length of a table, the table, then the contents in the table's order.

use astlas_atlas::{
    memory::MemoryFiles,
    ports::{Blobs, Files, Stamp, TreeFile, Unavailable},
    upload::Upload,
};
use astlas_model::stored;
use serde::{Deserialize, Serialize};

use crate::window::Window;

const MARK: [u8; 8] = *b"ATLSPACK";
const HEADER: u64 = 16;
/// Longest table, in bytes.
const TABLE_LIMIT: u64 = 256 << 20;

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

/// The files of a pack, each with where it begins; `None` if it is gone or damaged.
pub async fn table(window: &Window<'_, impl Blobs>) -> Result<Option<Vec<(TreeFile, u64)>>, Unavailable> {
    let Some(header) = window.bytes(0, HEADER).await? else { return Ok(None) };
    let length = header[8..].iter().rev().fold(0u64, |sum, &byte| sum << 8 | u64::from(byte));
    if header[..8] != MARK || length > TABLE_LIMIT {
        return Ok(None);
    }
    let table = window.bytes(HEADER, length).await?;
    let Some(packed) = table.and_then(|table| stored::decode::<Vec<Packed>>(&table).ok()) else { return Ok(None) };
    let mut offset = HEADER + length;
    let place = |Packed { path, stamp }| {
        let begin = offset;
        offset = offset.saturating_add(stamp.size);
        (TreeFile { path, stamp }, begin)
    };
    Ok(Some(packed.into_iter().map(place).collect()))
}

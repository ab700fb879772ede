//! What is in the cache.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use crate::evict;

/// What a cache can do at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It reads and keeps.
    ReadWrite,
    /// It reads what is there.
    ReadOnly,
    /// It remembers nothing beyond this process.
    Off,
}

/// The entries whose keys begin alike; or the compiled components, as `components`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The part of the key before the first `:`, or the whole key.
    pub name: String,
    /// Their number.
    pub entries: u64,
    /// Bytes of their values.
    pub bytes: u64,
}

/// A count of what is in the cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stats {
    /// The cache file, whether or not it could be opened.
    pub path: PathBuf,
    /// What can be done with it.
    pub mode: Mode,
    /// Number of entries, those included whose lifetime is over and whose room was not needed yet.
    pub entries: u64,
    /// Bytes of the file that are in use, overhead included, and of the compiled components: what the limit applies to.
    pub bytes: u64,
    /// The limit.
    pub limit_bytes: u64,
    /// Entries by kind, in order of name.
    pub kinds: Vec<Kind>,
}

/// Bytes in use and entries by kind, as of one moment.
pub(crate) fn count(connection: &Connection) -> rusqlite::Result<(u64, Vec<Kind>)> {
    let _moment = connection.unchecked_transaction()?;
    let mut kinds: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut statement = connection.prepare("SELECT key, size FROM entry")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (ValueRef::Text(key), ValueRef::Integer(size)) = (row.get_ref(0)?, row.get_ref(1)?) else { continue };
        let key = String::from_utf8_lossy(key);
        let name = key.split(':').next().unwrap_or_default();
        let size = u64::try_from(size).unwrap_or(0);
        // The keys come sorted, so almost every one finds its kind without a new name being made.
        match kinds.get_mut(name) {
            Some((entries, bytes)) => (*entries, *bytes) = (*entries + 1, bytes.saturating_add(size)),
            None => drop(kinds.insert(name.to_string(), (1, size))),
        }
    }
    let kinds = kinds.into_iter().map(|(name, (entries, bytes))| Kind { name, entries, bytes }).collect();
    Ok((evict::bytes_in_use(connection)?, kinds))
}

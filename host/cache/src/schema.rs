//! The layout of the file, and whether a file has it.
//!
//! Keys and values are apart: what is looked up, sorted by age or counted is small and close together, and noting a use
//! does not rewrite the value. A value's id grows with every new entry, so values that were put together lie together.

use rusqlite::{Connection, TransactionBehavior, types::ValueRef};

/// Number of the layout; part of the file's name. Raise it with any change below.
pub(crate) const VERSION: i32 = 1;

/// "Astl": tells the files of this program from all other SQLite files.
const APPLICATION: i32 = 0x4173_746c;

/// Bytes of a page. Small, because a put of scattered keys, a deletion and a noted use each rewrite whole pages; larger
/// ones (8 to 64 KiB) were measured to evict three times slower and to read a value of 20 MB no faster.
pub(crate) const PAGE_BYTES: u32 = 4096;

/// Name and statement of each table, in order of name. Times are milliseconds since 1970; a `ttl` of -1 is for ever.
const TABLES: [(&str, &str); 2] = [
    (
        "entry",
        "CREATE TABLE entry (key TEXT PRIMARY KEY, id INTEGER NOT NULL, size INTEGER NOT NULL, \
         used INTEGER NOT NULL, written INTEGER NOT NULL, ttl INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    ),
    ("value", "CREATE TABLE value (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT"),
];

/// What a file turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// Ours, of this version.
    Ours,
    /// Nothing in it yet.
    Blank,
    /// Ours by its mark, yet not laid out as it should be.
    Damaged,
    /// Another program's.
    Foreign,
}

/// Reads what the file is; changes nothing.
pub(crate) fn recognise(connection: &Connection) -> rusqlite::Result<Layout> {
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    // Names that begin so are SQLite's own; its statistics may be there.
    let mut statement = connection
        .prepare("SELECT name, sql FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_' ORDER BY name")?;
    let mut rows = statement.query([])?;
    let (mut count, mut equal) = (0, 0);
    while let Some(row) = rows.next()? {
        if TABLES.get(count).is_some_and(|(name, sql)| {
            row.get_ref(0) == Ok(ValueRef::Text(name.as_bytes()))
                && row.get_ref(1) == Ok(ValueRef::Text(sql.as_bytes()))
        }) {
            equal += 1;
        }
        count += 1;
    }
    Ok(match (application, version) {
        (APPLICATION, VERSION) if equal == TABLES.len() && count == equal => Layout::Ours,
        (APPLICATION, _) => Layout::Damaged,
        (0, 0) if count == 0 => Layout::Blank,
        _ => Layout::Foreign,
    })
}

/// Lays out a blank file. The caller keeps everyone else away.
pub(crate) fn create(connection: &mut Connection) -> rusqlite::Result<()> {
    // A file lost half made to a power cut is recognised as such and made again, so nothing here waits for the disk.
    connection.pragma_update(None, "synchronous", "OFF")?;
    connection.pragma_update(None, "page_size", PAGE_BYTES)?;
    // Lets `clear` and a lowered limit give room back to the disk without rewriting the file.
    connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    // Readers go on while one process writes. Where the file system cannot do that, SQLite stays with its older
    // journal: slower with several processes, as safe.
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for (_, sql) in TABLES {
        transaction.execute(sql, [])?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

//! Gets many values in one look at the file, and notes that they were used.

use rusqlite::types::ValueRef;
use rusqlite::{Connection, ErrorCode, MAIN_DB, Transaction, TransactionBehavior};

use crate::clock;

/// Size from which a value is read straight into the caller's memory. A row's value is copied once more on the way,
/// which for 20 MB doubles the time; opening a value by itself costs about as much as copying this many bytes.
const LARGE: i64 = 64 << 10;

/// What a batch of keys brought.
#[derive(Debug)]
pub(crate) struct Reading {
    /// One per key, in the order of the keys.
    pub(crate) values: Vec<Option<Vec<u8>>>,
    /// Positions of the keys whose use is to be noted, in order of key.
    pub(crate) stale: Vec<usize>,
}

impl Reading {
    pub(crate) fn nothing(keys: usize) -> Self {
        Self { values: vec![None; keys], stale: Vec::new() }
    }
}

/// Reads the values of `keys` as of one moment. What was read before an error stays in `reading`.
pub(crate) fn read(connection: &Connection, keys: &[&str], now: i64, reading: &mut Reading) -> rusqlite::Result<()> {
    let _moment = connection.unchecked_transaction()?;
    // In the order of the tables, so that each page is visited once, however the keys come.
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_unstable_by_key(|&index| (keys[index], index));

    let mut found = Vec::with_capacity(keys.len());
    let mut find = connection.prepare_cached("SELECT id, size, used, written, ttl FROM entry WHERE key = ?1")?;
    for index in order {
        let mut rows = find.query([keys[index]])?;
        let Some(row) = rows.next()? else { continue };
        // A row of another shape is nobody's value; the next put overwrites it.
        let Some([id, size, used, written, ttl]) = integers(row)? else { continue };
        if clock::is_over(written, ttl, now) {
            continue;
        }
        if clock::is_stale(used, now) {
            reading.stale.push(index);
        }
        found.push((id, index, size));
    }

    found.sort_unstable();
    let mut fetch = connection.prepare_cached("SELECT bytes FROM value WHERE id = ?1")?;
    for (id, index, size) in found {
        if size >= LARGE {
            reading.values[index] = large(connection, id)?;
            continue;
        }
        let mut rows = fetch.query([id])?;
        if let Some(row) = rows.next()?
            && let ValueRef::Blob(bytes) = row.get_ref(0)?
        {
            reading.values[index] = Some(bytes.to_vec());
        }
    }
    Ok(())
}

/// All columns of a row, if each is a number.
fn integers<const N: usize>(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<[i64; N]>> {
    let mut numbers = [0; N];
    for (column, number) in numbers.iter_mut().enumerate() {
        let ValueRef::Integer(value) = row.get_ref(column)? else { return Ok(None) };
        *number = value;
    }
    Ok(Some(numbers))
}

/// A value that is worth reading by itself.
fn large(connection: &Connection, id: i64) -> rusqlite::Result<Option<Vec<u8>>> {
    let value = match connection.blob_open(MAIN_DB, "value", "bytes", id, true) {
        // How SQLite says that there is no such value, or that it is no bytes.
        Err(rusqlite::Error::SqliteFailure(failure, _)) if failure.code == ErrorCode::Unknown => return Ok(None),
        opened => opened?,
    };
    let mut bytes = vec![0; value.len()];
    value.read_at_exact(&mut bytes, 0)?;
    Ok(Some(bytes))
}

/// Notes that the entries at `stale` were used now.
pub(crate) fn note_use(connection: &Connection, keys: &[&str], stale: &[usize], now: i64) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let mut note = transaction.prepare_cached("UPDATE entry SET used = ?2 WHERE key = ?1")?;
    for &index in stale {
        note.execute((keys[index], now))?;
    }
    drop(note);
    transaction.commit()
}

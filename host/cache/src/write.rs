//! Puts many values in one transaction.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior};

use crate::clock;
use crate::evict;

/// SQLite's own limit for a value is 10^9 bytes; the row around it takes a few.
const LARGEST: u64 = 999_000_000;

/// A value to keep.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its name. What stands before the first `:` is its kind.
    pub key: &'a str,
    /// The bytes to give back.
    pub value: &'a [u8],
    /// How long from now; `None` until room is needed.
    pub ttl: Option<Duration>,
}

/// Most bytes of one value: half of the limit, so that no single one drives all others out.
pub(crate) fn largest(limit_bytes: u64) -> u64 {
    (limit_bytes / 2).min(LARGEST)
}

/// Writes all entries and makes the room they take. Of two with one key the later stays.
pub(crate) fn write(
    connection: &Connection,
    entries: &[Entry<'_>],
    limit_bytes: u64,
    now: i64,
) -> rusqlite::Result<()> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_unstable_by_key(|&index| (entries[index].key, std::cmp::Reverse(index)));
    order.dedup_by_key(|index| entries[*index].key);

    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    // Before, so that the new values take the freed pages and the file does not outgrow its limit.
    let incoming = order.iter().map(|&index| entries[index].value.len() as u64 + entries[index].key.len() as u64).sum();
    evict::make_room(&transaction, limit_bytes, incoming, now)?;
    let last: Option<i64> =
        transaction.query_row("SELECT id FROM value ORDER BY id DESC LIMIT 1", [], |row| row.get(0)).optional()?;
    // Ids are given out one by one and never near the end of their range; one that is, was not given by us.
    let base = last.unwrap_or(0).checked_add(1).filter(|base| base.checked_add(entries.len() as i64).is_some());
    let base = base.ok_or(rusqlite::Error::IntegralValueOutOfRange(0, i64::MAX))?;

    // Keys in their order, values in the caller's: each table is written front to back.
    let mut ids = Vec::with_capacity(order.len());
    let mut name = transaction.prepare_cached(
        "INSERT INTO entry (key, id, size, used, written, ttl) VALUES (?1, ?2, ?3, ?4, ?4, ?5)
         ON CONFLICT (key) DO UPDATE SET size = ?3, used = ?4, written = ?4, ttl = ?5 RETURNING id",
    )?;
    for index in order {
        let entry = &entries[index];
        let size = entry.value.len() as i64;
        let lifetime = clock::lifetime(entry.ttl);
        let id: i64 = name.query_row((entry.key, base + index as i64, size, now, lifetime), |row| row.get(0))?;
        ids.push((id, index));
    }
    ids.sort_unstable();
    let mut keep = transaction.prepare_cached("INSERT OR REPLACE INTO value (id, bytes) VALUES (?1, ?2)")?;
    for (id, index) in ids {
        keep.execute((id, entries[index].value))?;
    }
    drop((name, keep));

    // What overhead and shared pages took beyond the estimate.
    evict::make_room(&transaction, limit_bytes, 0, now)?;
    transaction.commit()
}

/// Deletes the entries of these keys, and their values.
pub(crate) fn remove<K: AsRef<str>>(connection: &Connection, keys: &[K]) -> rusqlite::Result<()> {
    let transaction = Transaction::new_unchecked(connection, TransactionBehavior::Immediate)?;
    let mut value =
        transaction.prepare_cached("DELETE FROM value WHERE id IN (SELECT id FROM entry WHERE key = ?1)")?;
    let mut entry = transaction.prepare_cached("DELETE FROM entry WHERE key = ?1")?;
    for key in keys {
        value.execute([key.as_ref()])?;
        entry.execute([key.as_ref()])?;
    }
    drop((value, entry));
    transaction.commit()
}

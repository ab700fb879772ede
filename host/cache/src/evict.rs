//! Keeps the file within its limit.
//!
//! What is in use is counted in pages, by SQLite itself, in the file itself: exact, overhead included, and the same for
//! every process, whatever happens to any of them.

use rusqlite::Connection;

use crate::clock;

/// Part of the limit that is left in use, so that room is made rarely and for many.
const KEEP_PERCENT: u64 = 80;

/// Age of an entry as a number that grows towards the present: over or unreadable first, then by last use. A use that
/// lies in the future says nothing, and counts as long ago. `?1` is the latest time taken for now, `?2` now.
const RANK: &str = "CASE \
     WHEN typeof(used) <> 'integer' OR typeof(written) <> 'integer' OR typeof(ttl) <> 'integer' THEN -1 \
     WHEN ttl >= 0 AND (written > ?1 OR ?2 - written >= ttl) THEN -1 \
     WHEN used > ?1 THEN 0 \
     ELSE used END";

/// Bytes in use: all pages but the free ones.
pub(crate) fn bytes_in_use(connection: &Connection) -> rusqlite::Result<u64> {
    let pages = pragma(connection, "page_count")?.saturating_sub(pragma(connection, "freelist_count")?);
    Ok(pages.saturating_mul(pragma(connection, "page_size")?))
}

/// Deletes what was not used for longest if more than the limit would be in use with `incoming` bytes more. Part of the
/// caller's transaction.
pub(crate) fn make_room(connection: &Connection, limit_bytes: u64, incoming: u64, now: i64) -> rusqlite::Result<()> {
    if bytes_in_use(connection)?.saturating_add(incoming) <= limit_bytes {
        return Ok(());
    }
    let target = (limit_bytes / 100 * KEEP_PERCENT).saturating_sub(incoming);
    // Pages are shared, so deleting so many bytes may free fewer: look again until it is enough.
    loop {
        let in_use = bytes_in_use(connection)?;
        if in_use <= target || delete_oldest(connection, in_use - target, now)? == 0 {
            return return_to_disk(connection, limit_bytes);
        }
    }
}

/// Deletes entries worth at least `bytes`, oldest first; returns how many.
fn delete_oldest(connection: &Connection, bytes: u64, now: i64) -> rusqlite::Result<usize> {
    let latest = now.saturating_add(clock::AHEAD);
    let mut ages: Vec<(i64, i64, u64)> = Vec::new();
    let mut statement = connection.prepare(&format!("SELECT {RANK}, id, size + length(key) FROM entry"))?;
    let mut rows = statement.query([latest, now])?;
    while let Some(row) = rows.next()? {
        let size = row.get_ref(2)?.as_i64().unwrap_or(0);
        ages.push((row.get(0)?, row.get(1)?, u64::try_from(size).unwrap_or(0)));
    }
    ages.sort_unstable();
    let mut freed = 0_u64;
    let end = ages.iter().position(|&(_, _, size)| {
        freed = freed.saturating_add(size);
        freed >= bytes
    });
    let Some(&(rank, id, _)) = end.map_or(ages.last(), |end| ages.get(end)) else { return Ok(0) };
    let oldest = format!("({RANK}, id) <= (?3, ?4)");
    connection.execute(
        &format!("DELETE FROM value WHERE id IN (SELECT id FROM entry WHERE {oldest})"),
        [latest, now, rank, id],
    )?;
    connection.execute(&format!("DELETE FROM entry WHERE {oldest}"), [latest, now, rank, id])
}

/// Gives pages back that are beyond the limit, as when it was lowered. Free pages within it wait for the next values.
pub(crate) fn return_to_disk(connection: &Connection, limit_bytes: u64) -> rusqlite::Result<()> {
    let pages = pragma(connection, "page_count")?;
    let beyond = pages.saturating_sub(limit_bytes / pragma(connection, "page_size")?.max(1));
    let pages = beyond.min(pragma(connection, "freelist_count")?);
    if pages == 0 {
        return Ok(());
    }
    // One row comes back for each page that was returned.
    let mut statement = connection.prepare(&format!("PRAGMA incremental_vacuum({pages})"))?;
    let mut rows = statement.query([])?;
    while rows.next()?.is_some() {}
    Ok(())
}

fn pragma(connection: &Connection, name: &str) -> rusqlite::Result<u64> {
    let value: i64 = connection.pragma_query_value(None, name, |row| row.get(0))?;
    Ok(u64::try_from(value).unwrap_or(0))
}

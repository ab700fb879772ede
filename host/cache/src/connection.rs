//! Opens connections to the file.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use crate::schema::PAGE_BYTES;

/// Size at which a running process empties the write-ahead file into the main one. Emptying waits for the disk twice,
/// so one run's writes should fit; the last process to leave empties it in any case.
const WAL_BYTES: u32 = 64 << 20;

/// Memory for pages of one connection: the keys' table of a small cache. Four times as much made nothing faster.
const MEMORY_KIB: u32 = 4 << 10;

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// To read and write.
    Full,
    /// To read, beside others who may write.
    Reading,
    /// To read where not even SQLite's shared index can be made, so that writers would not be noticed. What they do
    /// meanwhile may look like damage, which costs a value and nothing else.
    Frozen,
}

/// A connection, ready to use.
pub(crate) fn connect(file: &Path, access: Access, busy_timeout: Duration) -> rusqlite::Result<Connection> {
    let base = OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match access {
        Access::Full => Connection::open_with_flags(file, base | OpenFlags::SQLITE_OPEN_READ_WRITE)?,
        Access::Reading => Connection::open_with_flags(file, base | OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        Access::Frozen => Connection::open_with_flags(
            frozen(file),
            base | OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        )?,
    };
    connection.busy_timeout(busy_timeout)?;
    Ok(connection)
}

/// What every connection to a recognised file is set to.
pub(crate) fn tune(connection: &Connection) -> rusqlite::Result<()> {
    // NORMAL waits for the disk only when the write-ahead file is emptied. OFF would save that little, but after a
    // power cut a key could name another key's value, sound checksum included. FULL would wait at every write to save
    // what can be computed again.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "wal_autocheckpoint", WAL_BYTES / PAGE_BYTES)?;
    connection.pragma_update_and_check(None, "journal_size_limit", WAL_BYTES, |_| Ok(()))?;
    connection.pragma_update(None, "cache_size", -i64::from(MEMORY_KIB))?;
    // Not mapped into memory: a mapped file that another program cuts short ends this one with a signal.
    connection.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(()))?;
    connection.pragma_update(None, "cell_size_check", true)
}

/// The URI that opens a file as one that never changes.
fn frozen(file: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for &byte in file.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri.push_str("?immutable=1");
    PathBuf::from(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uri_escapes_what_would_end_the_path() {
        assert_eq!(frozen(Path::new("/a b?c#d%/é")), Path::new("file:/a%20b%3Fc%23d%25/%C3%A9?immutable=1"));
    }
}

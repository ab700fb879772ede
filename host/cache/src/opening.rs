//! Finds, makes or replaces the file, whatever is there and whoever else is doing the same.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::aside::put_aside;
use crate::connection::{Access, connect, tune};
use crate::fault::{self, Fault};
use crate::gate::Gate;
use crate::place::{FileId, Place, beside};
use crate::schema::{self, Layout};
use crate::store::Store;
use crate::warning::{Reason, Report, Warning};

/// Longest sleep between two tries; making a file takes a few milliseconds.
const LONGEST_SLEEP: Duration = Duration::from_millis(16);

/// How often one opening makes the file anew before it takes the directory to be at fault.
const MENDINGS: u32 = 3;

/// What a look at the file showed.
enum Found {
    Ours(Connection),
    Blank,
    Bad(Reason),
}

/// Why a file could not be opened to write.
enum Obstacle {
    Busy,
    /// This path stands in the way; reading may do.
    NoAccess {
        path: PathBuf,
        cause: String,
    },
}

/// Opens the cache, or says why it cannot be used. `suspect` is a file that turned out damaged in use.
pub(crate) fn open_store(
    place: &Place,
    busy_timeout: Duration,
    suspect: Option<FileId>,
    report: &Report,
) -> Option<Store> {
    let (path, cause) = match open_to_write(place, busy_timeout, suspect, report) {
        Ok(store) => return Some(store),
        Err(Obstacle::Busy) => {
            report.add(Warning::Locked { file: place.file.clone(), waited: busy_timeout });
            return None;
        }
        Err(Obstacle::NoAccess { path, cause }) => (path, cause),
    };
    let store = if suspect.is_none() { open_to_read(place, busy_timeout) } else { None };
    report.add(match &store {
        Some(_) => Warning::ReadOnly { file: place.file.clone(), cause },
        None => Warning::Unusable { path, cause },
    });
    store
}

fn open_to_write(
    place: &Place,
    busy_timeout: Duration,
    suspect: Option<FileId>,
    report: &Report,
) -> Result<Store, Obstacle> {
    make_directory(&place.directory).map_err(|error| no_access(&place.directory, &error))?;
    let gate = Gate::open(&place.gate).map_err(|error| no_access(&place.gate, &error))?;
    let start = Instant::now();
    let mut sleep = Duration::from_millis(1);
    let mut mendings = 0;
    loop {
        // Looking and mending alternate: while this process waits to be alone, another may have mended.
        if gate.share() {
            match look(&place.file, Access::Full, busy_timeout, suspect) {
                Ok(Found::Ours(connection)) => return finish(place, busy_timeout, connection, gate, report),
                Ok(Found::Blank | Found::Bad(_)) => {}
                Err(obstacle) => return Err(obstacle),
            }
            gate.release();
        }
        if gate.close() {
            let mended = mend(place, busy_timeout, suspect, report);
            gate.release();
            mended?;
            mendings += 1;
            if mendings > MENDINGS {
                let cause = "a new file was unreadable at once".to_string();
                return Err(Obstacle::NoAccess { path: place.file.clone(), cause });
            }
        } else if start.elapsed() >= busy_timeout {
            return Err(Obstacle::Busy);
        } else {
            thread::sleep(sleep);
            sleep = (sleep * 2).min(LONGEST_SLEEP);
        }
    }
}

fn finish(
    place: &Place,
    busy_timeout: Duration,
    connection: Connection,
    gate: Gate,
    report: &Report,
) -> Result<Store, Obstacle> {
    // SQLite quietly opens a write-protected file to read.
    let access = if connection.is_readonly(rusqlite::MAIN_DB).unwrap_or(false) {
        let cause = "it is write-protected".to_string();
        report.add(Warning::ReadOnly { file: place.file.clone(), cause });
        Access::Reading
    } else {
        Access::Full
    };
    Ok(Store::new(place.file.clone(), access, busy_timeout, connection, Some(gate)))
}

/// Opens a file that cannot be written; nothing is made or moved.
fn open_to_read(place: &Place, busy_timeout: Duration) -> Option<Store> {
    let gate = Gate::open_for_reading(&place.gate).ok().filter(Gate::share);
    for access in [Access::Reading, Access::Frozen] {
        if let Ok(Found::Ours(connection)) = look(&place.file, access, busy_timeout, None) {
            return Some(Store::new(place.file.clone(), access, busy_timeout, connection, gate));
        }
    }
    None
}

/// Makes or replaces the file if that is still needed. The caller holds the gate alone.
fn mend(place: &Place, busy_timeout: Duration, suspect: Option<FileId>, report: &Report) -> Result<(), Obstacle> {
    match look(&place.file, Access::Full, busy_timeout, suspect)? {
        Found::Ours(_) => return Ok(()),
        Found::Blank => {}
        Found::Bad(reason) => match put_aside(&place.file) {
            Ok(moved_to) => report.add(Warning::PutAside { file: place.file.clone(), moved_to, reason }),
            Err(error) => {
                let cause = format!("it {reason} and cannot be moved: {error}");
                return Err(Obstacle::NoAccess { path: place.file.clone(), cause });
            }
        },
    }
    make_file(&place.file).map_err(|error| no_access(&place.file, &error))?;
    // One that cannot be finished is left half made: that is a blank file, or a damaged one, to the next who comes.
    connect(&place.file, Access::Full, busy_timeout)
        .and_then(|mut connection| schema::create(&mut connection))
        .map_err(|error| obstacle(&place.file, &error))
}

/// What is behind the name of the file.
fn look(file: &Path, access: Access, busy_timeout: Duration, suspect: Option<FileId>) -> Result<Found, Obstacle> {
    let bytes = match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Found::Blank),
        Ok(metadata) if !metadata.is_file() => return Ok(Found::Bad(Reason::NotAFile)),
        _ if suspect.is_some() && FileId::of(file) == suspect => return Ok(Found::Bad(Reason::Damaged)),
        Ok(metadata) => Some(metadata.len()),
        Err(_) => None,
    };
    // What a write-ahead file holds may still have to be added to the main one.
    let complete = fs::metadata(beside(file, "-wal")).map_or(true, |ahead| ahead.len() == 0);
    let looked = connect(file, access, busy_timeout).and_then(|connection| {
        let mut layout = schema::recognise(&connection)?;
        if layout == Layout::Ours {
            // SQLite misses whole pages by itself; the end of the last one it would take for zeros.
            let page: u32 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
            if complete && bytes.is_some_and(|bytes| !bytes.is_multiple_of(u64::from(page))) {
                layout = Layout::Damaged;
            }
            tune(&connection)?;
        }
        Ok((layout, connection))
    });
    match looked {
        Ok((Layout::Ours, connection)) => Ok(Found::Ours(connection)),
        Ok((Layout::Blank, _)) => Ok(Found::Blank),
        Ok((Layout::Damaged, _)) => Ok(Found::Bad(Reason::Damaged)),
        Ok((Layout::Foreign, _)) => Ok(Found::Bad(Reason::Foreign)),
        Err(error) => match Fault::of(&error) {
            Fault::Damaged => Ok(Found::Bad(Reason::Damaged)),
            Fault::Foreign => Ok(Found::Bad(Reason::Foreign)),
            _ => Err(obstacle(file, &error)),
        },
    }
}

fn obstacle(file: &Path, error: &rusqlite::Error) -> Obstacle {
    match Fault::of(error) {
        Fault::Busy => Obstacle::Busy,
        _ => Obstacle::NoAccess { path: file.to_path_buf(), cause: fault::cause(error) },
    }
}

fn no_access(path: &Path, error: &io::Error) -> Obstacle {
    Obstacle::NoAccess { path: path.to_path_buf(), cause: error.to_string() }
}

/// Sources leave traces in the cache, so nobody but the owner reads it.
fn make_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// SQLite would make the file with the rights of any other; its companions take over these.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

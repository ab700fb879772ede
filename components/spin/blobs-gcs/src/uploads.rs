//! Uploads that are under way in this instance. The last part of each is kept back: it is sent another way, and that it
//! is the last is known at the end.

use std::{cell::RefCell, collections::BTreeMap};

use astlas_google::storage::Content;
use astlas_spin::seconds;
use bytes::Bytes;
use spin_sdk::wasip3::random::random::get_random_u64;

/// An upload of which nothing was heard for so many seconds is given up.
const STALE: u64 = 3600;
/// The same where there are many: each keeps a part in memory.
const MANY: usize = 8;
const STALE_OF_MANY: u64 = 120;

thread_local! {
    static UPLOADS: RefCell<BTreeMap<String, Upload>> = const { RefCell::new(BTreeMap::new()) };
}

/// An upload.
pub struct Upload {
    /// Of the object.
    pub name: String,
    /// Where its parts go. Not shown to functions: whoever knows it may write.
    pub address: String,
    /// Where the part that was kept back begins, and the part.
    pub offset: u64,
    pub part: Bytes,
    /// What came so far, that part included.
    pub whole: Content,
    heard: u64,
}

/// Adds one of the object `name`: its own name, which other requests cannot guess.
pub fn add(name: String, address: String) -> String {
    let id = format!("{:016x}{:016x}", get_random_u64(), get_random_u64());
    put(&id, Upload { name, address, offset: 0, part: Bytes::new(), whole: Content::default(), heard: 0 });
    id
}

/// Takes one out, to work on it.
pub fn take(id: &str) -> Option<Upload> {
    UPLOADS.with_borrow_mut(|uploads| uploads.remove(id))
}

/// Puts one back.
pub fn put(id: &str, upload: Upload) {
    let upload = Upload { heard: seconds(), ..upload };
    UPLOADS.with_borrow_mut(|uploads| uploads.insert(id.into(), upload));
}

/// Takes out the addresses of those that nobody goes on with.
pub fn take_stale() -> Vec<String> {
    UPLOADS.with_borrow_mut(|uploads| {
        let limit = if uploads.len() > MANY { STALE_OF_MANY } else { STALE };
        let is_stale = |upload: &Upload| seconds().saturating_sub(upload.heard) > limit;
        uploads.extract_if(.., |_, upload| is_stale(upload)).map(|(_, upload)| upload.address).collect()
    })
}

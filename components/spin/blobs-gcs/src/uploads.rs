//! Uploads that are under way in this instance.

use std::cell::RefCell;

use astlas_google::storage::{Upload, Uploads};
use astlas_spin::seconds;
use spin_sdk::wasip3::random::random::get_random_u64;

/// More than so many are many: each keeps a part in memory.
const MANY: usize = 8;

thread_local! {
    static UPLOADS: RefCell<Uploads> = const { RefCell::new(Uploads::new(MANY)) };
}

/// Adds one of the object `name`: its own name, which other requests cannot guess.
pub fn add(name: String, address: String) -> String {
    let id = format!("{:016x}{:016x}", get_random_u64(), get_random_u64());
    put(&id, Upload::new(name, address));
    id
}

/// Takes one out, to work on it.
pub fn take(id: &str) -> Option<Upload> {
    UPLOADS.with_borrow_mut(|uploads| uploads.take(id))
}

/// Puts one back.
pub fn put(id: &str, upload: Upload) {
    UPLOADS.with_borrow_mut(|uploads| uploads.put(id.into(), upload, seconds()));
}

/// Takes out those that nobody goes on with.
pub fn take_stale() -> Vec<Upload> {
    UPLOADS.with_borrow_mut(|uploads| uploads.take_stale(seconds()))
}

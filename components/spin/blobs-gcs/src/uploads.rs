//! Uploads that are under way in this instance.

use std::{cell::RefCell, time::Duration};

use astlas_conventions::Uploads;
use astlas_google::storage::Upload;
use astlas_spin::seconds;
use spin_sdk::wasip3::random::random::get_random_u64;

/// More are many: each keeps a part in the memory of one instance.
const MANY: usize = 8;

thread_local! {
    static UPLOADS: RefCell<Uploads<Upload>> = const { RefCell::new(Uploads::new(MANY)) };
}

/// Adds one: its own name, which other requests cannot guess.
pub fn add(upload: Upload) -> String {
    let id = format!("{:016x}{:016x}", get_random_u64(), get_random_u64());
    put(&id, upload);
    id
}

/// Takes one out, to work on it.
pub fn take(id: &str) -> Option<Upload> {
    UPLOADS.with_borrow_mut(|uploads| uploads.take(id))
}

/// Puts one back.
pub fn put(id: &str, upload: Upload) {
    UPLOADS.with_borrow_mut(|uploads| uploads.put(id.into(), upload, now()));
}

/// Takes out those that nobody goes on with.
pub fn take_stale() -> Vec<Upload> {
    UPLOADS.with_borrow_mut(|uploads| uploads.take_stale(now()))
}

fn now() -> Duration {
    Duration::from_secs(seconds())
}

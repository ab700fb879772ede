//! Blobs in a folder and in a bucket: one suite for both, then what only one of them can get wrong; and archives, from
//! a forge of the test's own.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod fetch;
mod folder;
mod retries;
mod scripted;
mod suite;

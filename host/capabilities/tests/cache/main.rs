//! The cache over everything that can be below it: one suite for all, then what only instances that share a Redis do,
//! and faults.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod faults;
mod instances;
mod scene;
mod suite;
mod tls;

//! Limits by every way of counting, what only instances that share a Redis do, faults, and the gate.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod answers;
mod faults;
mod gate;
mod headers;
mod models;
mod scene;
mod settings;
mod shared;
mod suite;
mod usage;

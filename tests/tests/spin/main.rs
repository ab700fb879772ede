//! Astlas on Spin: what `spin.toml` names is there and fits together, and the composed application answers as the program
//! does, in a small host that offers what Spin offers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what a test relies on may stop it")]

mod application;
mod faults;
mod manifest;
#[path = "../serve/service.rs"]
#[allow(dead_code, reason = "shared with the tests of the service")]
mod service;

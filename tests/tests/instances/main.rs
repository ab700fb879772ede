//! Several instances over real servers: Redis, Cloud Storage and Pub/Sub, started by the tests.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod cluster;
mod conformance;
mod faults;
mod forge;
mod schema;
#[path = "../serve/service.rs"]
#[allow(dead_code, reason = "shared with the tests of one instance")]
mod service;
mod sharing;
mod workers;

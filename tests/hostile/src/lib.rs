//! Targets: plain functions that take any bytes, have a decoder or the whole way from source to map read them, and check
//! the answer. Two doors lead in: `tests/` of this crate, seeded and bounded, and `fuzz/`, which coverage guides.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a target that finds something stops there")]

pub mod mutate;
pub mod seeds;
pub mod targets;

pub mod archives;
#[allow(dead_code, unreachable_pub, reason = "the service has it; its crate brings a runtime of wasm along")]
#[path = "../../../host/service/src/telemetry/context.rs"]
mod context;
pub mod folder;
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
#[path = "../../tests/parity/native.rs"]
mod native;
pub mod planted;
#[allow(dead_code, unreachable_pub, reason = "shared with other tests")]
#[path = "../../tests/functions/ports.rs"]
mod ports;
pub mod repository;
pub mod sealed;
pub mod service;
pub mod shelf;
pub mod signer;
pub mod work;

pub use native::Native;

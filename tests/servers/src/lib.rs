//! Real servers for tests: started on a free port of 127.0.0.1 with a folder of their own, stopped when dropped.
//!
//! A program that is missing stops the test, with what to install. It is looked for where an environment variable
//! says, on the PATH, and in `target/python`, where `cargo xtask test` puts wheels.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test without its server has failed")]

mod clock;
mod fault;
mod find;
mod forge;
mod gcs;
mod process;
mod proxy;
mod pubsub;
mod redis;
mod serve;
mod turn;
mod until;

pub use clock::Clock;
pub use fault::{Fault, Way};
pub use find::program;
pub use forge::Forge;
pub use gcs::GcsServer;
pub use process::{Port, Process, stands_still};
pub use proxy::{Counts, FaultProxy};
pub use pubsub::PubSubEmulator;
pub use redis::{RedisServer, ValkeyServer};
pub use serve::{ANYWHERE, serve};
pub use turn::{Moment, Watch};
pub use until::{Still, far_from_midnight, until};

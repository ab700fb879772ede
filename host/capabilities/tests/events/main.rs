//! Events through a queue and through Pub/Sub: one suite for both, then what only one of them can get wrong.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod pubsub;
mod queue;
mod suite;

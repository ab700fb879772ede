//! A whole deployment, as processes, in which something goes wrong: no job is lost, no answer wrong, nothing left behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod clocks;
mod soak;
mod steps;
mod stopped;

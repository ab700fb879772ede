//! Identity tokens: which are believed, what is asked of their issuer and how often, and what holds while it is away.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod faults;
mod forged;
mod issuer;
mod mint;
mod push;
mod rotation;
mod scene;

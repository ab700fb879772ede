//! API keys: what happens to them in a folder and in a bucket, while the store is out of reach, and what is no key.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod headers;
mod outage;
mod scene;
mod scripted;
mod suite;

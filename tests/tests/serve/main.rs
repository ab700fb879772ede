//! The service, through its port.
#![allow(clippy::unwrap_used, clippy::panic, reason = "what a test relies on may stop it")]

mod answers;
mod bounds;
mod configuration;
mod docs;
mod door;
mod health;
mod job_events;
mod jobs;
mod log;
mod metrics;
mod secrets;
mod service;
mod tenants;
mod traces;
mod warm;

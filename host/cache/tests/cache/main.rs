//! The cache through its public door, on real files, with real processes.

#![expect(clippy::unwrap_used, reason = "what a test relies on may stop it")]

mod altered;
mod clock;
mod components;
mod damaged;
#[cfg(unix)]
mod disk;
mod fixture;
mod found;
mod limit;
mod processes;
#[cfg(unix)]
mod protected;
mod values;

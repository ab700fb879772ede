//! What the adapters for Spin share: variables of the application, requests that go out, and lines of the log. Only
//! components have it.
#![cfg(target_family = "wasm")]

mod scope;
mod stderr;
mod variables;
mod web;

pub use scope::Scope;
pub use stderr::log;
pub use variables::{required, variable};
pub use web::{Again, Incoming, Web, seconds, send, wait};

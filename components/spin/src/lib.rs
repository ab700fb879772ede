//! What the adapters for Spin share: variables of the application, and requests that go out. Only components have it.
#![cfg(target_family = "wasm")]

mod scope;
mod variables;
mod web;

pub use scope::Scope;
pub use variables::{required, variable};
pub use web::{Again, Incoming, Web, seconds, send, wait};

//! What makes a component of a portable function: the ports over what the component imports, requests and responses over
//! `wasi:http`. Only components have it; natively there is nothing here.
#![cfg(target_family = "wasm")]

pub mod bindings;
mod capabilities;
mod http;
mod stages;

pub use http::answer;

/// All ports, over the component's imports.
#[derive(Clone, Copy, Debug, Default)]
pub struct Imports;

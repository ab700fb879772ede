//! Source text in, [`Tags`](astlas_model::Tags) out.
//!
//! One [`Parser`] parses file after file; broken source yields what parsed and diagnostics, never a failure. The same
//! text gives the same tags on every host: nothing here reads a clock, an environment or a file.

mod captures;
mod comments;
mod extract;
mod found;
mod imports;
mod languages;
mod names;
mod origin;
mod outline;
mod parse;
mod scopes;
mod signature;
mod work;

#[cfg(target_family = "wasm")]
mod component;

pub use languages::languages;
pub use parse::{Options, Parser, UnknownLanguage};

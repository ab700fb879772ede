//! Names of blobs. Functions choose them, so they are not trusted: none leads out of its place.

use std::path::{Component, Path};

use astlas_atlas::ports::Unavailable;

/// Longest name, in bytes: Cloud Storage's limit is 1024, what is in front of it included.
const LONGEST: usize = 900;

/// Whether this is a name: a path below its place, no part of it hidden at the top, written in one way only.
pub fn is_name(name: &str) -> bool {
    let is_plain = Path::new(name).components().all(|part| matches!(part, Component::Normal(_)));
    let is_clean = !name.split('/').any(|part| part.is_empty() || part == ".");
    is_plain && is_clean && name.len() <= LONGEST && !name.starts_with('.') && !name.contains(['\0', '\\', '\r', '\n'])
}

/// The name, if it is one.
pub fn checked(name: &str) -> Result<&str, Unavailable> {
    if is_name(name) { Ok(name) } else { Err(Unavailable(format!("{name:?} is no name of a blob"))) }
}

//! The names under which values are kept (DESIGN: keys and lifetimes). Hosts put the tenant in front.

use astlas_model::{Language, stored::FORMAT};

/// Tags of a content.
pub fn tags(language: &Language, content: &[u8; 32]) -> String {
    format!("ast:{FORMAT}:{}-{}:{}", language.name, language.revision, hex(content))
}

/// What was last seen of a repository's files.
pub fn manifest(repository: &str) -> String {
    format!("merkle:{repository}:{FORMAT}")
}

/// The graph of a repository in one state.
pub fn graph(repository: &str, tree: &str) -> String {
    format!("graph:{repository}:{tree}")
}

/// The symbols of a repository in one state.
pub fn symbols(repository: &str, tree: &str) -> String {
    format!("symbols:{repository}:{tree}")
}

/// The ranks of a repository in one state, for one request.
pub fn ranks(repository: &str, tree: &str, request: &impl serde::Serialize) -> String {
    format!("rank:{repository}:{tree}:{}", digest(request))
}

/// The map of a repository in one state, for one request.
pub fn map(repository: &str, tree: &str, request: &impl serde::Serialize) -> String {
    format!("map:{repository}:{tree}:{}", digest(request))
}

/// The languages of one build of the parser.
pub fn languages(revision: &str) -> String {
    format!("languages:{FORMAT}:{revision}")
}

fn digest(value: &impl serde::Serialize) -> String {
    hex(&blake3::hash(&astlas_model::stored::encode(value)).as_bytes()[..16])
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

//! The use cases over ports of their own: a tree, a cache and a clock that a test decides about, and the stages as plain
//! code.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod broken;
mod cache;
mod changed;
mod counts;
mod languages;
mod lost;
mod settled;
mod stages;
mod tree;

use astlas_atlas::{
    Atlas,
    index::IndexError,
    indexed::Indexed,
    map::{Map, MapRequest},
    symbols::Symbol,
};
use astlas_model::stages::SearchMode;

use cache::Shaky;
use stages::Native;
use tree::Tree;

pub type Atlases = Atlas<Native, Shaky>;

pub fn atlas() -> Atlases {
    Atlas { stages: Native::default(), cache: Shaky::default(), repository: "here".into() }
}

pub fn try_index(atlas: &Atlases, tree: &Tree) -> Result<Indexed, IndexError> {
    pollster::block_on(atlas.index(tree, &()))
}

pub fn index(atlas: &Atlases, tree: &Tree) -> Indexed {
    try_index(atlas, tree).unwrap()
}

/// Everything the index has: all definitions with their files.
pub fn definitions(atlas: &Atlases, tree: &Tree, indexed: &Indexed) -> Vec<String> {
    let found = pollster::block_on(atlas.symbols(indexed, tree, "e", SearchMode::Fuzzy, 0)).unwrap();
    let mut found: Vec<_> = found.iter().map(|Symbol { file, name, .. }| format!("{file} {name}")).collect();
    found.sort();
    found
}

pub fn map(atlas: &Atlases, tree: &Tree, indexed: &Indexed) -> Map {
    let request = MapRequest { budget: 1000, ..MapRequest::default() };
    pollster::block_on(atlas.map(indexed, tree, &request)).unwrap()
}

//! The nouns: what a file's tags are, what a repository's graph is, and how both are stored.
//!
//! The types mirror `wit/types` field by field; their meaning is documented there, once. Everything here is a value:
//! no I/O, no clock, and bytes that are not what they should be are an error, never a panic.

mod convert;
pub mod graph;
pub mod history;
pub mod language;
pub mod ledger;
pub mod stages;
pub mod stored;
pub mod strings;
pub mod tags;
pub mod words;

pub use graph::{FileMarks, GraphParts, RepositoryGraph};
pub use history::History;
pub use language::{Detector, Language};
pub use ledger::{Built, Ledger};
pub use strings::Strings;
pub use tags::Tags;

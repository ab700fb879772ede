//! What the use cases answer, as JSON: the same words whether the command line prints them or the service sends them.
//!
//! Lines are one-based here. Paths are relative to the repository, `/` between parts.

mod context;
mod files;
mod map;
mod symbols;
mod tags;

pub use context::{
    ChangedFile, ChangedSymbol, ContextFile, MissingFile, NewCycle, RelatedSymbol, ReviewContext, TouchingTest,
};
pub use files::{Communities, Community, Cycle, Dependency, RankedFile, limited};
pub use map::{Map, MapFile};
pub use symbols::{SourceLine, Symbol};
pub use tags::{Diagnostic, Export, FileTags, Import, Tag, TagKind};

//! What can be asked: one table of paths, what they are asked with, and what they answer.

use astlas_atlas::ports::{Cache, Clock, Stages};
use astlas_http::{Problem, decode};
use schemars::{Schema, SchemaGenerator};

use crate::{Function, ast, graph, repomap, symbols};

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $answer:path: $request:ty => $response:ty;)+) => {
        /// What can be asked of the read side, all with POST.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Operation { $($(#[doc = $doc])+ $name),+ }

        impl Operation {
            /// Every operation.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its path.
            pub fn path(self) -> &'static str {
                match self { $(Self::$name => $path),+ }
            }

            /// What it does.
            pub fn summary(self) -> &'static str {
                match self { $(Self::$name => concat!($($doc),+).trim_ascii()),+ }
            }

            /// Schemas of what it is asked with, and of what it answers.
            pub fn schemas(self, generator: &mut SchemaGenerator) -> (Schema, Schema) {
                match self {
                    $(Self::$name => (
                        generator.subschema_for::<$request>(),
                        generator.subschema_for::<$response>(),
                    )),+
                }
            }

            /// The answer to a body, as JSON.
            pub async fn answer<P>(self, function: &Function<P>, body: &[u8]) -> Result<Vec<u8>, Problem>
            where
                P: Stages + Cache + Clock + Clone,
            {
                match self { $(Self::$name => $answer(function, decode::<$request>(body)?).await),+ }
            }
        }
    };
}

operations! {
    /// Tags of one file.
    Parse "/api/v1/ast/parse" ast::parse: ast::ParseRequest => ast::ParsedFile<'_>;
    /// Tags of many files.
    ParseBatch "/api/v1/batch/parse" ast::parse_batch: ast::BatchRequest => ast::Batch<'_>;
    /// Files that a file uses.
    Dependencies "/api/v1/graph/dependencies" graph::dependencies: graph::DependenciesRequest => graph::Dependencies;
    /// Files that use a file.
    Dependents "/api/v1/graph/dependents" graph::dependents: graph::DependenciesRequest => graph::Dependents;
    /// The files that matter most, as a whole or for a change.
    ImportantFiles "/api/v1/graph/important_files" graph::important_files: graph::ImportantFilesRequest => graph::ImportantFiles;
    /// Files that belong together.
    Communities "/api/v1/graph/communities" graph::communities: graph::CommitRequest => astlas_json::Communities;
    /// Files that use each other in a circle.
    Cycles "/api/v1/graph/cycles" graph::cycles: graph::CommitRequest => graph::Cycles;
    /// Definitions of a name.
    SearchSymbols "/api/v1/symbols/search" symbols::search: symbols::SearchRequest => symbols::Symbols;
    /// Definitions whose name holds the letters of a pattern in order.
    FuzzySymbols "/api/v1/symbols/fuzzy" symbols::fuzzy: symbols::FuzzyRequest => symbols::Symbols;
    /// The lines that matter most, inside a token budget.
    Repomap "/api/v1/repomap" repomap::repomap: repomap::RepomapRequest => repomap::Repomap;
}

impl Operation {
    /// The operation at a path.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.path() == path)
    }
}

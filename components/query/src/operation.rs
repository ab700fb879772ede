//! What can be asked: one table of paths, what they are asked with, and what they answer.

use astlas_http::{Problem, decode};
use schemars::{Schema, SchemaGenerator};

use crate::{Function, Ports, ast, batch, graph, pr, repomap, symbols};

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident $path:literal $kind:ident $answer:path: $request:ty => $response:ty;)+) => {
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
            pub fn schemas(self, asked: &mut SchemaGenerator, answered: &mut SchemaGenerator) -> (Schema, Schema) {
                match self {
                    $(Self::$name => (
                        asked.subschema_for::<$request>(),
                        answered.subschema_for::<$response>(),
                    )),+
                }
            }

            /// The answer to a body, as JSON.
            pub async fn answer<P: Ports>(self, function: &Function<P>, body: &[u8]) -> Result<Vec<u8>, Problem> {
                match self { $(Self::$name => answer!($kind $path $answer: $request, function, body)),+ }
            }
        }
    };
}

macro_rules! answer {
    // Of what comes with the request alone.
    (request $path:literal $answer:path: $request:ty, $function:ident, $body:ident) => {
        $answer($function, decode::<$request>($body)?).await
    };
    // Of a commit; kept.
    (commit $path:literal $answer:path: $request:ty, $function:ident, $body:ident) => {
        $function
            .of_commit($path, $body, async |opened: &crate::commit::Opened<'_, P>, request: $request| {
                $answer(opened, request).await
            })
            .await
    };
}

operations! {
    /// Tags of one file.
    Parse "/api/v1/ast/parse" request ast::parse: ast::ParseRequest => ast::ParsedFile<'_>;
    /// Tags of many files.
    ParseBatch "/api/v1/batch/parse" request ast::parse_batch: ast::BatchRequest => ast::Batch<'_>;
    /// Several questions at once, each answered with a status of its own.
    Query "/api/v1/batch/query" request batch::query: batch::QueryRequest => batch::Answers;
    /// Files that a file uses.
    Dependencies "/api/v1/graph/dependencies" commit graph::dependencies: graph::DependenciesRequest => graph::Dependencies;
    /// Files that use a file.
    Dependents "/api/v1/graph/dependents" commit graph::dependents: graph::DependenciesRequest => graph::Dependents;
    /// The files that matter most, as a whole or for a change.
    ImportantFiles "/api/v1/graph/important_files" commit graph::important_files: graph::ImportantFilesRequest => graph::ImportantFiles;
    /// Files that belong together.
    Communities "/api/v1/graph/communities" commit graph::communities: graph::CommitRequest => astlas_json::Communities;
    /// Files that use each other in a circle.
    Cycles "/api/v1/graph/cycles" commit graph::cycles: graph::CommitRequest => graph::Cycles;
    /// Definitions of a name.
    SearchSymbols "/api/v1/symbols/search" commit symbols::search: symbols::SearchRequest => symbols::Symbols;
    /// Definitions whose name holds the letters of a pattern in order.
    FuzzySymbols "/api/v1/symbols/fuzzy" commit symbols::fuzzy: symbols::FuzzyRequest => symbols::Symbols;
    /// The lines that matter most, inside a token budget.
    Repomap "/api/v1/repomap" commit repomap::repomap: repomap::RepomapRequest => repomap::Repomap;
    /// Everything that a review needs beside the diff.
    PrContext "/api/v1/pr/context" commit pr::context: pr::PrContextRequest => pr::PrContext;
}

impl Operation {
    /// The operation at a path.
    pub fn at(path: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operation| operation.path() == path)
    }
}

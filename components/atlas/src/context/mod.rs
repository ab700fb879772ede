//! The context of a change: what a reviewer needs to see beside the diff, inside one token budget.
//!
//! A change goes in with the tree after it and the contents before it; out come the definitions it touches, who uses
//! them, what they use, the tests among those, files that usually change along, and cycles that were not there before.
//! The rest of the budget is a map of what surrounds the change.

mod before;
mod change;
mod cycles;
mod graph;
mod lines;
mod missing;
mod notes;
mod relations;
mod sections;
mod symbols;

pub use before::{Before, Old};
pub use change::{Change, ChangedFile, Status};
pub use missing::MissingFile;
pub use relations::{Relation, TouchingTest};
pub use symbols::{ChangedSymbol, SymbolStatus};

use astlas_model::{
    History,
    stages::{MapOrder, Tokenizer},
};

use crate::{
    Atlas,
    cycles::Cycle,
    index::IndexError,
    indexed::Indexed,
    map::{Map, MapRequest},
    ports::{Cache, Files, Progress, StageError, Stages},
    rank,
};
use graph::Sides;
use sections::{Front, Style};

/// What a context is asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContextRequest {
    /// How tokens are counted.
    pub tokenizer: Tokenizer,
    /// Most tokens of the text.
    pub budget: u32,
    /// Whether the text is Markdown.
    pub markdown: bool,
    /// What changed together before, if known.
    pub history: Option<History>,
}

/// A reviewer's bundle. The lists hold what the text shows, in its order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bundle {
    /// What to hand to a reviewer.
    pub text: String,
    /// Its tokens, never above the budget.
    pub tokens: u32,
    /// Whether everything that was found is in the text.
    pub complete: bool,
    /// Changed files without a changed definition: documents, pure renames, binary files.
    pub files: Vec<ChangedFile>,
    /// Definitions that the change adds, alters or removes: those in code, in tests, in documents, in files that nobody
    /// writes by hand; in each those that most files refer to first.
    pub symbols: Vec<ChangedSymbol>,
    /// Definitions outside tests that refer to changed symbols, surest first.
    pub callers: Vec<Relation>,
    /// Definitions that changed symbols refer to, surest first.
    pub callees: Vec<Relation>,
    /// Test files tied to changed files; those that name most of the changed symbols first.
    pub tests: Vec<TouchingTest>,
    /// Files that usually change along and do not this time, most usual first.
    pub missing: Vec<MissingFile>,
    /// Cycles that were not there before, each with a shortest way round that is new.
    pub cycles: Vec<Cycle>,
    /// What surrounds the change, in the rest of the budget.
    pub map: Map,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Draws the context of a change. `indexed` is the tree after it, `files` its files.
    pub async fn context(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        change: &Change<'_>,
        request: &ContextRequest,
        progress: &impl Progress,
    ) -> Result<Bundle, StageError> {
        let old = change.before.map(|before| Old::new(files, change.files, before));
        let before = match &old {
            None => None,
            Some(old) => match self.index_listed(old, change.listing.clone().aside(), progress).await {
                Ok(before) => Some(before),
                // Everything is new.
                Err(IndexError::NoSource) => None,
                Err(IndexError::Stage(error)) => return Err(error),
            },
        };
        let sides = Sides::new(indexed, before.as_ref(), change.files);
        let touched = self.touched(&sides, files, old.as_ref(), change).await?;
        let relations = self.relations(&sides, files, &touched, change).await?;
        let context = rank::Context {
            files: change.files.iter().filter(|file| file.status != Status::Deleted).map(|f| f.path.clone()).collect(),
            history: request.history.clone(),
            ..rank::Context::default()
        };
        let found = Bundle {
            files: touched.silent_files(change),
            symbols: touched.symbols.iter().map(|touched| touched.symbol.clone()).collect(),
            callers: relations.callers,
            callees: relations.callees,
            tests: relations.tests,
            missing: self.missing(indexed, &context, change).await?,
            cycles: if old.is_some() { self.new_cycles(&sides)? } else { vec![] },
            ..Bundle::default()
        };
        self.fill(indexed, files, found, change.files, context, request).await
    }

    /// Shows as much of what was found as the budget allows, then the map.
    async fn fill(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        found: Bundle,
        statuses: &[ChangedFile],
        context: rank::Context,
        request: &ContextRequest,
    ) -> Result<Bundle, StageError> {
        let style = if request.markdown { Style::Markdown } else { Style::Text };
        let mut front = Front::new(&found, statuses, style);
        front.share_out(&self.stages, request)?;
        if !front.begins_with_the_change() {
            return Ok(Bundle::default());
        }
        let written = front.write(&self.stages, request)?;
        let map_request = MapRequest {
            context,
            tokenizer: request.tokenizer,
            budget: request.budget.saturating_sub(written.tokens),
            order: MapOrder::Relevance,
            full: false,
            fenced: request.markdown,
        };
        let map = self.map(indexed, files, &map_request).await?;
        // What the map leaves is given to the sections that could use it.
        let spare = map_request.budget.saturating_sub(map.tokens);
        let written = if map.complete && front.grow(&self.stages, request, spare)? || map.text.is_empty() {
            front.write_above(&self.stages, request, &map)?
        } else {
            written
        };
        let mut bundle = front.shown(found);
        bundle.complete = front.is_complete() && map.complete;
        bundle.tokens = written.tokens + map.tokens;
        bundle.text = written.text + &map.text;
        bundle.map = map;
        Ok(bundle)
    }
}

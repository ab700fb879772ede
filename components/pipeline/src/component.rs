//! The pipeline as a component: its functions over the nouns of `wit/pipeline`, and over imported stages.
#![allow(
    unsafe_code,
    missing_docs,
    reason = "what wit-bindgen generates calls the canonical ABI and carries no docs of its own"
)]

use astlas_atlas::{
    index::IndexError,
    map::{MapFile, MapRequest},
    rank::Context,
};
use astlas_model::{same_words, stages};
use astlas_shell::Imports;

wit_bindgen::generate!({
    path: ["../../wit/pipeline"],
    world: "astlas:pipeline/pipeline-component",
});

use exports::astlas::pipeline::pipeline::{
    DrawnFile, DrawnMap, FileOrder, Format, Guest, MapError, Options, Profile, SourceFile, Tokenizer,
};

use crate::Drawn;

same_words!(Profile = stages::Profile { Default, Classic });
same_words!(Tokenizer = stages::Tokenizer { O200k, Cl100k, Chars });
same_words!(FileOrder = stages::MapOrder { Relevance, Path });

/// Budgets beyond this are taken for a slip: no model reads as much.
const MOST_TOKENS: u32 = 100_000_000;

/// The budget unless another one is given, in tokens.
const TOKENS: u32 = 4096;

struct Component;

impl Guest for Component {
    fn select_sources(paths: Vec<String>) -> Vec<String> {
        // Nothing is read for naught if the languages are not known; only more than need be.
        pollster::block_on(crate::select_sources(Imports, paths.clone())).unwrap_or(paths)
    }

    fn draw_map(files: Vec<SourceFile>, options: Options) -> Result<DrawnMap, MapError> {
        let request = request(options)?;
        let files = files.into_iter().map(|file| (file.path, file.text)).collect();
        Ok(pollster::block_on(crate::draw_map(Imports, files, &request))?.into())
    }
}

fn request(options: Options) -> Result<MapRequest, MapError> {
    let budget = options.tokens.unwrap_or(TOKENS);
    if !(1..=MOST_TOKENS).contains(&budget) {
        return Err(MapError::InvalidTokens(budget));
    }
    Ok(MapRequest {
        context: Context {
            profile: options.profile.map(Into::into).unwrap_or_default(),
            files: options.context,
            mentioned: options.mentioned,
            ..Context::default()
        },
        tokenizer: options.tokenizer.map(Into::into).unwrap_or_default(),
        budget,
        order: options.order.map(Into::into).unwrap_or_default(),
        full: options.full,
        fenced: options.format == Some(Format::Markdown),
    })
}

impl From<Drawn> for DrawnMap {
    fn from(Drawn { map, omitted, unknown }: Drawn) -> Self {
        let file = |MapFile { path, score, tokens, lines }| DrawnFile { path, score, tokens, lines };
        let files = map.files.into_iter().map(file).collect();
        Self { text: map.text, tokens: map.tokens, files, complete: map.complete, omitted, unknown }
    }
}

impl From<crate::MapError> for MapError {
    fn from(error: crate::MapError) -> Self {
        match error {
            crate::MapError::DuplicatePath(path) => Self::DuplicatePath(path),
            crate::MapError::InvalidPath(path) => Self::InvalidPath(path),
            crate::MapError::Index(IndexError::NoSource) => Self::NoSource,
            crate::MapError::Index(IndexError::Stage(error)) => Self::StageFailed(error.to_string()),
        }
    }
}

export!(Component);

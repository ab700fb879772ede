//! Definitions with their scores, for a context.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{Tags, tags::DefinitionType};

use super::{Context, Definitions};
use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, Files, StageError, Stages},
};

/// A definition that matters.
#[derive(Clone, Debug, PartialEq)]
pub struct RankedSymbol {
    /// Path of the file that defines it.
    pub file: String,
    /// Its name, with the names of the scopes around it: `Flask.run`.
    pub name: String,
    /// What it is.
    pub kind: DefinitionType,
    /// Zero-based line on which the name stands.
    pub line: u32,
    /// Source text that shows it, on one line.
    pub signature: String,
    /// Its part of the file's score.
    pub score: f64,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The best `limit` definitions (0: all) outside the context, best first; ties by file, then name, then line. Where a
    /// file defines a name more than once, each definition has the name's score. `files` are only read where the cache
    /// has lost a file's tags.
    pub async fn ranked_symbols(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        context: &Context,
        limit: usize,
    ) -> Result<Vec<RankedSymbol>, StageError> {
        let graph = &indexed.snapshot.graph;
        let ranks = self.ranks(indexed, context, Definitions::All).await?;
        let limit = if limit == 0 { usize::MAX } else { limit };
        let own: BTreeSet<u32> = context.files.iter().filter_map(|path| indexed.file(path)).collect();
        let columns = ranks.definition_file.iter().zip(&ranks.definition_name).zip(&ranks.definition_score);
        let best: Vec<(u32, u32, f64)> = columns
            .map(|((&file, &name), &score)| (file, name, score))
            .filter(|(file, ..)| !own.contains(file))
            .take(limit)
            .collect();
        let wanted: Vec<u32> = best.iter().map(|(file, ..)| *file).collect::<BTreeSet<_>>().into_iter().collect();
        let tags = self.tags_of(indexed, files, &wanted).await?;
        let tags: BTreeMap<u32, Tags> = wanted.into_iter().zip(tags).collect();
        let mut symbols = Vec::new();
        for (file, name, score) in best {
            let path = graph.files.get(file as usize).unwrap_or_default();
            let name = graph.names.get(name as usize).unwrap_or_default();
            let Some(tags) = tags.get(&file) else { continue };
            let d = &tags.definitions;
            let named = (0..d.name.len()).filter(|&at| tags.name(d.name[at]) == name);
            symbols.extend(named.map(|at| RankedSymbol {
                file: path.to_owned(),
                name: tags.qualified_name(at),
                kind: d.types[at],
                line: d.name_line[at],
                signature: d.signature.get(at).unwrap_or_default().trim().to_owned(),
                score,
            }));
            if symbols.len() >= limit {
                break;
            }
        }
        symbols.truncate(limit);
        Ok(symbols)
    }
}

//! Finding definitions by name.

use astlas_model::{Strings, Tags, stages::SearchMode, tags::DefinitionType};
use serde::{Deserialize, Serialize};

use crate::{
    Atlas,
    indexed::Indexed,
    keys,
    ports::{Cache, Files, StageError, Stages},
};

/// All definitions of a repository, side by side, in order of file and position.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SymbolIndex {
    /// Qualified names: `Flask.run`.
    pub names: Strings,
    /// Index of the file among the graph's.
    pub file: Vec<u32>,
    /// Zero-based line of the name.
    pub line: Vec<u32>,
    /// What it is.
    pub types: Vec<DefinitionType>,
    /// The line that shows it.
    pub signature: Strings,
}

impl SymbolIndex {
    /// Appends the definitions of one file.
    pub fn push_file(&mut self, file: u32, tags: &Tags) {
        for index in 0..tags.definitions.name.len() {
            if tags.definitions.types[index] != DefinitionType::Implementation {
                self.names.push(&tags.qualified_name(index));
                self.file.push(file);
                self.line.push(tags.definitions.name_line[index]);
                self.types.push(tags.definitions.types[index]);
                self.signature.push(tags.definitions.signature.get(index).unwrap_or_default().trim());
            }
        }
    }
}

impl SymbolIndex {
    /// Appends the definitions that another index has of a file, which has the number `file` here.
    pub(crate) fn push_from(&mut self, other: &Self, old: u32, file: u32) {
        let first = other.file.partition_point(|&other| other < old);
        for at in (first..other.file.len()).take_while(|&at| other.file[at] == old) {
            self.names.push(other.names.get(at).unwrap_or_default());
            self.file.push(file);
            self.line.push(other.line[at]);
            self.types.push(other.types[at]);
            self.signature.push(other.signature.get(at).unwrap_or_default());
        }
    }

    /// Whether columns are equally long and in order of file.
    pub(crate) fn is_sound(&self) -> bool {
        let definitions = self.file.len();
        let lengths = [self.names.len(), self.line.len(), self.types.len(), self.signature.len()];
        lengths == [definitions; 4] && self.file.is_sorted() && self.names.is_sound() && self.signature.is_sound()
    }
}

/// A definition that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Symbol {
    /// Qualified name.
    pub name: String,
    /// Path of its file.
    pub file: String,
    /// Zero-based line of the name.
    pub line: u32,
    /// What it is.
    pub r#type: DefinitionType,
    /// The line that shows it.
    pub signature: String,
    /// The better the higher; comparable only within one answer.
    pub score: u32,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The best `limit` definitions for a query (0: all). `files` are only read where the cache has lost something.
    pub async fn symbols(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        query: &str,
        mode: SearchMode,
        limit: u32,
    ) -> Result<Vec<Symbol>, StageError> {
        let key = keys::symbols(&self.repository, &indexed.tree);
        let index: SymbolIndex = match self.recall(&key).await {
            Some(index) => index,
            None => {
                let mut index = SymbolIndex::default();
                let all: Vec<u32> = (0..indexed.snapshot.tags.len() as u32).collect();
                let tags = self.tags_if_unchanged(indexed, files, &all).await?;
                for (file, tags) in tags.iter().enumerate() {
                    index.push_file(file as u32, tags.as_ref().unwrap_or(&Tags::default()));
                }
                if tags.iter().all(Option::is_some) {
                    self.remember(key, &index).await;
                }
                index
            }
        };
        let hits = self.stages.search(&index.names, query, mode, limit)?;
        let symbol = |hit: astlas_model::stages::Hit| {
            let at = hit.name as usize;
            Some(Symbol {
                name: index.names.get(at)?.into(),
                file: indexed.snapshot.graph.files.get(*index.file.get(at)? as usize)?.into(),
                line: *index.line.get(at)?,
                r#type: *index.types.get(at)?,
                signature: index.signature.get(at)?.into(),
                score: hit.score,
            })
        };
        Ok(hits.into_iter().filter_map(symbol).collect())
    }
}

//! The definitions that a change touches.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{Tags, tags::DefinitionType};

use super::{
    before::Old,
    change::{Change, ChangedFile, Status},
    graph::{Sides, confidence, position},
    lines::{Hunk, hunks, touched},
    relations::LEAST_CONFIDENCE,
};
use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, Files, StageError, Stages},
    source::{Decoded, FILE_LIMIT, decode},
};

/// Files whose tags are held at once, to bound memory.
const CHUNK: usize = 256;

/// What happened to a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolStatus {
    /// It was not there before.
    Added,
    /// It is gone.
    Removed,
    /// Lines in it changed.
    Modified,
    /// It is in a file that was named as changed.
    Given,
}

impl SymbolStatus {
    /// The word used in texts and JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Modified => "modified",
            Self::Given => "given",
        }
    }
}

/// A definition that a change touches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedSymbol {
    /// Path of its file; of one that was removed with its file, the path before.
    pub file: String,
    /// What happened to it.
    pub status: SymbolStatus,
    /// Its name, with the names of the scopes around it.
    pub name: String,
    /// What it is.
    pub kind: DefinitionType,
    /// Zero-based line of its name; of a removed one, before the change.
    pub line: u32,
    /// Source text that shows it, on one line.
    pub signature: String,
    /// The same before the change, where it differs.
    pub old_signature: Option<String>,
}

/// A changed symbol with what is needed to relate it to others.
pub struct Touched {
    pub symbol: ChangedSymbol,
    /// Its own name.
    pub name: String,
    /// Its lines, zero-based and inclusive, on its side of the change.
    pub lines: (u32, u32),
    /// Names it refers to, each once, in order of their first place.
    pub uses: Vec<String>,
}

/// All changed symbols.
pub struct AllTouched {
    /// Code, tests, documents, then files that nobody writes by hand; in each those that most files refer to first; ties
    /// by path, then line.
    pub symbols: Vec<Touched>,
}

impl AllTouched {
    /// Changed files in which no symbol changed.
    pub fn silent_files(&self, change: &Change<'_>) -> Vec<ChangedFile> {
        let loud: BTreeSet<&str> = self.symbols.iter().map(|touched| touched.symbol.file.as_str()).collect();
        change.files.iter().filter(|file| !loud.contains(file.path.as_str())).cloned().collect()
    }
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The symbols that a change touches.
    pub(super) async fn touched<F: Files>(
        &self,
        sides: &Sides<'_>,
        files: &F,
        old: Option<&Old<'_, F>>,
        change: &Change<'_>,
    ) -> Result<AllTouched, StageError> {
        let mut symbols = vec![];
        for chunk in change.files.chunks(CHUNK) {
            let after = self.tags_by_path(sides.after, files, chunk.iter().filter_map(ChangedFile::after)).await?;
            let before = match (sides.before, old) {
                (Some(before), Some(old)) => {
                    self.tags_by_path(before, old, chunk.iter().filter_map(ChangedFile::before)).await?
                }
                _ => BTreeMap::new(),
            };
            for file in chunk {
                let after = file.after().and_then(|path| Some((path, after.get(path)?)));
                let before = file.before().and_then(|path| Some((path, before.get(path)?)));
                if after.is_none() && before.is_none() {
                    continue;
                }
                if file.status == Status::Given {
                    let all = after.map_or_else(Vec::new, |(_, tags)| touched(tags, std::iter::once(&(0..u32::MAX))));
                    symbols.extend(
                        all.into_iter().filter_map(|index| symbol(&file.path, after?.1, index, SymbolStatus::Given)),
                    );
                    continue;
                }
                let new_text = match after {
                    Some((path, _)) => text(files, path).await,
                    None => String::new(),
                };
                let old_text = match before.zip(old) {
                    Some(((path, _), old)) => text(old, path).await,
                    None => String::new(),
                };
                let hunks = hunks(&old_text, &new_text);
                of_file(file, after.map(|(_, tags)| tags), before.map(|(_, tags)| tags), &hunks, &mut symbols);
            }
        }
        symbols.sort_by_cached_key(|touched| {
            let (file, referencers) = weight(sides, touched);
            (file, std::cmp::Reverse(referencers), touched.symbol.file.clone(), touched.symbol.line)
        });
        Ok(AllTouched { symbols })
    }

    /// The tags of those of these paths that are indexed.
    async fn tags_by_path<'p>(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        paths: impl Iterator<Item = &'p str>,
    ) -> Result<BTreeMap<&'p str, Tags>, StageError> {
        let (paths, wanted): (Vec<&str>, Vec<u32>) = paths.filter_map(|path| Some((path, indexed.file(path)?))).unzip();
        Ok(paths.into_iter().zip(self.tags_of(indexed, files, &wanted).await?).collect())
    }
}

/// How late a symbol comes (code, tests, documents, what is generated or of others), and how many other files refer to
/// it: to its name, with a tie to its file. The name alone may be that of anything.
fn weight(sides: &Sides<'_>, touched: &Touched) -> (u8, usize) {
    let side = match touched.symbol.status {
        SymbolStatus::Removed => sides.before.unwrap_or(sides.after),
        _ => sides.after,
    };
    let graph = &side.snapshot.graph;
    let path = if std::ptr::eq(side, sides.after) { &touched.symbol.file } else { sides.then(&touched.symbol.file) };
    let Some(file) = side.file(path) else { return (0, 0) };
    let kind = match graph.file_marks.get(file as usize).copied().unwrap_or_default() {
        marks if marks.generated || marks.minified || marks.vendored => 3,
        marks if marks.document => 2,
        marks if marks.test => 1,
        _ => 0,
    };
    let leads_here =
        |source: u32| source != file && confidence(graph, source, file).is_some_and(|sure| sure >= LEAST_CONFIDENCE);
    let name = position(&graph.names, &touched.name);
    (kind, name.map_or(0, |name| graph.referencers(name).filter(|&(source, _)| leads_here(source)).count()))
}

/// The symbols of one file whose content before is known.
fn of_file(
    file: &ChangedFile,
    after: Option<&Tags>,
    before: Option<&Tags>,
    hunks: &[Hunk],
    symbols: &mut Vec<Touched>,
) {
    let places_before = before.map(places).unwrap_or_default();
    let places_after = after.map(places).unwrap_or_default();
    // Old lines that were only replaced or removed show in what they were part of, which may have no new line.
    let mut seen = BTreeSet::new();
    let mut push = |tags: &Tags, index: usize| {
        let key = key(tags, index);
        if !seen.insert(key.clone()) {
            return;
        }
        let old = before.and_then(|before| Some(signature(before, *places_before.get(&key)?)));
        let new = after.and_then(|after| Some(signature(after, *places_after.get(&key)?)));
        let status = match (&old, &new) {
            (None, _) => SymbolStatus::Added,
            (_, None) => SymbolStatus::Removed,
            _ => SymbolStatus::Modified,
        };
        let Some(mut touched) = symbol(&file.path, tags, index, status) else { return };
        touched.symbol.old_signature = old.zip(new).filter(|(old, new)| old != new).map(|(old, _)| old);
        symbols.push(touched);
    };
    if let Some(tags) = after {
        touched(tags, hunks.iter().map(|hunk| &hunk.after)).into_iter().for_each(|index| push(tags, index));
    }
    if let Some(tags) = before {
        for index in touched(tags, hunks.iter().map(|hunk| &hunk.before)) {
            // What is still there is shown as it is now, by its new lines.
            match after.zip(places_after.get(&key(tags, index))) {
                Some((after, &index)) => push(after, index),
                None => push(tags, index),
            }
        }
    }
}

/// What a definition is known by on both sides: its qualified name and type.
type Key = (String, DefinitionType);

fn key(tags: &Tags, index: usize) -> Key {
    (tags.qualified_name(index), tags.definitions.types[index])
}

/// Where the first definition of each key is.
fn places(tags: &Tags) -> BTreeMap<Key, usize> {
    (0..tags.definitions.name.len()).rev().map(|index| (key(tags, index), index)).collect()
}

/// Source text that shows a definition, on one line.
pub fn signature(tags: &Tags, index: usize) -> String {
    tags.definitions.signature.get(index).unwrap_or_default().trim().to_owned()
}

/// A definition as a changed symbol. A block of implementations is none: it has the name of what it implements.
fn symbol(file: &str, tags: &Tags, index: usize, status: SymbolStatus) -> Option<Touched> {
    let d = &tags.definitions;
    if d.types[index] == DefinitionType::Implementation {
        return None;
    }
    let mut seen = BTreeSet::new();
    let r = &tags.references;
    let own = (0..r.name.len()).filter(|&at| r.scope[at] as usize == index + 1);
    let uses = own.map(|at| tags.name(r.name[at])).filter(|name| seen.insert(*name)).map(ToOwned::to_owned).collect();
    Some(Touched {
        symbol: ChangedSymbol {
            file: file.to_owned(),
            status,
            name: tags.qualified_name(index),
            kind: d.types[index],
            line: d.name_line[index],
            signature: signature(tags, index),
            old_signature: None,
        },
        name: tags.name(d.name[index]).to_owned(),
        lines: (d.start_line[index], d.end_line[index]),
        uses,
    })
}

/// A file's text, line by line as the parser saw it; empty where there is none. Line ends are made equal: git may change
/// them between a revision and the folder.
async fn text(files: &impl Files, path: &str) -> String {
    match files.read(path, FILE_LIMIT).await.map(|bytes| decode("", bytes)) {
        Ok(Decoded::Text { text, .. }) => text.replace("\r\n", "\n"),
        _ => String::new(),
    }
}

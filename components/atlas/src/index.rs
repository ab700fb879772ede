//! Indexing: from a tree of files to a snapshot, doing only what has not been done before.
//!
//! A file that looks as it did is not read; a content that is known is not parsed; a tree that is known costs neither
//! parsing nor graph. What was found is kept under the hash of what it was made from, so nothing can be stale.

use std::collections::BTreeMap;

use astlas_model::{Detector, Strings, Tags, stages::FileNames, stored, tags::DefinitionType};

use crate::{
    Atlas, keys,
    ports::{Cache, Entry, Files, Progress, Source, StageError, Stages},
    snapshot::{Manifest, ManifestFile, Snapshot},
    source::{self, Decoded, FILE_LIMIT},
    symbols::SymbolIndex,
};

/// A file changed this shortly before the tree was listed may have changed again since without looking different: file
/// systems keep time in steps of some milliseconds. Such a file is read again next time. In nanoseconds.
const STAMP_STEP: i64 = 20_000_000;

/// How much source is held at once while reading, in bytes and files: enough to keep every core busy.
const CHUNK_BYTES: u64 = 12 << 20;
const CHUNK_FILES: usize = 1024;

/// How much of a file without extension is read to see its `#!` line, in bytes.
const FIRST_LINE: u64 = 256;

/// An indexed tree.
#[derive(Clone, Debug)]
pub struct Indexed {
    /// What the other use cases work on.
    pub snapshot: Snapshot,
    /// Hash of all that the snapshot was made from.
    pub tree: String,
    /// What it took.
    pub report: Report,
}

/// What an index took.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Source files in the tree.
    pub files: usize,
    /// Bytes of source that were read.
    pub bytes_read: u64,
    /// Files parsed in this run.
    pub parsed: usize,
    /// Files whose tags were known.
    pub cached: usize,
    /// Whether the graph was known.
    pub graph_cached: bool,
    /// Files of each language, by name.
    pub languages: BTreeMap<String, usize>,
    /// Files that could not be read, and why.
    pub unreadable: Vec<(String, String)>,
}

/// Why there is no index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The tree holds no file in a language the parser knows.
    #[error("no source files")]
    NoSource,
    /// A stage did not answer.
    #[error(transparent)]
    Stage(#[from] StageError),
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Indexes a tree.
    pub async fn index(&self, files: &impl Files, progress: &impl Progress) -> Result<Indexed, IndexError> {
        let detector = self.detector().await?;
        let manifest_key = keys::manifest(&self.repository);
        let old: Manifest = self.recall(&manifest_key).await.unwrap_or_default();
        let mut run = Run { atlas: self, detector: &detector, report: Report::default(), fresh: BTreeMap::new() };
        let manifest = run.update(&old, files, progress).await?;
        if manifest.files != old.files {
            self.remember(manifest_key, &manifest).await;
        }

        let sources: Vec<&ManifestFile> = manifest.files.iter().filter(|file| !file.language.is_empty()).collect();
        if sources.is_empty() {
            return Err(IndexError::NoSource);
        }
        run.report.files = sources.len();
        run.report.cached = sources.len() - run.report.parsed;
        for file in &sources {
            *run.report.languages.entry(file.language.clone()).or_default() += 1;
        }
        let tree = tree_digest(self.stages.revision(), &sources);
        let graph_key = keys::graph(&self.repository, &tree);
        let snapshot = match self.recall(&graph_key).await {
            Some(snapshot) => {
                run.report.graph_cached = true;
                snapshot
            }
            None => {
                let (snapshot, symbols) = run.build(&sources, files).await?;
                self.remember(graph_key, &snapshot).await;
                self.remember(keys::symbols(&self.repository, &tree), &symbols).await;
                snapshot
            }
        };
        Ok(Indexed { snapshot, tree, report: run.report })
    }
}

/// Hash of everything a snapshot depends on.
fn tree_digest(revision: &str, sources: &[&ManifestFile]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(revision.as_bytes());
    for file in sources {
        for part in [file.path.as_bytes(), file.language.as_bytes(), &file.content] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
    }
    keys::hex(&hasher.finalize().as_bytes()[..16])
}

/// One run of the indexer.
struct Run<'a, S, C> {
    atlas: &'a Atlas<S, C>,
    detector: &'a Detector,
    report: Report,
    /// Names of the files parsed in this run, by the key of their tags: they need not be decoded again for the graph.
    fresh: BTreeMap<String, Tags>,
}

/// A file that must be read.
struct Candidate<'e> {
    entry: &'e Entry,
    language: String,
}

impl<S: Stages, C: Cache> Run<'_, S, C> {
    /// The manifest of the tree as it is now; new contents are parsed on the way.
    async fn update(
        &mut self,
        old: &Manifest,
        files: &impl Files,
        progress: &impl Progress,
    ) -> Result<Manifest, IndexError> {
        let (mut known, mut candidates) = (vec![], vec![]);
        for entry in files.entries() {
            let before =
                old.files.binary_search_by(|file| file.path.as_str().cmp(&entry.path)).ok().map(|at| &old.files[at]);
            let settled = entry.stamp.modified.max(entry.stamp.changed) + STAMP_STEP < old.listed_at;
            match before {
                Some(before) if before.stamp == entry.stamp && settled => known.push(before.clone()),
                _ => {
                    let by_path = self.detector.by_path(&entry.path).map(|language| language.name.clone());
                    if by_path.is_some() || self.detector.needs_first_line(&entry.path) {
                        candidates.push(Candidate { entry, language: by_path.unwrap_or_default() });
                    }
                }
            }
        }
        let (total, mut rest) = (candidates.len(), candidates.as_mut_slice());
        while !rest.is_empty() {
            let mut bytes = 0;
            let mut fits = |candidate: &Candidate<'_>| {
                bytes += candidate.entry.stamp.size.min(FILE_LIMIT);
                bytes <= CHUNK_BYTES
            };
            let count = rest.iter().take(CHUNK_FILES).take_while(|candidate| fits(candidate)).count().max(1);
            let (chunk, later) = rest.split_at_mut(count);
            known.extend(self.read_chunk(chunk, files).await?);
            rest = later;
            progress.files(total - rest.len(), total);
        }
        known.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Manifest { listed_at: files.listed_at(), files: known })
    }

    async fn read_chunk(
        &mut self,
        chunk: &mut [Candidate<'_>],
        files: &impl Files,
    ) -> Result<Vec<ManifestFile>, IndexError> {
        let (mut manifest, mut texts) = (vec![], vec![]);
        for Candidate { entry, language } in chunk {
            match self.read(entry, language, files) {
                Ok(Some((file, content))) => {
                    texts.push(content);
                    manifest.push(file);
                }
                Ok(None) => {}
                Err(error) => self.report.unreadable.push((entry.path.clone(), error)),
            }
        }
        let keys: Vec<String> = manifest.iter().map(|file| self.tags_key(file)).collect();
        // Files without a language are remembered so that they are not read again; they have no tags.
        let wanted: Vec<String> = keys.iter().filter(|key| !key.is_empty()).cloned().collect();
        let known: BTreeMap<&String, bool> =
            wanted.iter().zip(self.atlas.cache.get(&wanted).await).map(|(key, value)| (key, value.is_some())).collect();
        let mut missing: BTreeMap<String, (String, Decoded)> = BTreeMap::new();
        for ((key, file), content) in keys.iter().zip(&manifest).zip(texts) {
            if known.get(key) == Some(&false) {
                missing.entry(key.clone()).or_insert((file.language.clone(), content));
            }
        }
        self.parse(missing).await?;
        Ok(manifest)
    }

    /// Reads and hashes one file; `None` if it turns out not to be source.
    fn read(
        &mut self,
        entry: &Entry,
        language: &str,
        files: &impl Files,
    ) -> Result<Option<(ManifestFile, Decoded)>, String> {
        let file = |language: &str, content: blake3::Hash| ManifestFile {
            path: entry.path.clone(),
            stamp: entry.stamp,
            language: language.into(),
            content: *content.as_bytes(),
        };
        let mut language = language.to_owned();
        if language.is_empty() {
            let start = files.read(&entry.path, FIRST_LINE).map_err(|error| error.to_string())?;
            let line =
                String::from_utf8_lossy(start.split(|&byte| byte == b'\n').next().unwrap_or_default()).into_owned();
            match self.detector.by_first_line(line.trim_end()) {
                Some(found) => language = found.name.clone(),
                None => {
                    let nothing = Decoded::Text { text: String::new(), lossy: false };
                    return Ok(Some((file("", blake3::hash(b"")), nothing)));
                }
            }
        }
        if entry.stamp.size > FILE_LIMIT {
            let tags = source::too_large(&language, entry.stamp.size);
            let content = blake3::hash(format!("too large: {}", entry.stamp.size).as_bytes());
            return Ok(Some((file(&language, content), Decoded::Skipped(Box::new(tags)))));
        }
        let bytes = files.read(&entry.path, FILE_LIMIT).map_err(|error| error.to_string())?;
        self.report.bytes_read += bytes.len() as u64;
        let content = blake3::hash(&bytes);
        Ok(Some((file(&language, content), source::decode(&language, bytes))))
    }

    fn tags_key(&self, file: &ManifestFile) -> String {
        let language = self.detector.languages().iter().find(|language| language.name == file.language);
        language.map(|language| keys::tags(language, &file.content)).unwrap_or_default()
    }

    /// Parses contents, keeps their tags in the cache and in `fresh`.
    async fn parse(&mut self, contents: BTreeMap<String, (String, Decoded)>) -> Result<(), IndexError> {
        let (mut keys, mut sources, mut lossy, mut entries) = (vec![], vec![], vec![], vec![]);
        let keep = |key: String, tags: Tags, fresh: &mut BTreeMap<String, Tags>, entries: &mut Vec<_>| {
            entries.push((key.clone(), stored::encode(&tags)));
            fresh.insert(key, tags);
        };
        for (key, (language, content)) in contents {
            match content {
                Decoded::Skipped(tags) => keep(key, *tags, &mut self.fresh, &mut entries),
                Decoded::Text { text, lossy: replaced } => {
                    keys.push(key);
                    lossy.push(replaced);
                    sources.push(Source { language, text });
                }
            }
        }
        self.report.parsed += sources.len() + entries.len();
        for ((key, mut tags), lossy) in keys.into_iter().zip(self.atlas.stages.parse(sources)?).zip(lossy) {
            if lossy {
                source::note_lossy(&mut tags);
            }
            keep(key, tags, &mut self.fresh, &mut entries);
        }
        self.atlas.cache.put(entries).await;
        Ok(())
    }

    /// The snapshot and the symbols of these files.
    async fn build(
        &mut self,
        sources: &[&ManifestFile],
        files: &impl Files,
    ) -> Result<(Snapshot, SymbolIndex), IndexError> {
        let (mut paths, mut names, mut symbols) = (Strings::default(), vec![], SymbolIndex::default());
        let mut snapshot = Snapshot::default();
        for chunk in sources.chunks(CHUNK_FILES) {
            for (file, tags) in chunk.iter().zip(self.tags(chunk, files).await?) {
                symbols.push_file(paths.len() as u32, &tags);
                paths.push(&file.path);
                snapshot.tags.push(self.tags_key(file));
                snapshot.definitions += tags.definitions.name.len() as u64;
                snapshot.references += tags.references.name.len() as u64;
                snapshot.files_with_diagnostics += u64::from(!tags.diagnostics.line.is_empty());
                names.push(file_names(tags));
            }
        }
        snapshot.graph = self.atlas.stages.build_graph(&paths, names)?;
        Ok((snapshot, symbols))
    }

    /// The tags of these files: just parsed, or from the cache, or parsed again if the cache has lost them.
    async fn tags(&mut self, sources: &[&ManifestFile], files: &impl Files) -> Result<Vec<Tags>, IndexError> {
        let keys: Vec<String> = sources.iter().map(|file| self.tags_key(file)).collect();
        let wanted: Vec<String> = keys.iter().filter(|key| !self.fresh.contains_key(*key)).cloned().collect();
        let mut found: BTreeMap<String, Tags> = BTreeMap::new();
        for (key, bytes) in wanted.iter().zip(self.atlas.cache.get(&wanted).await) {
            if let Some(tags) = bytes.and_then(|bytes| stored::decode(&bytes).ok()).filter(Tags::is_sound) {
                found.insert(key.clone(), tags);
            }
        }
        let mut lost = BTreeMap::new();
        for (key, file) in keys.iter().zip(sources) {
            if !self.fresh.contains_key(key) && !found.contains_key(key) {
                let size = file.stamp.size;
                let entry = Entry { path: file.path.clone(), stamp: file.stamp };
                let content = match self.read(&entry, &file.language, files) {
                    Ok(Some((_, content))) => content,
                    _ => Decoded::Skipped(Box::new(source::too_large(&file.language, size))),
                };
                lost.insert(key.clone(), (file.language.clone(), content));
            }
        }
        self.parse(lost).await?;
        let pick = |key: &String| self.fresh.get(key).or_else(|| found.get(key)).cloned().unwrap_or_default();
        Ok(keys.iter().map(pick).collect())
    }
}

/// What the graph needs of a file. An implementation block defines no name, and headings are not code.
pub fn file_names(tags: Tags) -> FileNames {
    let defines = |kind: &DefinitionType| !matches!(kind, DefinitionType::Implementation | DefinitionType::Section);
    let d = tags.definitions;
    let definitions =
        d.name.into_iter().zip(&d.types).filter(|(_, kind)| defines(kind)).map(|(name, _)| name).collect();
    FileNames { names: tags.names, definitions, references: tags.references.name }
}

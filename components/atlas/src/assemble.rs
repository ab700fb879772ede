//! From the files of a manifest to the repository as a whole: its graph and its symbols.

use std::collections::BTreeMap;

use astlas_model::{Built, FileMarks, Language, Strings, Tags, stages::FileNames, tags::DefinitionType};

use crate::{
    ports::{Cache, Files, StageError, Stages},
    snapshot::{FileCounts, Manifest, ManifestFile, Remainder, Snapshot},
    source::CHUNK_FILES,
    symbols::SymbolIndex,
    update::Run,
};

/// What is made of all files together.
#[derive(Default)]
pub struct Assembled {
    pub snapshot: Snapshot,
    pub symbols: SymbolIndex,
    pub remainder: Remainder,
}

impl Assembled {
    /// Counts the next file in.
    pub fn push(&mut self, tags_key: String, counts: FileCounts) {
        self.snapshot.tags.push(tags_key);
        self.snapshot.definitions += u64::from(counts.definitions);
        self.snapshot.references += u64::from(counts.references);
        self.snapshot.files_with_diagnostics += u64::from(counts.has_diagnostics);
        self.remainder.counts.push(counts);
    }

    pub fn set_built(&mut self, built: Built) {
        self.snapshot.graph = built.graph;
        self.remainder.ledger = built.ledger;
    }
}

impl<S: Stages, C: Cache, F: Files> Run<'_, S, C, F> {
    /// The snapshot and the symbols of the sources. Files whose tags the cache has lost are read again; the manifest is
    /// changed to what they are now, so that it never names a content under which other tags were counted.
    pub async fn assemble(&mut self, manifest: &mut Manifest) -> Result<Assembled, StageError> {
        let (mut paths, mut names, mut all) = (Strings::default(), vec![], Assembled::default());
        let (sources, mut files): (Vec<_>, Vec<_>) =
            std::mem::take(&mut manifest.files).into_iter().partition(|file| !file.language.is_empty());
        for chunk in sources.chunks(CHUNK_FILES) {
            let cached = self.cached(chunk).await;
            let has_tags = |file: &ManifestFile| {
                self.tags_key(file).is_some_and(|key| self.made.contains_key(&key) || cached.contains_key(&key))
            };
            let (kept, lost): (Vec<_>, Vec<_>) = chunk.iter().cloned().partition(has_tags);
            let mut now = [kept, self.read_again(&lost).await?].concat();
            now.sort_by(|a, b| a.path.cmp(&b.path));
            for file in now {
                if let Some(key) = self.tags_key(&file)
                    && let Some(tags) = self.made.get(&key).or_else(|| cached.get(&key))
                {
                    all.symbols.push_file(paths.len() as u32, tags);
                    paths.push(&file.path);
                    all.push(key, FileCounts::of(tags));
                    names.push(file_names(tags, self.detector.language(&file.language)));
                }
                files.push(file);
            }
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        manifest.files = files;
        all.set_built(self.atlas.stages.build_graph(&paths, names)?);
        Ok(all)
    }

    /// The tags of these files that the cache has, by key, less those made in this run.
    pub async fn cached(&self, files: &[ManifestFile]) -> BTreeMap<String, Tags> {
        let keys = files.iter().filter_map(|file| self.tags_key(file));
        let keys: Vec<String> = keys.filter(|key| !self.made.contains_key(key)).collect();
        let found = self.atlas.cached_tags(&keys).await;
        keys.into_iter().zip(found).filter_map(|(key, tags)| Some((key, tags?))).collect()
    }
}

/// What the graph needs of a file in this language. An implementation block defines no name, and headings are not code.
pub fn file_names(tags: &Tags, language: Option<&Language>) -> FileNames {
    let defines = |kind: DefinitionType| !matches!(kind, DefinitionType::Implementation | DefinitionType::Section);
    let d = &tags.definitions;
    let definitions = d.name.iter().zip(&d.types).filter(|(_, kind)| defines(**kind)).map(|(&name, _)| name).collect();
    FileNames {
        names: tags.names.clone(),
        definitions,
        references: tags.references.name.clone(),
        exports: tags.exports.name.clone(),
        import_path: tags.imports.path.clone(),
        import_name: tags.imports.name.clone(),
        family: language.map_or(&tags.language, |language| &language.family).clone(),
        lines: tags.lines,
        marks: FileMarks {
            generated: tags.generated,
            minified: tags.minified,
            document: language.is_some_and(|language| language.document),
            ..FileMarks::default()
        },
    }
}

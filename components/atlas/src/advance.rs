//! From the snapshot of the tree as it last was to that of now: only what changed enters the graph again.

use astlas_model::{Built, Strings, Tags};

use crate::{
    assemble::{Assembled, file_names},
    indexed::Before,
    keys,
    ports::{Cache, Files, StageError, Stages},
    snapshot::{FileCounts, Manifest, ManifestFile, Remainder, Snapshot},
    source::CHUNK_FILES,
    symbols::SymbolIndex,
    update::Run,
};

/// Of so many files at most one may have changed: from about there on, building all anew costs no more.
const UNCHANGED_FOR_EACH_CHANGED: usize = 4;

/// What became of the sources of a tree.
struct Changes<'a> {
    removed: Strings,
    /// Added or changed, in order of path.
    fresh: Vec<&'a ManifestFile>,
    /// For each source of now the number it had, if it is as it was.
    kept: Vec<Option<u32>>,
    /// For each source of now the number that a source of its path had.
    place: Vec<Option<u32>>,
}

impl<'a> Changes<'a> {
    fn between(old: &[&ManifestFile], now: &[&'a ManifestFile]) -> Self {
        let mut changes = Self { removed: Strings::default(), fresh: vec![], kept: vec![], place: vec![] };
        let mut before = (0u32..).zip(old).peekable();
        for &file in now {
            while let Some((_, gone)) = before.next_if(|(_, other)| other.path < file.path) {
                changes.removed.push(&gone.path);
            }
            let same_path = before.next_if(|(_, other)| other.path == file.path);
            let is_same = |other: &ManifestFile| (&other.language, other.content) == (&file.language, file.content);
            let kept = same_path.filter(|(_, other)| is_same(other)).map(|(number, _)| number);
            if kept.is_none() {
                changes.fresh.push(file);
            }
            changes.kept.push(kept);
            changes.place.push(same_path.map(|(number, _)| number));
        }
        before.for_each(|(_, gone)| changes.removed.push(&gone.path));
        changes
    }
}

impl<S: Stages, C: Cache, F: Files> Run<'_, S, C, F> {
    /// The snapshot of `manifest`, if that of `old` is still there and most files are as they were. Where anything is
    /// lost or does not fit, there is none: all is to be assembled anew.
    pub async fn advance(&self, old: &Manifest, manifest: &Manifest) -> Option<(Assembled, Before)> {
        let (before, now): (Vec<_>, Vec<_>) = (old.sources().collect(), manifest.sources().collect());
        let changes = Changes::between(&before, &now);
        let changed = changes.fresh.len() + changes.removed.len();
        if changed.saturating_mul(UNCHANGED_FOR_EACH_CHANGED) > before.len() {
            return None;
        }
        let tree = old.tree(self.atlas.stages.revision());
        let repository = &self.atlas.repository;
        let snapshot: Snapshot = self.atlas.recall(&keys::graph(repository, &tree)).await?;
        let remainder: Remainder = self.atlas.recall(&keys::ledger(repository, &tree)).await?;
        let symbols: SymbolIndex = self.atlas.recall(&keys::symbols(repository, &tree)).await?;
        let is_of_old = snapshot.graph.files.iter().eq(before.iter().map(|file| file.path.as_str()));
        if !is_of_old || !remainder.fits(&snapshot) || !symbols.is_sound() {
            return None;
        }
        let tags = self.all_tags(&changes.fresh).await?;
        let assembled = self.advanced(snapshot, remainder, &symbols, &changes, &tags).ok()?;
        Some((assembled, Before { tree, place: changes.place }))
    }

    /// The tags of these files, if none is lost.
    async fn all_tags(&self, files: &[&ManifestFile]) -> Option<Vec<(String, Tags)>> {
        let mut all = vec![];
        for chunk in files.chunks(CHUNK_FILES) {
            let chunk: Vec<ManifestFile> = chunk.iter().map(|&file| file.clone()).collect();
            let cached = self.cached(&chunk).await;
            for file in &chunk {
                let key = self.tags_key(file)?;
                let tags = self.made.get(&key).or_else(|| cached.get(&key))?.clone();
                all.push((key, tags));
            }
        }
        Some(all)
    }

    fn advanced(
        &self,
        before: Snapshot,
        remainder: Remainder,
        symbols: &SymbolIndex,
        changes: &Changes<'_>,
        tags: &[(String, Tags)],
    ) -> Result<Assembled, StageError> {
        let mut now = Assembled::default();
        let mut fresh = tags.iter();
        for (file, kept) in (0..).zip(&changes.kept) {
            match kept.map(|file| file as usize) {
                Some(old) => {
                    now.symbols.push_from(symbols, old as u32, file);
                    now.push(before.tags[old].clone(), remainder.counts[old]);
                }
                None => {
                    let Some((key, tags)) = fresh.next() else { continue };
                    now.symbols.push_file(file, tags);
                    now.push(key.clone(), FileCounts::of(tags));
                }
            }
        }
        let paths: Strings = changes.fresh.iter().map(|file| &file.path).collect();
        let files = changes.fresh.iter().zip(tags);
        let names = files.map(|(file, (_, tags))| file_names(tags, self.detector.language(&file.language))).collect();
        let built = Built { graph: before.graph, ledger: remainder.ledger };
        now.set_built(self.atlas.stages.update_graph(built, &changes.removed, &paths, names)?);
        Ok(now)
    }
}

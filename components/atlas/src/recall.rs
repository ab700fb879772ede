//! Tags of files that are already indexed.

use std::collections::BTreeMap;

use astlas_model::{Tags, stored};

use crate::{
    Atlas,
    index::Indexed,
    ports::{Cache, Files, Source, StageError, Stages},
    source::{self, Decoded, FILE_LIMIT},
};

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The tags of these files of the graph: from the cache or, where it has lost them, parsed again.
    pub async fn tags_of(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        wanted: &[u32],
    ) -> Result<Vec<Tags>, StageError> {
        let snapshot = &indexed.snapshot;
        let keys: Vec<String> =
            wanted.iter().map(|&file| snapshot.tags.get(file as usize).cloned().unwrap_or_default()).collect();
        let decode =
            |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| stored::decode(&bytes).ok()).filter(Tags::is_sound);
        let mut found: Vec<Option<Tags>> = self.cache.get(&keys).await.into_iter().map(decode).collect();

        let mut texts: BTreeMap<usize, Source> = BTreeMap::new();
        for (at, tags) in found.iter_mut().enumerate().filter(|(_, tags)| tags.is_none()) {
            let path = snapshot.graph.files.get(wanted[at] as usize).unwrap_or_default();
            // A key reads `ast:FORMAT:LANGUAGE-REVISION:CONTENT`.
            let language =
                keys[at].split(':').nth(2).and_then(|part| part.rsplit_once('-')).map_or("", |(language, _)| language);
            match files.read(path, FILE_LIMIT + 1) {
                Ok(bytes) if bytes.len() as u64 <= FILE_LIMIT => match source::decode(language, bytes) {
                    Decoded::Text { text, .. } => drop(texts.insert(at, Source { language: language.into(), text })),
                    Decoded::Skipped(skipped) => *tags = Some(*skipped),
                },
                // Gone or grown since it was indexed: nothing to show.
                _ => {}
            }
        }
        let (places, sources): (Vec<usize>, Vec<Source>) = texts.into_iter().unzip();
        for (at, tags) in places.into_iter().zip(self.stages.parse(sources)?) {
            found[at] = Some(tags);
        }
        Ok(found.into_iter().map(Option::unwrap_or_default).collect())
    }
}

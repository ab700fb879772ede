//! From what was last seen of a tree to what it is now, reading only what may have changed.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{Detector, Tags};

use crate::{
    Atlas,
    indexed::Report,
    keys,
    ports::{Cache, Files, Progress, ReadError, StageError, Stages, TreeFile},
    recall::Contents,
    snapshot::{Manifest, ManifestFile},
    source::{self, Decoded, FIRST_LINE},
};

/// One run of the indexer.
pub(crate) struct Run<'a, S, C, F> {
    pub atlas: &'a Atlas<S, C>,
    pub detector: &'a Detector,
    pub files: &'a F,
    pub report: Report,
    /// Tags made in this run, by key: they need not be decoded again for the graph.
    pub made: BTreeMap<String, Tags>,
}

impl<S: Stages, C: Cache, F: Files> Run<'_, S, C, F> {
    /// The manifest of the tree as it is now. Contents without tags are parsed on the way.
    pub async fn update(&mut self, old: &Manifest, progress: &impl Progress) -> Result<Manifest, StageError> {
        let (mut files, mut unread) = (vec![], vec![]);
        for file in self.files.entries() {
            match old.unchanged(file) {
                Some(before) => files.push(before.clone()),
                None if source::may_be(self.detector, &file.path) => unread.push(file),
                None => {}
            }
        }
        let mut done = 0;
        for chunk in source::chunks(&unread, |file| file.stamp.size) {
            let (read, contents) = self.read_all(chunk).await;
            files.extend(read);
            self.parse(self.not_cached(contents).await).await?;
            done += chunk.len();
            progress.files(done, unread.len());
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(Manifest { listed_at: self.files.listed_at(), files })
    }

    /// Reads files whose tags the cache has lost once more, and parses what they hold now. Those that can no longer be
    /// read are left out.
    pub async fn read_again(&mut self, lost: &[ManifestFile]) -> Result<Vec<ManifestFile>, StageError> {
        let mut files = vec![];
        for chunk in source::chunks(lost, |file| file.stamp.size) {
            let chunk: Vec<TreeFile> =
                chunk.iter().map(|file| TreeFile { path: file.path.clone(), stamp: file.stamp }).collect();
            let (read, contents) = self.read_all(&chunk.iter().collect::<Vec<_>>()).await;
            files.extend(read);
            self.parse(contents).await?;
        }
        Ok(files)
    }

    /// The key of a file's tags, if it has a language.
    pub fn tags_key(&self, file: &ManifestFile) -> Option<String> {
        let language = self.detector.language(&file.language)?;
        Some(keys::tags(language, &file.content))
    }

    /// Reads files, each as it is now. One that cannot be read is left out and reported.
    async fn read_all(&mut self, files: &[&TreeFile]) -> (Vec<ManifestFile>, Contents) {
        let (mut manifest, mut contents) = (vec![], Contents::new());
        for &file in files {
            match self.read(file).await {
                Ok((read, decoded)) => {
                    self.report.read += 1;
                    if let Some(key) = self.tags_key(&read) {
                        contents.entry(key).or_insert_with(|| (read.language.clone(), decoded));
                    }
                    manifest.push(read);
                }
                Err(error) => self.report.unreadable.push((file.path.clone(), error.to_string())),
            }
        }
        (manifest, contents)
    }

    async fn read(&mut self, file: &TreeFile) -> Result<(ManifestFile, Decoded), ReadError> {
        let read = |language: &str, content| ManifestFile {
            path: file.path.clone(),
            stamp: file.stamp,
            language: language.to_owned(),
            content,
        };
        let start = match self.detector.needs_first_line(&file.path) {
            true => self.files.read(&file.path, FIRST_LINE).await?,
            false => vec![],
        };
        let Some(language) = source::language(self.detector, &file.path, &start) else {
            // Remembered all the same, so that it is not read again.
            return Ok((read("", [0; 32]), Decoded::Text { text: String::new(), lossy: false }));
        };
        let content = source::read(self.files, file, &language.name).await?;
        self.report.bytes_read += content.bytes;
        Ok((read(&language.name, content.hash), content.decoded))
    }

    /// The contents that have no tags yet, neither from this run nor in the cache.
    async fn not_cached(&self, mut contents: Contents) -> Contents {
        contents.retain(|key, _| !self.made.contains_key(key));
        let keys: Vec<String> = contents.keys().cloned().collect();
        let found = self.atlas.cache.get(&keys).await;
        let cached: BTreeSet<&String> =
            keys.iter().zip(found).filter(|(_, v)| v.is_some()).map(|(key, _)| key).collect();
        contents.retain(|key, _| !cached.contains(key));
        contents
    }

    async fn parse(&mut self, contents: Contents) -> Result<(), StageError> {
        self.made.extend(self.atlas.make_tags(contents).await?);
        Ok(())
    }
}

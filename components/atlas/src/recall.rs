//! Tags of contents: from the cache, made where they are new, made again where the cache has lost them.

use std::collections::BTreeMap;

use astlas_model::{Tags, stored};

use crate::{
    Atlas,
    indexed::Indexed,
    keys,
    ports::{Cache, Files, StageError, Stages, TreeFile},
    source::{self, Decoded},
};

/// Contents that have no tags yet, with the names of their languages, by the keys of their tags.
pub(crate) type Contents = BTreeMap<String, (String, Decoded)>;

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The tags of these files of the graph, in order. A file whose tags are lost and that is no longer as it was
    /// indexed has none to show.
    pub async fn tags_of(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        wanted: &[u32],
    ) -> Result<Vec<Tags>, StageError> {
        let found = self.tags_if_unchanged(indexed, files, wanted).await?;
        Ok(found.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// As [`Atlas::tags_of`], with `None` for a file that has nothing to show. What is made without it is not to be kept
    /// under the hash of the tree.
    pub async fn tags_if_unchanged(
        &self,
        indexed: &Indexed,
        files: &impl Files,
        wanted: &[u32],
    ) -> Result<Vec<Option<Tags>>, StageError> {
        let snapshot = &indexed.snapshot;
        let key = |&file: &u32| snapshot.tags.get(file as usize).cloned().unwrap_or_default();
        let keys: Vec<String> = wanted.iter().map(key).collect();
        let mut found = self.cached_tags(&keys).await;

        let lost = |at: &usize| found[*at].is_none();
        if found.iter().any(Option::is_none) {
            files.ready().await;
        }
        let listed = |at: usize| {
            let path = snapshot.graph.files.get(wanted[at] as usize)?;
            let entry = files.entries().binary_search_by(|file| file.path.as_str().cmp(path)).ok()?;
            Some((keys[at].as_str(), &files.entries()[entry]))
        };
        let lost: Vec<(&str, &TreeFile)> = (0..keys.len()).filter(lost).filter_map(listed).collect();
        let mut made = BTreeMap::new();
        for chunk in source::chunks(&lost, |(_, file)| file.stamp.size) {
            let mut contents = Contents::new();
            for &(key, file) in chunk {
                let language = keys::tags_language(key);
                // The key names one content: tags of any other are not those that were asked for.
                if let Ok(content) = source::read(files, file, language).await
                    && keys::tags_are_of(key, &content.hash)
                {
                    contents.insert(key.to_owned(), (language.to_owned(), content.decoded));
                }
            }
            made.extend(self.make_tags(contents).await?);
        }
        for (key, tags) in keys.iter().zip(&mut found).filter(|(_, tags)| tags.is_none()) {
            *tags = made.get(key).cloned();
        }
        Ok(found)
    }

    /// The tags under these keys that are in the cache, in order.
    pub(crate) async fn cached_tags(&self, keys: &[String]) -> Vec<Option<Tags>> {
        let decode =
            |bytes: Option<Vec<u8>>| bytes.and_then(|bytes| stored::decode(&bytes).ok()).filter(Tags::is_sound);
        self.cache.get(keys).await.into_iter().map(decode).collect()
    }

    /// Makes the tags of contents, and keeps them in the cache.
    pub(crate) async fn make_tags(&self, contents: Contents) -> Result<BTreeMap<String, Tags>, StageError> {
        let (keys, contents): (Vec<String>, Vec<(String, Decoded)>) = contents.into_iter().unzip();
        let tags = source::tags(&self.stages, contents)?;
        self.cache.put(keys.iter().zip(&tags).map(|(key, tags)| (key.clone(), stored::encode(tags))).collect()).await;
        Ok(keys.into_iter().zip(tags).collect())
    }
}

/// What became of a file that was given by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// Its tags.
    pub tags: Tags,
    /// Whether the cache had them.
    pub cached: bool,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// The tags of files that are given by path and content, in order; none for a file in no known language. They are
    /// kept as those of an index are.
    pub async fn parse(&self, files: Vec<(&str, Vec<u8>)>) -> Result<Vec<Option<Parsed>>, StageError> {
        let detector = self.detector().await?;
        let mut contents = Contents::new();
        let key = |(path, bytes): (&str, Vec<u8>)| {
            let language = source::language(&detector, path, &bytes)?;
            let content = source::content(&language.name, bytes);
            let key = keys::tags(language, &content.hash);
            contents.entry(key.clone()).or_insert_with(|| (language.name.clone(), content.decoded));
            Some(key)
        };
        let wanted: Vec<Option<String>> = files.into_iter().map(key).collect();
        let keys: Vec<String> = contents.keys().cloned().collect();
        let found = keys.iter().cloned().zip(self.cached_tags(&keys).await);
        let cached: BTreeMap<String, Tags> = found.filter_map(|(key, tags)| Some((key, tags?))).collect();
        contents.retain(|key, _| !cached.contains_key(key));
        let made = self.make_tags(contents).await?;
        let parsed = |key: String| match cached.get(&key) {
            Some(tags) => Some(Parsed { tags: tags.clone(), cached: true }),
            None => Some(Parsed { tags: made.get(&key)?.clone(), cached: false }),
        };
        Ok(wanted.into_iter().map(|key| key.and_then(parsed)).collect())
    }
}

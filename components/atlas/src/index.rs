//! Indexing: from a tree of files to a snapshot, doing only what has not been done before.
//!
//! A file that looks as it did is not read; a content whose tags are cached is not parsed; a tree whose graph is cached
//! costs neither parsing nor graph; where few files changed, only they enter the graph again. What was made is kept under
//! the hash of what it was made from, so nothing can be stale.

use std::{borrow::Cow, collections::BTreeMap};

use astlas_model::Detector;

use crate::{
    Atlas,
    indexed::{Indexed, Report},
    keys,
    ports::{Cache, Files, Progress, StageError, Stages, TreeFile},
    snapshot::Manifest,
    source,
    update::Run,
};

/// Why there is no index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// The tree holds no file in a language the parser knows. Where some could not be read, there is an index all the
    /// same, without files, whose report names them.
    #[error("no source files")]
    NoSource,
    /// A stage did not answer.
    #[error(transparent)]
    Stage(#[from] StageError),
}

/// What an index goes on from, and what goes on from it: files that look as they did there are not read. Both are parts
/// of a manifest's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    from: Cow<'static, str>,
    /// Under what name that which is seen now is kept; nowhere, if nothing is to go on from it.
    to: Option<Cow<'static, str>>,
}

impl Listing {
    /// The repository's folder.
    pub const FOLDER: Self = Self::always("");
    /// Revisions, whose stamps name contents.
    pub const REVISIONS: Self = Self::always("-revisions");

    const fn always(name: &'static str) -> Self {
        Self { from: Cow::Borrowed(name), to: Some(Cow::Borrowed(name)) }
    }

    /// A commit whose stamps name contents, after another one that was indexed before.
    pub fn commit(commit: &str, base: Option<&str>) -> Self {
        let name = |commit: &str| Cow::Owned(format!("@{commit}"));
        Self { from: name(base.unwrap_or(commit)), to: Some(name(commit)) }
    }

    /// For a tree that only differs from one of this listing.
    pub fn aside(self) -> Self {
        Self { to: None, ..self }
    }
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Where the manifest is that an index by this listing goes on from.
    pub(crate) fn manifest_key(&self, listing: &Listing, detector: &Detector) -> String {
        keys::manifest(&(self.repository.clone() + &listing.from), detector.languages())
    }

    /// Paths of the files that an index by this listing would have to read.
    pub async fn unread(&self, files: &impl Files, listing: &Listing) -> Result<Vec<String>, StageError> {
        let detector = self.detector().await?;
        let old: Manifest = self.recall(&self.manifest_key(listing, &detector)).await.unwrap_or_default();
        files.ready().await;
        let is_unread = |file: &&TreeFile| old.unchanged(file).is_none() && source::may_be(&detector, &file.path);
        Ok(files.entries().iter().filter(is_unread).map(|file| file.path.clone()).collect())
    }

    /// Indexes the repository's folder.
    pub async fn index(&self, files: &impl Files, progress: &impl Progress) -> Result<Indexed, IndexError> {
        self.index_listed(files, Listing::FOLDER, progress).await
    }

    /// Indexes a tree.
    pub async fn index_listed(
        &self,
        files: &impl Files,
        listing: Listing,
        progress: &impl Progress,
    ) -> Result<Indexed, IndexError> {
        let detector = self.detector().await?;
        let old: Manifest = self.recall(&self.manifest_key(&listing, &detector)).await.unwrap_or_default();
        let key = |name: &str| keys::manifest(&(self.repository.clone() + name), detector.languages());
        files.ready().await;
        let mut run = Run { atlas: self, detector: &detector, files, report: Report::default(), made: BTreeMap::new() };
        let mut manifest = run.update(&old, progress).await?;
        // Also when all that was read is as it was: the files are settled from this listing on.
        let is_new = listing.to.as_ref() != Some(&listing.from);
        if let Some(name) = &listing.to
            && (is_new || run.report.read > 0 || manifest.files.len() != old.files.len())
        {
            self.remember(key(name), &manifest).await;
        }
        if manifest.sources().next().is_none() && run.report.unreadable.is_empty() {
            return Err(IndexError::NoSource);
        }

        let mut tree = manifest.tree(self.stages.revision());
        let mut before = None;
        let snapshot = match self.recall(&keys::graph(&self.repository, &tree)).await {
            Some(snapshot) => {
                run.report.graph_cached = true;
                snapshot
            }
            None => {
                let made = match run.advance(&old, &manifest).await {
                    Some((made, from)) => {
                        run.report.graph_updated = true;
                        before = Some(from);
                        made
                    }
                    None => {
                        let before = (run.report.read, run.report.unreadable.len());
                        let made = run.assemble(&mut manifest).await?;
                        if (run.report.read, run.report.unreadable.len()) != before {
                            if let Some(name) = &listing.to {
                                self.remember(key(name), &manifest).await;
                            }
                            tree = manifest.tree(self.stages.revision());
                        }
                        made
                    }
                };
                // The graph last: where it is, nobody makes the others again.
                self.remember(keys::ledger(&self.repository, &tree), &made.remainder).await;
                self.remember(keys::symbols(&self.repository, &tree), &made.symbols).await;
                self.remember(keys::graph(&self.repository, &tree), &made.snapshot).await;
                made.snapshot
            }
        };
        run.count(&manifest);
        Ok(Indexed { snapshot, tree, report: run.report, before })
    }
}

impl<S: Stages, C: Cache, F: Files> Run<'_, S, C, F> {
    fn count(&mut self, manifest: &Manifest) {
        for file in manifest.sources() {
            let made = self.tags_key(file).is_some_and(|key| self.made.contains_key(&key));
            self.report.files += 1;
            *(if made { &mut self.report.parsed } else { &mut self.report.cached }) += 1;
            *self.report.languages.entry(file.language.clone()).or_default() += 1;
        }
    }
}

//! Repositories known by commit: indexed once, asked any number of times, and kept as one value that brings back what a
//! cache has lost.

use astlas_model::stored;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    Atlas,
    index::{IndexError, Indexed, Listing, Report},
    keys,
    ports::{Cache, Files, Progress, Stages},
    snapshot::{Manifest, Snapshot},
};

/// Where the sources of a commit are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sources {
    /// Nowhere any more.
    #[default]
    Gone,
    /// Side by side in one blob.
    Pack,
    /// Each a blob of its own.
    Tree,
    /// In an archive that any part of can be read of by itself.
    Archive,
}

/// What is known of a commit before anything of it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Hash of all that its snapshot was made from.
    pub tree: String,
    /// Where its sources are.
    pub sources: Sources,
}

/// Why a commit has no index.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommitError {
    /// There is none of its tree.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// A file could not be read, so that it would be missing from the index for good.
    #[error("{path}: {why}")]
    Unreadable {
        /// The first such file.
        path: String,
        /// Why not.
        why: String,
    },
}

/// Everything of a commit that would have to be made again: entries of the cache.
#[derive(Default, Serialize, Deserialize)]
struct Bundle {
    commit: Commit,
    entries: Vec<(String, ByteBuf)>,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Indexes the tree of a commit; the stamps of `files` name contents. Of `base`, another commit that was indexed
    /// before, is taken over what did not change. All files can be read, or there is no index.
    pub async fn index_commit(
        &self,
        commit: &str,
        base: Option<&str>,
        sources: Sources,
        files: &impl Files,
        progress: &impl Progress,
    ) -> Result<Indexed, CommitError> {
        let indexed = self.index_listed(files, Listing::commit(commit, base), progress).await?;
        if let Some((path, why)) = indexed.report.unreadable.first() {
            return Err(CommitError::Unreadable { path: path.clone(), why: why.clone() });
        }
        let known = Commit { tree: indexed.tree.clone(), sources };
        self.remember(keys::commit(&self.repository, commit), &known).await;
        Ok(indexed)
    }

    /// What is known of a commit; `None` if it was never indexed, or if the cache has lost it.
    pub async fn commit(&self, commit: &str) -> Option<Commit> {
        self.recall(&keys::commit(&self.repository, commit)).await
    }

    /// The index of a commit, as the cache has it.
    pub async fn indexed(&self, commit: &Commit) -> Option<Indexed> {
        let snapshot = self.recall(&keys::graph(&self.repository, &commit.tree)).await?;
        Some(indexed(snapshot, commit))
    }

    /// A commit that was indexed, as one value to be kept outside the cache.
    pub async fn bundle(&self, commit: &str, indexed: &Indexed, sources: Sources) -> Vec<u8> {
        let (repository, tree) = (&self.repository, &indexed.tree);
        let mut entries = vec![(keys::graph(repository, tree), ByteBuf::from(stored::encode(&indexed.snapshot)))];
        let mut more = vec![keys::ledger(repository, tree), keys::symbols(repository, tree)];
        if let Ok(detector) = self.detector().await {
            more.push(self.manifest_key(&Listing::commit(commit, None), &detector));
        }
        let found = self.cache.get(&more).await;
        entries.extend(more.into_iter().zip(found).filter_map(|(key, value)| Some((key, value?.into()))));
        stored::encode(&Bundle { commit: Commit { tree: tree.clone(), sources }, entries })
    }

    /// Puts a bundle back into the cache: its commit and the index; `None` if it cannot be read.
    pub async fn restore(&self, commit: &str, bundle: &[u8]) -> Option<(Commit, Indexed)> {
        let Bundle { commit: known, entries } = stored::decode(bundle).ok()?;
        let graph = keys::graph(&self.repository, &known.tree);
        let snapshot = entries.iter().find(|(key, _)| *key == graph).map(|(_, value)| stored::decode(value));
        let snapshot: Snapshot = snapshot?.ok()?;
        let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, value.into_vec())).collect();
        entries.push((keys::commit(&self.repository, commit), stored::encode(&known)));
        self.cache.put(entries).await;
        let indexed = indexed(snapshot, &known);
        Some((known, indexed))
    }

    /// What was seen of the files of a commit.
    pub async fn manifest(&self, commit: &str) -> Option<Manifest> {
        let detector = self.detector().await.ok()?;
        self.recall(&self.manifest_key(&Listing::commit(commit, None), &detector)).await
    }
}

fn indexed(snapshot: Snapshot, commit: &Commit) -> Indexed {
    Indexed { snapshot, tree: commit.tree.clone(), report: Report::default(), before: None }
}

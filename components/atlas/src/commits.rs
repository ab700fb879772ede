//! Repositories known by commit: indexed once, asked any number of times, and kept as one value that brings back what a
//! cache has lost.

use astlas_model::stored;
use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;

use crate::{
    Atlas,
    index::{IndexError, Listing},
    indexed::{Indexed, Report},
    keys::{self, Sources},
    ports::{Cache, Files, Progress, Stages},
    snapshot::{Manifest, Snapshot},
};

/// What is known of a commit before anything of it is opened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Hash of all that its snapshot was made from.
    pub tree: String,
    /// Where its sources are.
    pub sources: Sources,
    /// The token that index and sources are kept under.
    pub token: String,
}

impl Commit {
    /// What a commit is called as it was under its token.
    pub fn version(&self, commit: &str) -> String {
        version(commit, &self.token)
    }
}

/// What a commit is called as it is under a token: what was seen of its files stays apart from what is seen under another.
pub fn version(commit: &str, token: &str) -> String {
    format!("{commit}@{token}")
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

/// Everything of a commit that would have to be made again: entries of the cache. The token is not in it: whoever makes it
/// of the same sources makes the same bytes.
#[derive(Default, Serialize, Deserialize)]
struct Bundle {
    tree: String,
    sources: Sources,
    manifest: Option<ByteBuf>,
    entries: Vec<(String, ByteBuf)>,
}

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Indexes the tree of a version of a commit; the stamps of `files` name contents. Of `base`, a version of another commit
    /// that was indexed before, is taken over what did not change. All files can be read, or there is no index. The commit
    /// cannot be asked before it is [`known`](Self::know).
    pub async fn index_commit(
        &self,
        version: &str,
        base: Option<&str>,
        files: &impl Files,
        progress: &impl Progress,
    ) -> Result<Indexed, CommitError> {
        let indexed = self.index_listed(files, Listing::commit(version, base), progress).await?;
        if let Some((path, why)) = indexed.report.unreadable.first() {
            return Err(CommitError::Unreadable { path: path.clone(), why: why.clone() });
        }
        Ok(indexed)
    }

    /// Has the cache know a commit.
    pub async fn know(&self, commit: &str, known: &Commit) {
        self.remember(keys::commit(&self.repository, commit), known).await;
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

    /// A version of a commit that was indexed, as one value to be kept outside the cache.
    pub async fn bundle(&self, version: &str, indexed: &Indexed, sources: Sources) -> Vec<u8> {
        let (repository, tree) = (&self.repository, &indexed.tree);
        let mut entries = vec![(keys::graph(repository, tree), ByteBuf::from(stored::encode(&indexed.snapshot)))];
        let more = vec![keys::ledger(repository, tree), keys::symbols(repository, tree)];
        let found = self.cache.get(&more).await;
        entries.extend(more.into_iter().zip(found).filter_map(|(key, value)| Some((key, value?.into()))));
        let manifest = match self.detector().await {
            Ok(detector) => self.cache.get(&[self.manifest_key(&Listing::commit(version, None), &detector)]).await,
            Err(_) => vec![],
        };
        let manifest = manifest.into_iter().next().flatten().map(ByteBuf::from);
        stored::encode(&Bundle { tree: tree.clone(), sources, manifest, entries })
    }

    /// Puts a bundle that is kept under a token back into the cache: its commit and the index; `None` if it cannot be read.
    pub async fn restore(&self, commit: &str, token: &str, bundle: &[u8]) -> Option<(Commit, Indexed)> {
        let Bundle { tree, sources, manifest, entries } = stored::decode(bundle).ok()?;
        let known = Commit { tree, sources, token: token.to_owned() };
        let graph = keys::graph(&self.repository, &known.tree);
        let snapshot = entries.iter().find(|(key, _)| *key == graph).map(|(_, value)| stored::decode(value));
        let snapshot: Snapshot = snapshot?.ok()?;
        let mut entries: Vec<_> = entries.into_iter().map(|(key, value)| (key, value.into_vec())).collect();
        if let Some(manifest) = manifest
            && let Ok(detector) = self.detector().await
        {
            let listing = Listing::commit(&known.version(commit), None);
            entries.push((self.manifest_key(&listing, &detector), manifest.into_vec()));
        }
        entries.push((keys::commit(&self.repository, commit), stored::encode(&known)));
        self.cache.put(entries).await;
        let indexed = indexed(snapshot, &known);
        Some((known, indexed))
    }

    /// What was seen of the files of a version of a commit.
    pub async fn manifest(&self, version: &str) -> Option<Manifest> {
        let detector = self.detector().await.ok()?;
        self.recall(&self.manifest_key(&Listing::commit(version, None), &detector)).await
    }
}

fn indexed(snapshot: Snapshot, commit: &Commit) -> Indexed {
    Indexed { snapshot, tree: commit.tree.clone(), report: Report::default(), before: None }
}

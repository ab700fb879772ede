//! Repositories known by commit: indexed once, asked any number of times.

use crate::{
    Atlas,
    index::{IndexError, Indexed, Listing, Report},
    keys,
    ports::{Cache, Files, Progress, Stages},
};

impl<S: Stages, C: Cache> Atlas<S, C> {
    /// Indexes the tree of a commit; the stamps of `files` name contents. Of `base`, another commit that was indexed
    /// before, is taken over what did not change.
    pub async fn index_commit(
        &self,
        commit: &str,
        base: Option<&str>,
        files: &impl Files,
        progress: &impl Progress,
    ) -> Result<Indexed, IndexError> {
        let indexed = self.index_listed(files, Listing::commit(commit, base), progress).await?;
        self.remember(keys::commit(&self.repository, commit), &indexed.tree).await;
        Ok(indexed)
    }

    /// A commit that was indexed; `None` if it never was, or if the cache has lost it.
    pub async fn commit(&self, commit: &str) -> Option<Indexed> {
        let tree: String = self.recall(&keys::commit(&self.repository, commit)).await?;
        let snapshot = self.recall(&keys::graph(&self.repository, &tree)).await?;
        Some(Indexed { snapshot, tree, report: Report::default(), before: None })
    }
}

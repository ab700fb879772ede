//! The moment when an index can be seen: it is among the blobs under the greatest token of its commit, and nobody has
//! forbidden it.

use astlas_atlas::{
    blobs,
    commits::Commit,
    keys::{self, Sources},
    ports::Blob,
    upload::Upload,
    versions,
};
use astlas_http::Problem;

use crate::{
    Function, Ports,
    turn::{Stop, Turn},
    unavailable,
};

impl<P: Ports> Function<P> {
    /// Keeps the index of a job where it is found.
    pub async fn show(&self, turn: &Turn, known: &Commit, bundle: &[u8]) -> Result<(), Stop> {
        let job = &turn.job;
        let (repository, commit, token) = (job.repo_id.as_str(), job.commit_sha.as_str(), job.token.as_str());
        self.hold(turn).await?;
        let name = keys::index_blob(repository, commit, token);
        let mut upload = Upload::begin(&self.ports, &name).await.map_err(unavailable)?;
        upload.push(bundle).await.map_err(unavailable)?;
        upload.finish().await.map_err(unavailable)?;
        let listed = self.indexes(repository, commit).await?;
        if !counts(&listed, &name) {
            return self.withdraw(turn, &listed).await;
        }
        self.atlas(&job.repo_id).know(commit, known).await;
        // Only now: whoever forbids it, or has a newer one, does so first and then tells the cache.
        let listed = self.indexes(repository, commit).await?;
        if !counts(&listed, &name) {
            self.ports.remove(&[keys::commit(repository, commit)]).await;
            return self.withdraw(turn, &listed).await;
        }
        Ok(())
    }

    /// Removes what was made of a commit before this turn, which is done.
    pub async fn remove_older(&self, turn: &Turn) -> Result<(), Problem> {
        let job = &turn.job;
        let (repository, commit, token) = (job.repo_id.as_str(), job.commit_sha.as_str(), job.token.as_str());
        let listed = self.indexes(repository, commit).await?;
        let older = listed.iter().filter_map(|blob| keys::indexed_in(&blob.name)).filter(|it| it.token < token);
        self.remove_versions(repository, commit, older.map(|it| it.token)).await
    }

    /// Takes an index back that does not count.
    async fn withdraw(&self, turn: &Turn, listed: &[Blob]) -> Result<(), Stop> {
        let job = &turn.job;
        let (repository, commit, token) = (job.repo_id.as_str(), job.commit_sha.as_str(), job.token.as_str());
        let void = keys::void_blob(repository, commit, token);
        if listed.iter().any(|blob| blob.name == void) {
            // That it is forbidden stays, should more of it come.
            let sources = keys::sources_blob(repository, commit, Sources::Pack, token);
            let names = [keys::index_blob(repository, commit, token), sources];
            self.ports.delete(&names).await.map_err(unavailable)?;
            return Err(Stop::Lost);
        }
        // Another job made a newer one: that is what this one was for.
        Ok(self.remove_versions(repository, commit, [token].into_iter()).await?)
    }

    /// Removes what was made of a commit under these tokens.
    pub async fn remove_versions<'t>(
        &self,
        repository: &str,
        commit: &str,
        tokens: impl Iterator<Item = &'t str>,
    ) -> Result<(), Problem> {
        let names = |token| {
            let sources = keys::sources_blob(repository, commit, Sources::Pack, token);
            [keys::index_blob(repository, commit, token), sources, keys::void_blob(repository, commit, token)]
        };
        let names: Vec<String> = tokens.flat_map(names).collect();
        if names.is_empty() {
            return Ok(());
        }
        self.ports.delete(&names).await.map_err(unavailable)
    }

    /// All indexes of a commit, and what forbids some of them.
    async fn indexes(&self, repository: &str, commit: &str) -> Result<Vec<Blob>, Problem> {
        blobs::list_all(&self.ports, &keys::indexes_of(repository, commit)).await.map_err(unavailable)
    }
}

/// Whether this is the index of its commit.
fn counts(listed: &[Blob], name: &str) -> bool {
    versions::counting(listed.to_vec()).iter().any(|blob| blob.name == name)
}

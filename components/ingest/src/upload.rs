//! Archives on their way in.

use astlas_atlas::ports::{Blobs, Cache, Events, Stages};
use astlas_http::{Body, CommitSha, Problem, ProblemType, RepoId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Function, unavailable};

/// Longest archive, in bytes.
const ARCHIVE_LIMIT: u64 = 512 << 20;
/// Parts are handed on at about this size, in bytes.
const PART: usize = 8 << 20;

/// An archive that was kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stored {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Its bytes.
    size: u64,
}

/// Where the archive of a commit is.
pub fn name(repository: &RepoId, commit: &CommitSha) -> String {
    format!("repos/{}/{}/archive", repository.as_str(), commit.as_str())
}

impl<P: Stages + Cache + Blobs + Events + Clone> Function<P> {
    /// Keeps an archive, part by part. One that is cut short leaves nothing behind.
    pub async fn upload(
        &self,
        repository: &RepoId,
        commit: &CommitSha,
        body: &mut impl Body,
    ) -> Result<Stored, Problem> {
        let upload = self.ports.begin(&name(repository, commit)).await.map_err(unavailable)?;
        let (mut size, mut part) = (0, Vec::new());
        let mut is_end = false;
        while !is_end {
            match body.next().await? {
                Some(more) => part.extend(more),
                None => is_end = true,
            }
            if size + part.len() as u64 > ARCHIVE_LIMIT {
                let detail = format!("the archive is longer than {ARCHIVE_LIMIT} bytes; send the source files alone");
                return Err(ProblemType::ContentTooLarge.with(detail));
            }
            if part.len() >= PART || is_end && !part.is_empty() {
                let length = part.len() as u64;
                self.ports.append(&upload, size, std::mem::take(&mut part)).await.map_err(unavailable)?;
                size += length;
            }
        }
        if size == 0 {
            return Err(ProblemType::InvalidRequest.with("the body is empty; send a tar, gzip or zstd archive"));
        }
        self.ports.finish(&upload, size).await.map_err(unavailable)?;
        Ok(Stored { repo_id: repository.clone(), commit_sha: commit.clone(), size })
    }

    /// The archive of a commit, if it was sent.
    pub async fn archive(&self, repository: &RepoId, commit: &CommitSha) -> Result<Option<Vec<u8>>, Problem> {
        let name = name(repository, commit);
        let mut archive = Vec::new();
        loop {
            let part = self.ports.read(&name, archive.len() as u64, PART as u64).await.map_err(unavailable)?;
            match part {
                None => return Ok(None),
                Some(part) if part.is_empty() => return Ok(Some(archive)),
                Some(part) => archive.extend(part),
            }
        }
    }
}

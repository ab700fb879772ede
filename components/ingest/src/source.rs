//! Where the files of a commit come in, and what is there.

use astlas_atlas::{
    blobs::list_all,
    keys::{self, Sources},
    ports::{BLOB_PART, Blobs},
    upload::Upload,
};
use astlas_http::{Body, CommitSha, Problem, ProblemType, RepoId};
use schemars::JsonSchema;
use serde::Serialize;

use crate::{Function, Ports, unavailable};

/// Longest archive, in bytes.
const ARCHIVE_LIMIT: u64 = 512 << 20;
/// How much of an archive tells its form, in bytes.
const MARK: u64 = 4;
/// How the names of archives end that were put into the bucket by others.
const ENDINGS: [&str; 5] = [".tar", ".tar.gz", ".tgz", ".tar.zst", ".zip"];

/// An archive that was kept.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Stored {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Its bytes.
    size: u64,
}

/// What there is of a commit.
pub enum Found {
    /// An archive: its name.
    Archive(String),
    /// The files themselves.
    Tree,
}

/// What there is of a commit: an archive that came in, else what others put into its folder: an archive, if that is all
/// there is, or the files themselves.
pub async fn find(blobs: &impl Blobs, repository: &RepoId, commit: &CommitSha) -> Result<Found, Problem> {
    let archive = keys::archive_blob(repository.as_str(), commit.as_str());
    if blobs.read(&archive, 0, 1).await.map_err(unavailable)?.is_some() {
        return Ok(Found::Archive(archive));
    }
    let folder = keys::commit_folder(repository.as_str(), commit.as_str());
    let found = blobs.list(&folder, "").await.map_err(unavailable)?;
    match found.as_slice() {
        [] => Err(ProblemType::UnknownCommit.with(format!(
            "there is nothing at {folder} in the bucket; send an archive with PUT /api/v1/repos/{}/{}/archive",
            repository.as_str(),
            commit.as_str()
        ))),
        [only] if is_archive(only.name.strip_prefix(&folder).unwrap_or_default()) => {
            Ok(Found::Archive(only.name.clone()))
        }
        _ => Ok(Found::Tree),
    }
}

/// Whether an archive is one that is read in place.
pub async fn is_zip(blobs: &impl Blobs, name: &str) -> Result<bool, Problem> {
    let start = blobs.read(name, 0, MARK).await.map_err(unavailable)?;
    Ok(start.is_some_and(|start| astlas_sources::is_zip(&start)))
}

fn is_archive(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.ends_with(ending)) && !name.contains('/')
}

/// Copies an archive.
pub async fn copy(blobs: &impl Blobs, from: &str, to: &str) -> Result<(), Problem> {
    let mut upload = Upload::begin(blobs, to).await.map_err(unavailable)?;
    while let Some(part) = blobs.read(from, upload.size(), BLOB_PART as u64).await.map_err(unavailable)? {
        upload.push(&part).await.map_err(unavailable)?;
        if upload.size() > ARCHIVE_LIMIT {
            let detail = format!("the archive is longer than {ARCHIVE_LIMIT} bytes; send the source files alone");
            return Err(ProblemType::InvalidRequest.with(detail));
        }
        if part.len() < BLOB_PART {
            break;
        }
    }
    upload.finish().await.map(|_| ()).map_err(unavailable)
}

/// Where the sources of a commit are that is being indexed, or was, and their token.
pub async fn kept(blobs: &impl Blobs, repository: &RepoId, commit: &CommitSha) -> Result<(Sources, String), Problem> {
    let prefix = keys::sources_of(repository.as_str(), commit.as_str());
    if let Some(newest) = list_all(blobs, &prefix).await.map_err(unavailable)?.pop() {
        let token = newest.name.strip_prefix(&prefix).unwrap_or_default().to_owned();
        let sources = if is_zip(blobs, &newest.name).await? { Sources::Archive } else { Sources::Pack };
        return Ok((sources, token));
    }
    match find(blobs, repository, commit).await? {
        Found::Tree => Ok((Sources::Tree, String::new())),
        Found::Archive(_) => Err(ProblemType::UnknownCommit.with(format!(
            "{} at {}: its archive is not unpacked yet; start with POST /api/v1/jobs/index_repo",
            repository.as_str(),
            commit.as_str()
        ))),
    }
}

impl<P: Ports> Function<P> {
    /// Keeps an archive, part by part. One that is cut short leaves nothing behind.
    pub async fn upload(
        &self,
        repository: &RepoId,
        commit: &CommitSha,
        body: &mut impl Body,
    ) -> Result<Stored, Problem> {
        let name = keys::archive_blob(repository.as_str(), commit.as_str());
        let mut upload = Upload::begin(&self.ports, &name).await.map_err(unavailable)?;
        while let Some(part) = body.next().await? {
            if upload.size() + part.len() as u64 > ARCHIVE_LIMIT {
                let detail = format!("the archive is longer than {ARCHIVE_LIMIT} bytes; send the source files alone");
                return Err(ProblemType::ContentTooLarge.with(detail));
            }
            upload.push(&part).await.map_err(unavailable)?;
        }
        if upload.size() == 0 {
            return Err(ProblemType::InvalidRequest.with("the body is empty; send a tar, gzip, zstd or zip archive"));
        }
        let size = upload.finish().await.map_err(unavailable)?;
        Ok(Stored { repo_id: repository.clone(), commit_sha: commit.clone(), size })
    }
}

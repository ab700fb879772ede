//! Who uses whom, and what matters most.

use astlas_atlas::rank::Context;
use astlas_http::{CommitSha, Problem, RepoId, encode};
use astlas_json::{Cycle, Dependency, RankedFile, limited};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Ports,
    commit::{Opened, of_commit},
    stage_failed,
};

/// A file of a commit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DependenciesRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Path of the file.
    file_path: String,
    /// How many edges to go; 0: as far as it goes.
    #[serde(default = "one")]
    depth: u32,
}

/// Files that a file uses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependencies {
    file_path: String,
    /// In order of depth, then weight, heaviest first.
    dependencies: Vec<Dependency>,
}

/// Files that use a file.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Dependents {
    file_path: String,
    /// In order of depth, then weight, heaviest first.
    dependents: Vec<Dependency>,
}

/// What matters most.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportantFilesRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Most files of the answer; 0: all.
    #[serde(default = "twenty")]
    limit: u32,
    /// Files of the change at hand: what belongs to them comes first, they themselves are left out. Those the commit
    /// does not have are named in `unknown_files`.
    #[serde(default)]
    context_files: Vec<String>,
    /// Names and paths that were mentioned.
    #[serde(default)]
    mentioned: Vec<String>,
    #[serde(default)]
    strategy: Strategy,
    #[serde(default)]
    profile: Profile,
}

/// Which measure.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Strategy {
    /// What the profile ranks by.
    #[default]
    Pagerank,
    /// How much of the shortest ways between files leads over each.
    Betweenness,
    /// Weighted degree.
    Degree,
}

/// Which way of ranking.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// By what belongs to the change.
    #[default]
    Default,
    /// The established method: fixed multipliers and personalised PageRank.
    Classic,
}

impl From<Profile> for astlas_model::stages::Profile {
    fn from(profile: Profile) -> Self {
        match profile {
            Profile::Default => Self::Default,
            Profile::Classic => Self::Classic,
        }
    }
}

/// The files that matter most.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ImportantFiles {
    /// Best first.
    files: Vec<RankedFile>,
    /// Context files that the commit does not have.
    unknown_files: Vec<String>,
}

/// A commit.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CommitRequest {
    repo_id: RepoId,
    commit_sha: CommitSha,
    /// Most of them in the answer; 0: all.
    #[serde(default = "twenty")]
    limit: u32,
}

/// Files that use each other in a circle.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Cycles {
    /// Largest first; no two have a file in common.
    cycles: Vec<Cycle>,
}

of_commit!(DependenciesRequest, ImportantFilesRequest, CommitRequest);

fn one() -> u32 {
    1
}

fn twenty() -> u32 {
    20
}

pub async fn dependencies<P: Ports>(opened: &Opened<'_, P>, request: DependenciesRequest) -> Result<Vec<u8>, Problem> {
    let dependencies = neighbours(opened, &request, false)?;
    encode(&Dependencies { file_path: request.file_path, dependencies })
}

pub async fn dependents<P: Ports>(opened: &Opened<'_, P>, request: DependenciesRequest) -> Result<Vec<u8>, Problem> {
    let dependents = neighbours(opened, &request, true)?;
    encode(&Dependents { file_path: request.file_path, dependents })
}

fn neighbours<P: Ports>(
    opened: &Opened<'_, P>,
    request: &DependenciesRequest,
    reverse: bool,
) -> Result<Vec<Dependency>, Problem> {
    let file = opened.file(&request.file_path)?;
    let found = opened.atlas.dependencies(&opened.indexed, file, request.depth, reverse).map_err(stage_failed)?;
    Ok(found.into_iter().map(Into::into).collect())
}

pub async fn important_files<P: Ports>(
    opened: &Opened<'_, P>,
    request: ImportantFilesRequest,
) -> Result<Vec<u8>, Problem> {
    let context = Context {
        profile: request.profile.into(),
        strategy: match request.strategy {
            Strategy::Pagerank => astlas_model::stages::Strategy::Pagerank,
            Strategy::Betweenness => astlas_model::stages::Strategy::Betweenness,
            Strategy::Degree => astlas_model::stages::Strategy::Degree,
        },
        files: request.context_files,
        mentioned: request.mentioned,
        ..Context::default()
    };
    let ranked = opened.atlas.ranked_files(&opened.indexed, &context).await.map_err(stage_failed)?;
    let files = limited(ranked, request.limit).map(Into::into).collect();
    let unknown_files = context.unknown(&opened.indexed).into_iter().map(str::to_owned).collect();
    encode(&ImportantFiles { files, unknown_files })
}

pub async fn communities<P: Ports>(opened: &Opened<'_, P>, request: CommitRequest) -> Result<Vec<u8>, Problem> {
    let found = opened.atlas.communities(&opened.indexed).map_err(stage_failed)?;
    encode(&astlas_json::Communities::new(found, request.limit))
}

pub async fn cycles<P: Ports>(opened: &Opened<'_, P>, request: CommitRequest) -> Result<Vec<u8>, Problem> {
    let found = opened.atlas.cycles(&opened.indexed).map_err(stage_failed)?;
    encode(&Cycles { cycles: limited(found, request.limit).map(Into::into).collect() })
}

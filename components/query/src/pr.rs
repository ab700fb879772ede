//! Everything that a review needs, in one answer.

use std::collections::{BTreeMap, BTreeSet};

use astlas_atlas::{
    context::{Before, Change, ChangedFile, ContextRequest, Status},
    index::Listing,
    ports::Files,
    rank::Context,
    snapshot::Manifest,
    source::FILE_LIMIT,
};
use astlas_http::{CommitSha, Problem, ProblemType, RepoId, encode};
use astlas_json::{Dependency, RankedFile, ReviewContext, Tag, limited};
use astlas_model::Tags;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Function, Ports,
    commit::{OfCommit, Opened, of_base},
    in_range,
    repomap::{Format, MAX_TOKENS, Tokenizer},
    stage_failed, unavailable,
};

/// A change to review: a commit beside the one it goes on from, or files of it.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrContextRequest {
    repo_id: RepoId,
    /// The commit with the change.
    commit_sha: CommitSha,
    /// The commit without it, indexed as well: only with it can be told what changed within a file.
    #[serde(default)]
    base_sha: Option<CommitSha>,
    /// Files of the change. Without any: those that differ from `base_sha`.
    #[serde(default)]
    changed_files: Vec<String>,
    /// Most tokens of the text.
    #[serde(default = "budget")]
    #[schemars(range(min = 1, max = 100_000_000))]
    max_tokens: u32,
    #[serde(default)]
    tokenizer: Tokenizer,
    #[serde(default)]
    format: Format,
    /// Most important files of the answer; 0: all.
    #[serde(default = "twenty")]
    limit: u32,
}

impl OfCommit for PrContextRequest {
    fn repository(&self) -> &RepoId {
        &self.repo_id
    }

    fn commit(&self) -> &CommitSha {
        &self.commit_sha
    }

    fn base(&self) -> Option<&CommitSha> {
        self.base_sha.as_ref()
    }
}

fn budget() -> u32 {
    8192
}

fn twenty() -> u32 {
    20
}

/// What a review needs beside the diff.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PrContext<'a> {
    /// The bundle for the reviewer: symbols of the change, callers, callees, tests, cycles, and a map of what surrounds
    /// it.
    context: ReviewContext<'a>,
    /// The files of the change, in order of path.
    changed_files: Vec<Changed<'a>>,
    /// Files outside the change that belong to it most, best first.
    important_files: Vec<RankedFile>,
    /// Files of the request that the commit does not have.
    unknown_files: Vec<String>,
}

/// A file of the change.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Changed<'a> {
    file: String,
    /// `added`, `deleted`, `modified`, `renamed`, or `given` where nobody knows what it was before.
    status: &'static str,
    /// Its path before, if that was another one.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_file: Option<String>,
    /// Name of its language; empty if it is gone.
    language: &'a str,
    /// Its definitions, in order of `start_byte`.
    definitions: Vec<Tag<'a>>,
    /// Files that it uses.
    dependencies: Vec<Dependency>,
    /// Files that use it.
    dependents: Vec<Dependency>,
}

pub async fn context<P: Ports>(opened: &Opened<'_, P>, request: PrContextRequest) -> Result<Vec<u8>, Problem> {
    in_range("max_tokens", request.max_tokens, MAX_TOKENS)?;
    let base = match &request.base_sha {
        Some(base) => Some(Base::open(opened, base).await?),
        None if request.changed_files.is_empty() => {
            let detail = "neither `base_sha` nor `changed_files`; give one of them, so that there is a change";
            return Err(ProblemType::InvalidRequest.with(detail));
        }
        None => None,
    };
    let (files, unknown_files) = changed(opened, base.as_ref(), &request).await?;
    let before = match &base {
        Some(base) => Some(base.contents(&files).await?),
        None => None,
    };
    let listing = Listing::commit(request.commit_sha.as_str(), None);
    let change = Change { files: &files, before: before.as_ref().map(|before| before as &dyn Before), listing };
    let (tokenizer, name) = request.tokenizer.meaning();
    let wanted = ContextRequest {
        tokenizer,
        budget: request.max_tokens,
        markdown: request.format == Format::Markdown,
        history: None,
    };
    opened.files.ready().await;
    let bundle = opened.atlas.context(&opened.indexed, &opened.files, &change, &wanted, &()).await;
    let bundle = bundle.map_err(stage_failed)?;
    let there = files.iter().filter_map(ChangedFile::after).map(str::to_owned).collect();
    let ranked = opened.atlas.ranked_files(&opened.indexed, &Context { files: there, ..Context::default() }).await;
    let places: Vec<u32> = files.iter().filter_map(|file| opened.place(file)).collect();
    let tags = opened.atlas.tags_of(&opened.indexed, &opened.files, &places).await.map_err(stage_failed)?;
    let tags = places.into_iter().zip(tags).collect();
    encode(&PrContext {
        context: ReviewContext::new(&bundle, request.max_tokens, name),
        changed_files: described(opened, &files, &tags)?,
        important_files: limited(ranked.map_err(stage_failed)?, request.limit).map(Into::into).collect(),
        unknown_files,
    })
}

/// The commit before the change.
struct Base<'p, P> {
    opened: Opened<'p, P>,
    manifest: Manifest,
}

impl<'p, P: Ports> Base<'p, P> {
    async fn open(after: &Opened<'p, P>, commit: &CommitSha) -> Result<Self, Problem> {
        // Brings back what the cache may have lost of it, its manifest too.
        let opened = after.function.open(&after.repository, commit).await.map_err(of_base)?;
        let manifest = opened.function.manifest(&opened, commit).await?;
        Ok(Self { opened, manifest })
    }

    /// What changed files held.
    async fn contents(&self, changed: &[ChangedFile]) -> Result<BTreeMap<String, Vec<u8>>, Problem> {
        let mut contents = BTreeMap::new();
        for path in changed.iter().filter_map(ChangedFile::before) {
            if let Ok(content) = self.opened.files.read(path, FILE_LIMIT).await {
                contents.insert(path.to_owned(), content);
            }
        }
        self.opened.files.failure().map_or(Ok(contents), |error| Err(unavailable(error)))
    }
}

impl<P: Ports> Function<P> {
    /// What was seen of the files of a commit of this repository.
    async fn manifest(&self, of: &Opened<'_, P>, commit: &CommitSha) -> Result<Manifest, Problem> {
        if let Some(manifest) = of.atlas.manifest(&of.known.version(commit.as_str())).await {
            return Ok(manifest);
        }
        let (known, _) = self.restore(&of.repository, commit).await?;
        let lost = || {
            let detail = format!("{}: what it holds is not known any more; index it again", commit.as_str());
            ProblemType::UnknownCommit.with(detail)
        };
        of.atlas.manifest(&known.version(commit.as_str())).await.ok_or_else(lost)
    }
}

/// The files of the change, and those of the request that there are not.
async fn changed<P: Ports>(
    opened: &Opened<'_, P>,
    base: Option<&Base<'_, P>>,
    request: &PrContextRequest,
) -> Result<(Vec<ChangedFile>, Vec<String>), Problem> {
    let wanted: BTreeSet<&str> = request.changed_files.iter().map(String::as_str).collect();
    let mut files = match base {
        Some(base) => between(&base.manifest, &opened.function.manifest(opened, &request.commit_sha).await?),
        None => {
            let known = wanted.iter().filter(|path| opened.indexed.file(path).is_some());
            known.map(|&path| ChangedFile { path: path.to_owned(), ..ChangedFile::default() }).collect()
        }
    };
    if !wanted.is_empty() {
        files.retain(|file| wanted.contains(file.path.as_str()));
    }
    let is_known = |path: &&str| {
        opened.indexed.file(path).is_some() || files.binary_search_by(|file| file.path.as_str().cmp(path)).is_ok()
    };
    let unknown = wanted.iter().filter(|path| !is_known(path)).map(|&path| path.to_owned()).collect();
    Ok((files, unknown))
}

/// What differs between two trees, by path.
fn between(before: &Manifest, after: &Manifest) -> Vec<ChangedFile> {
    let by_path = |manifest: &'_ Manifest| -> BTreeMap<String, [u8; 32]> {
        manifest.sources().map(|file| (file.path.clone(), file.content)).collect()
    };
    let (before, after) = (by_path(before), by_path(after));
    let mut gone: BTreeMap<[u8; 32], Vec<&str>> = BTreeMap::new();
    for (path, content) in before.iter().filter(|(path, _)| !after.contains_key(*path)).rev() {
        gone.entry(*content).or_default().push(path);
    }
    let mut files = vec![];
    for (path, content) in &after {
        let (status, old_path) = match before.get(path) {
            Some(old) if old == content => continue,
            Some(_) => (Status::Modified, None),
            None => match gone.get_mut(content).and_then(Vec::pop) {
                Some(old) => (Status::Renamed, Some(old.to_owned())),
                None => (Status::Added, None),
            },
        };
        files.push(ChangedFile { path: path.clone(), old_path, status });
    }
    let deleted = gone.into_values().flatten();
    files.extend(deleted.map(|path| ChangedFile { path: path.to_owned(), old_path: None, status: Status::Deleted }));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// The changed files, with what they define and what they are tied to. `tags` are those of the files that are there.
fn described<'a, P: Ports>(
    opened: &Opened<'_, P>,
    files: &[ChangedFile],
    tags: &'a BTreeMap<u32, Tags>,
) -> Result<Vec<Changed<'a>>, Problem> {
    let described = |file: &ChangedFile| {
        let mut changed = Changed {
            file: file.path.clone(),
            status: file.status.word(),
            old_file: file.old_path.clone(),
            ..Changed::default()
        };
        if let Some(number) = opened.place(file) {
            let tied = |reverse| opened.atlas.dependencies(&opened.indexed, number, 1, reverse).map_err(stage_failed);
            changed.dependencies = tied(false)?.into_iter().map(Into::into).collect();
            changed.dependents = tied(true)?.into_iter().map(Into::into).collect();
            if let Some(tags) = tags.get(&number) {
                changed.language = &tags.language;
                changed.definitions = Tag::definitions(tags);
            }
        }
        Ok(changed)
    };
    files.iter().map(described).collect()
}

impl<P: Ports> Opened<'_, P> {
    /// Index of a changed file among the graph's, if it is there.
    fn place(&self, file: &ChangedFile) -> Option<u32> {
        file.after().and_then(|path| self.indexed.file(path))
    }
}

//! `astlas context`

use std::{
    io::{self, Read},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use astlas_atlas::{
    context::{Bundle, Change, ChangedFile, ContextRequest, Status},
    index::Listing,
    indexed::Indexed,
    ports::Files,
};
use astlas_history::{FileChange, HistoryError, MOST_COMPARED, Now, ObjectId, Repo, RevisionError};
use astlas_json::ReviewContext;
use astlas_patch::PatchError;
use clap::{Args, ValueEnum};

use super::{
    Global, Usage,
    map::{MOST_TOKENS, TokenizerName},
};
use crate::{
    hidden::Hidden,
    output,
    revision::{Blobs, RevisionTree},
    session::Session,
};

/// Bytes of a patch that are read: far more than anyone reviews.
const PATCH_LIMIT: u64 = 256 << 20;

#[derive(Debug, Args)]
#[command(override_usage = "astlas context [OPTIONS] [PATH] <--diff REV..REV | --diff FILE | --files FILE...>")]
pub struct Arguments {
    /// Folder that the change belongs to [default: .]; behind --files FILE... it may stand last
    path: Option<PathBuf>,
    /// The change: REV..REV, REV...REV (since their common ancestor), REV (up to the folder as it is), or a file with a
    /// diff that the folder has applied (looked for in PATH first; - for standard input)
    #[arg(long, value_name = "REV..REV | FILE", allow_hyphen_values = true, required_unless_present = "files")]
    diff: Option<String>,
    /// The changed files; everything in them counts as changed. A folder as the last of them is PATH
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with = "diff")]
    files: Vec<PathBuf>,
    /// Most tokens of all that is printed; with json of its `text`
    #[arg(
        long,
        value_name = "N",
        default_value_t = 8192,
        value_parser = clap::value_parser!(u32).range(1..=MOST_TOKENS),
        allow_negative_numbers = true
    )]
    tokens: u32,
    /// How tokens are counted
    #[arg(long, value_name = "NAME", default_value = "o200k")]
    tokenizer: TokenizerName,
    /// Leave out what changed together before in the git repository
    #[arg(long)]
    no_history: bool,
    /// How the context is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ContextFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ContextFormat {
    /// The context as plain text
    Text,
    /// The context with its tokens, budget and what it lists
    Json,
    /// The context as Markdown
    Markdown,
}

pub fn run(arguments: &Arguments, global: &Global) -> Result<()> {
    let (path, files) = match (&arguments.path, arguments.files.as_slice()) {
        (Some(path), files) => (path.as_path(), files),
        // `--files` takes all that follows. No folder is a changed file, so one at the end can only be PATH.
        (None, [files @ .., last]) if !files.is_empty() && last.is_dir() => (last.as_path(), files),
        (None, files) => (Path::new("."), files),
    };
    let session = Session::open(path, global)?;
    let bundle = match arguments.diff.as_deref() {
        None => of_files(arguments, &session, files)?,
        Some("-") => of_patch(arguments, &session, "standard input", &mut io::stdin().lock())?,
        Some(diff) => match [session.root.join(diff), PathBuf::from(diff)].into_iter().find(|file| file.is_file()) {
            Some(file) => {
                let mut opened = std::fs::File::open(file).with_context(|| format!("--diff {diff}"))?;
                of_patch(arguments, &session, diff, &mut opened)?
            }
            None => of_revisions(arguments, &session, diff)?,
        },
    };
    session.warn_cache();
    if bundle.text.is_empty() {
        let tokens = arguments.tokens;
        session.warner.warn(&format!("{tokens} tokens are too few to show anything; give more with --tokens"));
    }
    match arguments.format {
        ContextFormat::Text | ContextFormat::Markdown => output::print(&bundle.text),
        ContextFormat::Json => {
            output::print_json(&ReviewContext::new(&bundle, arguments.tokens, arguments.tokenizer.meaning().1))
        }
    }
}

/// The context of files that were named. Those nobody knows are named in warnings, as long as one is known.
fn of_files(arguments: &Arguments, session: &Session, given: &[PathBuf]) -> Result<Bundle> {
    let (indexed, tree) = session.index()?;
    let mut paths = session.of_change(given);
    paths.sort();
    paths.dedup();
    let (paths, unknown): (Vec<String>, Vec<String>) = paths.into_iter().partition(|path| indexed.file(path).is_some());
    let unknown: Vec<String> = unknown
        .into_iter()
        .map(|path| match session.root.join(&path).is_dir() {
            true => format!("{path}: is a folder, not a source file"),
            false => format!("{path}: not a source file of this folder"),
        })
        .collect();
    if paths.is_empty() {
        let what = unknown.join("; ");
        bail!(Usage(format!("--files {what}; give files that `astlas rank {}` lists", session.root.display())));
    }
    unknown.iter().for_each(|what| session.warner.warn(&format!("{what}; left out")));
    let file = |path| ChangedFile { path, status: Status::Given, old_path: None };
    let files: Vec<ChangedFile> = paths.into_iter().map(file).collect();
    draw(arguments, session, &indexed, &tree, &Change { files: &files, before: None, listing: Listing::FOLDER }, None)
}

/// The context of a diff that the folder has applied.
fn of_patch(arguments: &Arguments, session: &Session, name: &str, input: &mut dyn Read) -> Result<Bundle> {
    let mut text = vec![];
    input.take(PATCH_LIMIT).read_to_end(&mut text).with_context(|| format!("--diff {name}"))?;
    let prefix = Repo::open(&session.root).map(|repository| repository.prefix().to_owned()).unwrap_or_default();
    let taken_back = astlas_patch::taken_back(&text, &session.root, &prefix).map_err(|error| match error {
        PatchError::Unfit(_) => anyhow::Error::from(Usage(error.to_string())),
        PatchError::Unreadable(..) => error.into(),
    });
    let (files, mut before) = taken_back.with_context(|| format!("--diff {name}"))?;
    let (indexed, tree) = session.index()?;
    let hidden = hidden_in(&session.root);
    before.retain(|path, _| !hidden.hides(path));
    let change = Change { files: &files, before: Some(&before), listing: Listing::FOLDER };
    draw(arguments, session, &indexed, &tree, &change, None)
}

/// The context of what lies between two revisions, or between one and the folder.
fn of_revisions(arguments: &Arguments, session: &Session, text: &str) -> Result<Bundle> {
    let is_folder = session.root.join(text).is_dir() || Path::new(text).is_dir();
    let what = if is_folder { "a folder, and no revision" } else { "neither a file nor a revision" };
    let repository = Repo::open(&session.root).map_err(|error| match error {
        HistoryError::None => anyhow::Error::from(Usage(format!(
            "--diff {text}: {what}, for {} has no git history; give --files, or --diff with a patch file",
            session.root.display()
        ))),
        error => error.into(),
    })?;
    let revisions = repository.revisions(text).map_err(|error| match error {
        RevisionError::Unreadable(_) => anyhow::Error::from(error),
        // A name without dots, or a path like ../x.patch: it may be either.
        RevisionError::Unknown(name) if is_folder || name == text || text.starts_with("../") => {
            Usage(format!("--diff {text}: {what}; give REV, REV..REV, or a patch file")).into()
        }
        error => Usage(format!("--diff {error}")).into(),
    })?;
    if let Some(after) = revisions.after {
        let changes = repository.between(revisions.before, after)?;
        let tree = RevisionTree::new(&repository, after)?;
        let indexed = session.index_files(&tree, Listing::REVISIONS)?;
        let before = Blobs::new(&repository, &changes, &Hidden::new(|path| tree.text(path)));
        let files = changed_files(session, changes);
        let change = Change { files: &files, before: Some(&before), listing: Listing::REVISIONS };
        return draw(arguments, session, &indexed, &tree, &change, Some(revisions.before));
    }
    let (indexed, tree) = session.index()?;
    let now: Vec<Now> =
        tree.entries().iter().map(|file| Now { path: file.path.clone(), size: file.stamp.size }).collect();
    let read = |path: &str| std::fs::read(session.root.join(path)).ok();
    let is_there = |path: &str| session.root.join(path).symlink_metadata().is_ok();
    let changes = repository.working(revisions.before, &now, read, is_there)?;
    let before = Blobs::new(&repository, &changes, &hidden_in(&session.root));
    let files = changed_files(session, changes);
    let change = Change { files: &files, before: Some(&before), listing: Listing::FOLDER };
    draw(arguments, session, &indexed, &tree, &change, Some(revisions.before))
}

fn changed_files(session: &Session, changes: Vec<FileChange>) -> Vec<ChangedFile> {
    let removed = changes.iter().filter(|change| !change.is_there).count();
    let added = changes.iter().filter(|change| change.is_there && change.before.is_none()).count();
    if removed > 0 && added > 0 && removed + added > MOST_COMPARED {
        session.warner.warn(&format!(
            "{removed} files are removed and {added} added, too many to compare: those that were moved and changed at once \
             stand as removed and added; give a smaller change to see them as renamed"
        ));
    }
    let file = |change: FileChange| {
        let status = match (&change.old_path, change.before, change.is_there) {
            (Some(_), ..) => Status::Renamed,
            (None, _, false) => Status::Deleted,
            (None, None, true) => Status::Added,
            (None, Some(_), true) => Status::Modified,
        };
        ChangedFile { path: change.path, old_path: change.old_path, status }
    };
    changes.into_iter().map(file).collect()
}

/// What a listing of the folder leaves out, for files that are no longer in it.
fn hidden_in(root: &Path) -> Hidden<'_> {
    Hidden::new(|path| std::fs::read_to_string(root.join(path)).ok())
}

/// Draws the bundle. History counts up to the commit `newest`: what came later says nothing of an older change.
fn draw(
    arguments: &Arguments,
    session: &Session,
    indexed: &Indexed,
    files: &impl Files,
    change: &Change<'_>,
    newest: Option<ObjectId>,
) -> Result<Bundle> {
    if change.files.is_empty() {
        session.warner.warn("nothing changed; what follows is a map of everything");
    }
    let request = ContextRequest {
        tokenizer: arguments.tokenizer.meaning().0,
        budget: arguments.tokens,
        markdown: arguments.format == ContextFormat::Markdown,
        history: if arguments.no_history || change.files.is_empty() { None } else { session.history(newest) },
    };
    let progress = session.progress();
    Ok(pollster::block_on(session.atlas.context(indexed, files, change, &request, &progress))?)
}

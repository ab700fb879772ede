//! A diff that the folder has applied, taken back in memory: which files it changed, and what they held before.
//!
//! A file may be in a diff more than once (a series of commits), so it is taken back from its end to its beginning.

mod paths;

use std::{collections::BTreeMap, fs, io, path::Path};

use astlas_atlas::context::{ChangedFile, Status};
use diffy::{
    Line, Patch, apply_bytes,
    patch_set::{FileOperation, FilePatch, ParseOptions, PatchKind, PatchSet},
};
use paths::Paths;

/// What changed files held before, by their path then.
pub type Contents = BTreeMap<String, Vec<u8>>;

/// What a diff did.
pub type Found = (Vec<ChangedFile>, Contents);

/// Why a diff was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum PatchError {
    /// It is none, or not of this folder: what is wrong, and what to do.
    #[error("{0}")]
    Unfit(String),
    /// A file that it changes cannot be read.
    #[error("{0}: {1}")]
    Unreadable(String, io::Error),
}

type Result<T, E = PatchError> = std::result::Result<T, E>;

/// Takes a diff back. `prefix` is where the folder is below the root of its git repository: empty, or with a `/` at its
/// end. Files outside the folder are left out.
pub fn taken_back(diff: &[u8], root: &Path, prefix: &str) -> Result<Found> {
    if diff.iter().all(u8::is_ascii_whitespace) {
        return Ok(Found::default());
    }
    let is_of_git = diff.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"diff --git "));
    let options = if is_of_git { ParseOptions::gitdiff() } else { ParseOptions::unidiff() };
    let patches: Vec<FilePatch<'_, [u8]>> =
        PatchSet::parse_bytes(diff, options).collect::<Result<_, _>>().map_err(|error| {
            PatchError::Unfit(format!("not a unified diff: {error}; give what `git diff` or `diff -u` prints"))
        })?;
    let top = root.ancestors().nth(prefix.matches('/').count()).unwrap_or(root);
    let paths = match is_of_git {
        true => paths::of_git(diff, &patches)?,
        false => paths::of_others(&patches, |path| top.join(path).is_file() || root.join(path).is_file())?,
    };
    // Git's paths begin at the root of the repository, wherever it is called; those of `git diff --relative` and of other
    // tools at the folder. It is one or the other for the whole diff: a file of the root may have a namesake below.
    let is_inside = paths.iter().any(|paths| paths.is_below(prefix));
    let of_top = walk(top, &patches, &paths, |paths| !is_inside || paths.is_below(prefix));
    match of_top {
        Ok(found) => Ok(below(prefix, found)),
        Err(error) if prefix.is_empty() => Err(error),
        Err(error) => walk(root, &patches, &paths, |_| true).map_err(|other| if is_inside { error } else { other }),
    }
}

/// Takes those files of a diff back that are wanted, with paths below `root`.
fn walk(
    root: &Path,
    patches: &[FilePatch<'_, [u8]>],
    paths: &[Paths],
    is_wanted: impl Fn(&Paths) -> bool,
) -> Result<Found> {
    let mut states = States { root, by_path: BTreeMap::new() };
    for (patch, paths) in patches.iter().zip(paths).rev().filter(|(_, paths)| is_wanted(paths)) {
        states.take_back(patch, paths)?;
    }
    Ok(states.finish())
}

/// What of it is below a folder. A file that came from outside is new there, one that went outside is gone.
fn below(folder: &str, (files, contents): Found) -> Found {
    let inside = |path: &str| path.strip_prefix(folder).map(ToOwned::to_owned);
    let file = |file: ChangedFile| {
        let (now, old) = (inside(&file.path), file.old_path.as_deref().and_then(inside));
        match (now, old) {
            (Some(path), None) if file.status == Status::Renamed => {
                Some(ChangedFile { path, old_path: None, status: Status::Added })
            }
            (Some(path), old_path) => Some(ChangedFile { path, old_path, status: file.status }),
            (None, old) => Some(ChangedFile { path: old?, old_path: None, status: Status::Deleted }),
        }
    };
    let mut files: Vec<ChangedFile> = files.into_iter().filter_map(file).collect();
    // A path that one file left and another one took stands once, as the one that is there.
    files.sort_by(|one, other| {
        let is_gone = |file: &ChangedFile| file.status == Status::Deleted;
        one.path.cmp(&other.path).then(is_gone(one).cmp(&is_gone(other)))
    });
    files.dedup_by(|later, first| later.path == first.path);
    (files, contents.into_iter().filter_map(|(path, content)| Some((inside(&path)?, content))).collect())
}

/// A file on the way back.
struct State {
    /// What it held; `None` if it was not there.
    content: Option<Vec<u8>>,
    /// What it is called in the folder; `None` if it is gone.
    is_now: Option<String>,
}

/// All files met so far, by what they are called at this point of the way.
struct States<'a> {
    root: &'a Path,
    by_path: BTreeMap<String, State>,
}

impl States<'_> {
    fn take_back(&mut self, patch: &FilePatch<'_, [u8]>, paths: &Paths) -> Result<()> {
        let is_copy = matches!(patch.operation(), FileOperation::Copy { .. });
        let text = match patch.patch() {
            PatchKind::Text(text) => Some(text),
            PatchKind::Binary(_) => None,
        };
        match (paths.old.clone(), paths.new.clone()) {
            (Some(old), None) => self.put_back(old, text),
            (None, Some(new)) => self.take_away(new, text.filter(|_| !is_copy)),
            (Some(old), Some(new)) => self.change_back(old, new, text),
            (None, None) => Ok(()),
        }
    }

    /// A file that was deleted.
    fn put_back(&mut self, path: String, text: Option<&Patch<'_, [u8]>>) -> Result<()> {
        if self.now(&path)?.content.is_some() {
            return Err(PatchError::Unfit(format!("{path}: the diff deletes it, but it is there; {HINT}")));
        }
        let content = match text {
            Some(text) => apply_back(&path, &[], text)?,
            None => vec![],
        };
        self.by_path.insert(path, State { content: Some(content), is_now: None });
        Ok(())
    }

    /// A file that was added.
    fn take_away(&mut self, path: String, text: Option<&Patch<'_, [u8]>>) -> Result<()> {
        let state = self.there(&path)?;
        if let (Some(text), Some(content)) = (text, &state.content)
            && !apply_back(&path, content, text)?.is_empty()
        {
            return Err(PatchError::Unfit(format!("{path}: the diff adds it, but it holds more than that; {HINT}")));
        }
        self.by_path.insert(path, State { content: None, ..state });
        Ok(())
    }

    fn change_back(&mut self, old: String, new: String, text: Option<&Patch<'_, [u8]>>) -> Result<()> {
        let State { content, is_now } = self.there(&new)?;
        let content = content.unwrap_or_default();
        let content = match text {
            Some(text) => apply_back(&new, &content, text)?,
            None => content,
        };
        if old != new {
            self.by_path.insert(new, State { content: None, is_now: None });
        }
        self.by_path.insert(old, State { content: Some(content), is_now });
        Ok(())
    }

    /// A file as it is at this point of the way; it has to be there.
    fn there(&mut self, path: &str) -> Result<State> {
        let state = self.now(path)?;
        if state.content.is_none() {
            return Err(PatchError::Unfit(format!(
                "{path}: the diff changes it, but it is not in {}; {HINT}",
                self.root.display()
            )));
        }
        Ok(state)
    }

    fn now(&mut self, path: &str) -> Result<State> {
        if let Some(state) = self.by_path.remove(path) {
            return Ok(state);
        }
        let file = self.root.join(path);
        let content = match fs::symlink_metadata(&file) {
            Ok(metadata) if metadata.is_file() && !self.leads_through_a_link(path) => {
                Some(fs::read(&file).map_err(|error| PatchError::Unreadable(path.to_owned(), error))?)
            }
            _ => None,
        };
        Ok(State { is_now: content.is_some().then(|| path.to_owned()), content })
    }

    /// What is behind a link is no file of the folder.
    fn leads_through_a_link(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(end, _)| self.root.join(&path[..end]));
        folders.any(|folder| folder.is_symlink())
    }

    fn finish(self) -> Found {
        let (mut files, mut contents) = (vec![], Contents::new());
        for (path, State { content, is_now }) in self.by_path {
            let (status, now) = match (&content, is_now) {
                (Some(_), Some(now)) if now == path => (Status::Modified, now),
                (Some(_), Some(now)) => (Status::Renamed, now),
                (Some(_), None) => (Status::Deleted, path.clone()),
                (None, Some(now)) => (Status::Added, now),
                (None, None) => continue,
            };
            let old_path = (status == Status::Renamed).then(|| path.clone());
            files.push(ChangedFile { path: now, old_path, status });
            contents.extend(content.map(|content| (path, content)));
        }
        (files, contents)
    }
}

/// What to do about a diff that does not fit.
const HINT: &str = "the folder has to be as it is after the diff";

/// Takes one file's hunks back.
fn apply_back(path: &str, content: &[u8], patch: &Patch<'_, [u8]>) -> Result<Vec<u8>> {
    let misfit =
        |hunk: &str| PatchError::Unfit(format!("{path}: hunk {hunk} does not fit what the file holds; {HINT}"));
    let before = apply_bytes(content, &patch.reverse())
        .map_err(|error| misfit(error.to_string().rsplit('#').next().unwrap_or_default()))?;
    // What ends without a line end is the end of the file. Put back anywhere else, it would run into what follows.
    let is_open = |line: &Line<'_, [u8]>| match line {
        Line::Context(text) | Line::Delete(text) => !text.ends_with(b"\n"),
        Line::Insert(_) => false,
    };
    let is_closed_now =
        |line: &Line<'_, [u8]>| !matches!(line, Line::Context(text) | Line::Insert(text) if !text.ends_with(b"\n"));
    let Some(open) = patch.hunks().iter().position(|hunk| hunk.lines().iter().any(is_open)) else { return Ok(before) };
    let was_closed = patch.hunks()[open].lines().iter().all(is_closed_now);
    let has_open_rest = was_closed && !content.is_empty() && !content.ends_with(b"\n");
    if before.ends_with(b"\n") || has_open_rest {
        return Err(misfit(&(open + 1).to_string()));
    }
    Ok(before)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "what a test relies on may stop it")]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn nothing_behind_a_link_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("repo");
        fs::create_dir_all(folder.path().join("outside")).unwrap();
        fs::create_dir_all(root.join("real")).unwrap();
        fs::write(folder.path().join("outside/a.py"), "a = 1\n").unwrap();
        fs::write(root.join("real/a.py"), "a = 1\n").unwrap();
        std::os::unix::fs::symlink("../outside", root.join("link")).unwrap();
        let moved = |to: &str| {
            let diff = format!("diff --git a/x.py b/{to}\nsimilarity index 100%\nrename from x.py\nrename to {to}\n");
            taken_back(diff.as_bytes(), &root, "")
        };
        assert_eq!(moved("real/a.py").unwrap().1["x.py"], b"a = 1\n");
        let refused = moved("link/a.py").unwrap_err();
        assert!(refused.to_string().starts_with("link/a.py: the diff changes it, but it is not in "), "{refused}");
    }
}

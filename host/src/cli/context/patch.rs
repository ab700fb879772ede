//! A diff that the folder has applied, taken back in memory: which files it changed, and what they held before.
//!
//! A file may be in a diff more than once (a series of commits), so it is taken back from its end to its beginning.

use std::{
    collections::BTreeMap,
    fs,
    path::{Component, Path},
};

use anyhow::{Result, anyhow, bail};
use astlas_atlas::context::{ChangedFile, Status};
use diffy::{
    Patch, apply_bytes,
    patch_set::{FileOperation, FilePatch, ParseOptions, PatchKind, PatchSet},
};

/// What changed files held before, by their path then.
pub type Contents = BTreeMap<String, Vec<u8>>;

/// Takes a diff back. `prefix` is where the folder is below the root of its git repository.
pub fn taken_back(diff: &[u8], root: &Path, prefix: &str) -> Result<(Vec<ChangedFile>, Contents)> {
    let is_of_git = diff.split(|&byte| byte == b'\n').any(|line| line.starts_with(b"diff --git "));
    let options = if is_of_git { ParseOptions::gitdiff() } else { ParseOptions::unidiff() };
    if diff.iter().all(u8::is_ascii_whitespace) {
        return Ok((vec![], Contents::new()));
    }
    let patches: Vec<FilePatch<'_, [u8]>> = PatchSet::parse_bytes(diff, options)
        .collect::<Result<_, _>>()
        .map_err(|error| anyhow!("not a unified diff: {error}; give what `git diff` or `diff -u` prints"))?;
    let mut states = States { root, prefix, by_path: BTreeMap::new() };
    for patch in patches.iter().rev() {
        states.take_back(patch)?;
    }
    Ok(states.finish())
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
    prefix: &'a str,
    by_path: BTreeMap<String, State>,
}

impl States<'_> {
    fn take_back(&mut self, patch: &FilePatch<'_, [u8]>) -> Result<()> {
        // Git says so where it renames. Other diffs compare a file with a copy of it, of whatever name.
        let (old, new) = match patch.operation() {
            FileOperation::Delete(path) => (self.path(path, true)?, None),
            FileOperation::Create(path) => (None, self.path(path, true)?),
            FileOperation::Modify { modified, .. } => {
                let path = self.path(modified, true)?;
                (path.clone(), path)
            }
            FileOperation::Rename { from, to } => (self.path(from, false)?, self.path(to, false)?),
            FileOperation::Copy { to, .. } => (None, self.path(to, false)?),
        };
        let is_copy = matches!(patch.operation(), FileOperation::Copy { .. });
        let text = match patch.patch() {
            PatchKind::Text(text) => Some(text),
            PatchKind::Binary(_) => None,
        };
        match (old, new) {
            (Some(old), None) => self.put_back(old, text),
            (None, Some(new)) => self.take_away(new, text.filter(|_| !is_copy)),
            (Some(old), Some(new)) => self.change_back(old, new, text),
            // Outside the folder.
            (None, None) => Ok(()),
        }
    }

    /// A file that was deleted.
    fn put_back(&mut self, path: String, text: Option<&Patch<'_, [u8]>>) -> Result<()> {
        if self.now(&path)?.content.is_some() {
            bail!("{path}: the diff deletes it, but it is there; {HINT}");
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
            bail!("{path}: the diff adds it, but it holds more than that; {HINT}");
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
            bail!("{path}: the diff changes it, but it is not in {}; {HINT}", self.root.display());
        }
        Ok(state)
    }

    fn now(&mut self, path: &str) -> Result<State> {
        if let Some(state) = self.by_path.remove(path) {
            return Ok(state);
        }
        let file = self.root.join(path);
        let content = match fs::symlink_metadata(&file) {
            Ok(metadata) if metadata.is_file() => Some(fs::read(&file).map_err(|error| anyhow!("{path}: {error}"))?),
            _ => None,
        };
        Ok(State { is_now: content.is_some().then(|| path.to_owned()), content })
    }

    /// A path of the diff as one below the folder; `None` if it is outside.
    fn path(&self, bytes: &[u8], has_side: bool) -> Result<Option<String>> {
        let text = String::from_utf8_lossy(bytes);
        // `diff -u` puts the time behind a tab.
        let text = text.split('\t').next().unwrap_or_default();
        if Path::new(text).components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            bail!("{text}: leads out of the folder; give a diff with paths relative to it");
        }
        let text = text.trim_start_matches("./");
        let is_there = |path: &str| self.by_path.contains_key(path) || self.root.join(path).is_file();
        let side = text.split_once('/').filter(|_| has_side);
        let text = match side {
            // The sides of git: a/ and b/, and those of diff.mnemonicPrefix.
            Some(("a" | "b" | "c" | "i" | "o" | "w", below)) if !is_there(text) => below,
            // Those of `diff -ru old new`.
            Some((_, below)) if !is_there(text) && is_there(below) => below,
            _ => text,
        };
        match text.strip_prefix(self.prefix) {
            Some(below) => Ok(Some(below.to_owned())),
            None if is_there(text) => Ok(Some(text.to_owned())),
            None => Ok(None),
        }
    }

    fn finish(self) -> (Vec<ChangedFile>, Contents) {
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
        files.sort_by(|one, other| one.path.cmp(&other.path));
        files.dedup_by(|later, first| later.path == first.path);
        (files, contents)
    }
}

/// What to do about a diff that does not fit.
const HINT: &str = "the folder has to be as it is after the diff";

/// Takes one file's hunks back.
fn apply_back(path: &str, content: &[u8], patch: &Patch<'_, [u8]>) -> Result<Vec<u8>> {
    apply_bytes(content, &patch.reverse()).map_err(|error| {
        let error = error.to_string();
        let hunk = error.rsplit('#').next().unwrap_or_default();
        anyhow!("{path}: hunk {hunk} does not fit what the file holds; {HINT}")
    })
}

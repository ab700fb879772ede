//! The paths in a diff: which of their first parts only name a side of it. That is decided once for the whole diff.

use std::path::{Component, Path};

use diffy::patch_set::{FileOperation, FilePatch};

use crate::{PatchError, Result};

/// Longest header that is looked at, in bytes: the longest path of Linux, twice.
const LONGEST_HEADER: usize = 2 * 4096;

/// The paths of one file of a diff, below the folder that the diff was made in.
#[derive(Debug, PartialEq, Eq)]
pub struct Paths {
    /// Before; `None` if it was not there.
    pub old: Option<String>,
    /// After; `None` if it is gone.
    pub new: Option<String>,
}

impl Paths {
    /// Whether one of them is below a folder, which ends in `/` or is empty.
    pub fn is_below(&self, folder: &str) -> bool {
        [&self.old, &self.new].into_iter().flatten().any(|path| path.starts_with(folder))
    }

    fn of(patch: &FilePatch<'_, [u8]>, has_sides: bool) -> Result<Self> {
        let (old, new) = match patch.operation() {
            FileOperation::Delete(path) => (Some(plain(path, has_sides)?), None),
            FileOperation::Create(path) => (None, Some(plain(path, has_sides)?)),
            // Git says so where it renames. Other diffs compare a file with a copy of it, of whatever name.
            FileOperation::Modify { modified, .. } => {
                let path = plain(modified, has_sides)?;
                (Some(path.clone()), Some(path))
            }
            FileOperation::Rename { from, to } => (Some(plain(from, false)?), Some(plain(to, false)?)),
            FileOperation::Copy { to, .. } => (None, Some(plain(to, false)?)),
        };
        Ok(Self { old, new })
    }
}

/// The paths of all files of a diff that git made.
pub fn of_git(diff: &[u8], patches: &[FilePatch<'_, [u8]>]) -> Result<Vec<Paths>> {
    let has_sides = headers_have_sides(diff);
    patches.iter().map(|patch| Paths::of(patch, has_sides)).collect()
}

/// The paths of all files of another diff: as more files are there, and if that tells nothing, by its two sides.
pub fn of_others(patches: &[FilePatch<'_, [u8]>], is_there: impl Fn(&str) -> bool) -> Result<Vec<Paths>> {
    let of = |has_sides| patches.iter().map(|patch| Paths::of(patch, has_sides)).collect::<Result<Vec<Paths>>>();
    let (whole, below) = (of(false)?, of(true)?);
    let count =
        |all: &[Paths]| all.iter().filter_map(|paths| paths.new.as_deref()).filter(|path| is_there(path)).count();
    let is_below = match count(&below).cmp(&count(&whole)) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => patches.iter().any(names_sides),
    };
    Ok(if is_below { below } else { whole })
}

/// Whether a file of a diff has two paths that are the same but for their first parts, or one that begins with the
/// usual name of a side.
fn names_sides(patch: &FilePatch<'_, [u8]>) -> bool {
    match patch.operation() {
        FileOperation::Modify { original, modified } => differ_in_side(original, modified),
        FileOperation::Create(path) => path.starts_with(b"b/"),
        FileOperation::Delete(path) => path.starts_with(b"a/"),
        FileOperation::Rename { .. } | FileOperation::Copy { .. } => false,
    }
}

/// Whether the headers `diff --git a/PATH b/PATH` name sides; `diff.noprefix` leaves them out. A header says so unless it
/// is that of a rename or copy, whose paths differ anyway.
fn headers_have_sides(diff: &[u8]) -> bool {
    let mut found: Vec<Option<bool>> = vec![];
    for line in diff.split(|&byte| byte == b'\n').filter(|line| line.len() <= LONGEST_HEADER) {
        if let Some(names) = line.strip_prefix(b"diff --git ") {
            found.push(has_sides(names.strip_suffix(b"\r").unwrap_or(names)));
        } else if line.starts_with(b"rename from ") || line.starts_with(b"copy from ") {
            found.pop();
        }
    }
    found.contains(&Some(true)) || !found.contains(&Some(false))
}

/// Whether the two paths of a header have sides; `None` if it does not show.
fn has_sides(names: &[u8]) -> Option<bool> {
    let spaces = (0..names.len()).filter(|&at| names[at] == b' ');
    spaces.map(|at| (&names[..at], &names[at + 1..])).find_map(|(old, new)| match old == new {
        true => Some(false),
        false => differ_in_side(old, new).then_some(true),
    })
}

fn differ_in_side(old: &[u8], new: &[u8]) -> bool {
    let parts = |path: &[u8]| {
        let end = path.iter().position(|&byte| byte == b'/')?;
        Some((path[..end].to_owned(), path[end + 1..].to_owned()))
    };
    parts(old).zip(parts(new)).is_some_and(|(old, new)| old.0 != new.0 && old.1 == new.1)
}

/// A path as text, in one form, without its side if it has one.
fn plain(bytes: &[u8], has_sides: bool) -> Result<String> {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = vec![];
    for part in Path::new(&*text).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_string_lossy()),
            Component::CurDir => {}
            _ => {
                let why = "leads out of the folder; give a diff with paths relative to it";
                return Err(PatchError::Unfit(format!("{text}: {why}")));
            }
        }
    }
    let side = usize::from(has_sides && parts.len() > 1);
    match parts.split_off(side).join("/") {
        path if path.is_empty() => {
            Err(PatchError::Unfit(format!("{text:?} names no file; give what `git diff` prints")))
        }
        path => Ok(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_one_form_and_stays_inside() {
        let of = |path: &str, has_sides| plain(path.as_bytes(), has_sides).map_err(|error| error.to_string());
        for path in ["a/x/y.py", "./a/x/y.py", "a//x/./y.py", "a/./x//y.py"] {
            assert_eq!((of(path, true), of(path, false)), (Ok("x/y.py".into()), Ok("a/x/y.py".into())), "{path}");
        }
        assert_eq!(of("y.py", true), Ok("y.py".into()));
        for path in ["", ".", "/", "/a/y.py", "../y.py", "a/../../y.py"] {
            assert!(of(path, true).is_err() && of(path, false).is_err(), "{path}");
        }
    }

    #[test]
    fn headers_tell_whether_paths_have_sides() {
        let with = |diff: &str| headers_have_sides(diff.as_bytes());
        assert!(with("diff --git a/x.py b/x.py\n"));
        assert!(with("diff --git a/b/x y.py b/b/x y.py\r\n"));
        assert!(with("diff --git old/x.py newer/x.py\n"));
        assert!(with("diff --git \"a/\\303.py\" \"b/\\303.py\"\n"));
        assert!(!with("diff --git b/x.py b/x.py\n"));
        assert!(!with("diff --git x y.py x y.py\n"));
        let renamed = "diff --git a/x.py b/x.py\nsimilarity index 90%\nrename from a/x.py\nrename to b/x.py\n";
        assert!(!with(&format!("{renamed}diff --git c.py c.py\n")), "a move between folders of these names");
        assert!(with("diff --git a/x.py b/y.py\nrename from x.py\nrename to y.py\n"));
    }
}

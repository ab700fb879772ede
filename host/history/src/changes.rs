//! Which files a commit changed, and which it renamed; which files differ between any two trees.

use std::{cell::RefCell, collections::BTreeMap};

use gix::{
    ObjectId, Repository,
    bstr::BStr,
    diff::tree::{State, Visit, visit},
    objs::{FindExt, TreeRefIter, tree::EntryMode},
};

/// What a commit did.
pub struct Changes {
    /// Files it added, changed or removed; a renamed file by its new name.
    pub changed: Vec<String>,
    /// Files it moved without a change to their content: the old name and the new one.
    pub renamed: Vec<(String, String)>,
}

/// Compares trees.
pub struct TreeChanges<'a> {
    git: &'a Repository,
    most: usize,
    state: RefCell<State>,
}

impl<'a> TreeChanges<'a> {
    /// Compares trees that differ in `most` files at most.
    pub fn new(git: &'a Repository, most: usize) -> Self {
        Self { git, most, state: RefCell::default() }
    }

    /// All files of a commit; `None` if it cannot be read.
    pub fn all(&self, commit: ObjectId) -> Option<Vec<String>> {
        let found = self.compare(None, commit, usize::MAX)?;
        Some(found.added.into_iter().map(|(path, _)| path).collect())
    }

    /// What changed from one commit to the next; `None` if one of them cannot be read, or too much changed.
    pub fn between(&self, parent: Option<ObjectId>, commit: ObjectId) -> Option<Changes> {
        let Found { added, removed, modified, .. } = self.compare(parent, commit, self.most)?;
        let (renamed, left) = moved(&added, removed);
        let mut changed: Vec<String> = modified.into_iter().map(|(path, ..)| path).collect();
        changed.extend(added.into_iter().map(|(path, _)| path));
        changed.extend(left.into_iter().map(|(path, _)| path));
        Some(Changes { changed, renamed })
    }

    /// What differs from one commit to the next, with contents; `None` if one of them cannot be read.
    pub fn differences(&self, before: Option<ObjectId>, after: ObjectId) -> Option<Differences> {
        let Found { added, removed, modified, .. } = self.compare(before, after, usize::MAX)?;
        Some(Differences { added, removed, modified })
    }

    fn compare(&self, parent: Option<ObjectId>, commit: ObjectId, most: usize) -> Option<Found> {
        let (mut before, mut after) = (Vec::new(), Vec::new());
        let before = match parent {
            Some(parent) => self.tree(parent, &mut before)?,
            None => TreeRefIter::from_bytes(&[], self.git.object_hash()),
        };
        let after = self.tree(commit, &mut after)?;
        let mut found = Found { most, ..Found::default() };
        let mut state = self.state.borrow_mut();
        let compared = gix::diff::tree(before, after, &mut *state, &self.git.objects, &mut found);
        compared.is_ok().then_some(found)
    }

    fn tree<'b>(&self, commit: ObjectId, buffer: &'b mut Vec<u8>) -> Option<TreeRefIter<'b>> {
        let tree = self.git.find_commit(commit).ok()?.tree_id().ok()?.detach();
        self.git.objects.find_tree_iter(&tree, buffer).ok()
    }
}

/// Files that differ between two trees, with what they hold.
pub struct Differences {
    pub added: Vec<(String, ObjectId)>,
    pub removed: Vec<(String, ObjectId)>,
    /// The content before, then the one after.
    pub modified: Vec<(String, ObjectId, ObjectId)>,
}

/// Files with their contents.
type Contents = Vec<(String, ObjectId)>;

/// Which added files were only moved: old paths with new ones; and what is left of the removed ones, in order of
/// content.
pub fn moved(added: &Contents, removed: Contents) -> (Vec<(String, String)>, Contents) {
    let mut by_content: BTreeMap<ObjectId, Vec<String>> = BTreeMap::new();
    for (path, content) in removed {
        by_content.entry(content).or_default().push(path);
    }
    let mut moved = Vec::new();
    for (path, content) in added {
        // Of several with the same content, which are mostly empty, the one of the same name was moved.
        let candidates = by_content.get_mut(content).filter(|candidates| !candidates.is_empty());
        if let Some(candidates) = candidates {
            let same_name = candidates.iter().position(|old| name(old) == name(path));
            if same_name.is_some() || candidates.len() == 1 {
                moved.push((candidates.remove(same_name.unwrap_or(0)), path.clone()));
            }
        }
    }
    let left = by_content.into_iter().flat_map(|(content, paths)| paths.into_iter().map(move |path| (path, content)));
    (moved, left.collect())
}

/// The file name of a path.
pub fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Files that differ, with what they hold.
#[derive(Default)]
struct Found {
    added: Vec<(String, ObjectId)>,
    removed: Vec<(String, ObjectId)>,
    modified: Vec<(String, ObjectId, ObjectId)>,
    most: usize,
    /// Where the walk is: the folders that wait, and the path at hand, in bytes.
    waiting: std::collections::VecDeque<Vec<u8>>,
    path: Vec<u8>,
}

impl Found {
    /// The path at hand. A name that is not UTF-8 is no file that anyone can ask for.
    fn path(&self) -> Option<String> {
        String::from_utf8(self.path.clone()).ok()
    }

    fn push(&mut self, component: &BStr) {
        if !self.path.is_empty() {
            self.path.push(b'/');
        }
        self.path.extend_from_slice(component);
    }
}

impl Visit for Found {
    fn pop_front_tracked_path_and_set_current(&mut self) {
        self.path = self.waiting.pop_front().unwrap_or_default();
    }

    fn push_back_tracked_path_component(&mut self, component: &BStr) {
        self.push(component);
        self.waiting.push_back(self.path.clone());
    }

    fn push_path_component(&mut self, component: &BStr) {
        self.push(component);
    }

    fn pop_path_component(&mut self) {
        let end = self.path.iter().rposition(|byte| *byte == b'/').unwrap_or(0);
        self.path.truncate(end);
    }

    fn visit(&mut self, change: visit::Change) -> visit::Action {
        let is_file = |mode: EntryMode| mode.is_blob();
        if let Some(path) = self.path() {
            match change {
                visit::Change::Addition { entry_mode, oid, .. } if is_file(entry_mode) => self.added.push((path, oid)),
                visit::Change::Deletion { entry_mode, oid, .. } if is_file(entry_mode) => {
                    self.removed.push((path, oid));
                }
                visit::Change::Modification { entry_mode, previous_oid, oid, .. } if is_file(entry_mode) => {
                    self.modified.push((path, previous_oid, oid));
                }
                _ => {}
            }
        }
        if self.added.len() + self.removed.len() + self.modified.len() > self.most {
            return std::ops::ControlFlow::Break(());
        }
        std::ops::ControlFlow::Continue(())
    }
}

//! Which files a listing of the folder would leave out, told by path: hidden ones, and those that `.astlasignore` names.

use std::{cell::RefCell, collections::BTreeMap, path::Path};

use ignore::{
    Match,
    gitignore::{Gitignore, GitignoreBuilder},
};

/// Reads the text of a file of the tree; `None` if it is not there.
type Read<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What is left out of one tree.
pub struct Hidden<'a> {
    read: Box<Read<'a>>,
    /// By folder, empty for the root: what its `.astlasignore` names.
    known: RefCell<BTreeMap<String, Option<Gitignore>>>,
}

impl<'a> Hidden<'a> {
    /// In the tree that is read so.
    pub fn new(read: impl Fn(&str) -> Option<String> + 'a) -> Self {
        Self { read: Box::new(read), known: RefCell::default() }
    }

    /// Whether a file is left out.
    pub fn hides(&self, path: &str) -> bool {
        if path.split('/').any(|part| part.starts_with('.')) || path.contains(['\n', '\r']) {
            return true;
        }
        let mut folder = path;
        // The folder nearest to the file decides.
        while !folder.is_empty() {
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
            match self.in_folder(folder, path) {
                Match::Ignore(()) => return true,
                Match::Whitelist(()) => return false,
                Match::None => {}
            }
        }
        false
    }

    fn in_folder(&self, folder: &str, path: &str) -> Match<()> {
        let mut known = self.known.borrow_mut();
        let rules = known.entry(folder.to_owned()).or_insert_with(|| {
            let name = if folder.is_empty() { ".astlasignore".to_owned() } else { format!("{folder}/.astlasignore") };
            let text = (self.read)(&name)?;
            let mut builder = GitignoreBuilder::new("");
            for line in text.lines() {
                // What is no pattern names nothing; the listing says the same.
                let _ = builder.add_line(None, line);
            }
            builder.build().ok()
        });
        let below = path.strip_prefix(folder).unwrap_or(path).trim_start_matches('/');
        let rules = rules.as_ref();
        rules.map_or(Match::None, |rules| rules.matched_path_or_any_parents(Path::new(below), false).map(|_| ()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_files_and_those_that_are_named_are_left_out() {
        let read = |path: &str| match path {
            ".astlasignore" => Some("gen/\n*.min.js\n".to_owned()),
            "src/.astlasignore" => Some("/old.py\n!keep.min.js\n".to_owned()),
            _ => None,
        };
        let hidden = Hidden::new(read);
        for path in [".git/a.py", "a/.b/c.py", "gen/a.py", "x/gen/b/a.py", "x/a.min.js", "src/old.py", "a\nb.py"] {
            assert!(hidden.hides(path), "{path:?}");
        }
        for path in ["a.py", "src/a.py", "src/x/old.py", "src/keep.min.js", "old.py"] {
            assert!(!hidden.hides(path), "{path:?}");
        }
    }
}

//! Which files an import means.
//!
//! What stands in an import is taken apart by its shape alone, whatever the language:
//!
//! - `./a`, `../a/b.js`: from the folder of the importing file;
//! - `.a`, `..a.b`: the same with dots, one for the folder itself;
//! - `a/b.h`, `a.b.c`, `a::b::c`, `a\b`: the files whose path ends in as many of these parts as possible. Up to two parts
//!   at the end may be names inside the file.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use astlas_model::Ledger;

use crate::{
    names::FixedHasher,
    places::{Places, parts},
};

/// Parts that only say where to begin.
const ANCHORS: &[&str] = &["crate", "self", "super", ""];
/// Names inside a file that may stand at the end of what is imported: `package.Class.method`.
const INNER_NAMES: usize = 2;

/// What a file imports of the repository.
#[derive(Clone, Debug, Default)]
pub struct Imported<'a> {
    /// Files, ascending, each once, and the share that an import gives to each of the files it may mean.
    pub files: Vec<(u32, f64)>,
    /// Files and the names taken from them, sorted.
    pub names: Vec<(u32, &'a str)>,
}

impl Imported<'_> {
    /// The share of an imported file.
    pub fn share(&self, file: u32) -> Option<f64> {
        self.files.binary_search_by_key(&file, |&(file, _)| file).ok().map(|at| self.files[at].1)
    }

    /// Whether the file is imported for this name.
    pub fn takes(&self, file: u32, name: &str) -> bool {
        self.names.binary_search(&(file, name)).is_ok()
    }
}

/// What every file imports, found out when it is asked for.
pub struct Imports<'a> {
    places: Places<'a>,
    ledger: &'a Ledger,
    known: Vec<OnceCell<Imported<'a>>>,
    /// By module, name and family: the same is imported by many files.
    found: RefCell<HashMap<(&'a str, &'a str, u32), Found, FixedHasher>>,
}

/// The files that an import may mean, wherever it stands.
#[derive(Clone, Debug, Default)]
struct Found {
    files: Vec<u32>,
    /// Whether a single word found them.
    by_one_word: bool,
}

impl<'a> Imports<'a> {
    /// The imports of the ledger's files, which are at these places.
    pub fn new(places: Places<'a>, ledger: &'a Ledger) -> Self {
        let known = ledger.import_ends.iter().map(|_| OnceCell::new()).collect();
        Self { places, ledger, known, found: RefCell::default() }
    }

    /// What a file imports of the repository.
    pub fn of(&self, file: u32) -> &Imported<'a> {
        self.known[file as usize].get_or_init(|| self.resolved(file))
    }

    fn resolved(&self, file: u32) -> Imported<'a> {
        let mut found = Imported::default();
        for (path, name) in self.ledger.imports(file) {
            let mut targets = self.targets(file, path, name);
            targets.retain(|&target| target != file);
            let share = 1.0 / targets.len().max(1) as f64;
            for target in targets {
                found.files.push((target, share));
                let last = path.rsplit(['.', ':', '\\', '/']).next().unwrap_or_default();
                let taken = [name, last].into_iter().filter(|name| !name.is_empty());
                found.names.extend(taken.map(|name| (target, name)));
            }
        }
        // Of several imports of one file the one that is surest counts.
        found.files.sort_unstable_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
        found.files.dedup_by_key(|(file, _)| *file);
        found.names.sort_unstable();
        found.names.dedup();
        found
    }

    /// The files that an import may mean, ascending.
    fn targets(&self, file: u32, path: &'a str, name: &'a str) -> Vec<u32> {
        let (places, family) = (&self.places, self.places.family_of(file));
        let from = places.folder_of(file);
        if let Some((folder, rest)) = relative(from, path) {
            let base: Vec<&str> = folder.into_iter().chain(rest).collect();
            let named = [base.as_slice(), &[name]].concat().join("/");
            let found = if name.is_empty() { vec![] } else { places.at(&named, family) };
            return if found.is_empty() { places.at(&base.join("/"), family) } else { found };
        }
        let mut known = self.found.borrow_mut();
        let found = known.entry((path, name, family)).or_insert_with(|| found(places, path, name, family));
        let mut files = nearest(places, from, found.files.clone());
        if found.by_one_word && files.len() > 1 {
            files.retain(|&target| places.folder_of(target) == from);
        }
        files
    }
}

/// The files that an import may mean which does not say from where, the best match alone.
fn found(places: &Places<'_>, path: &str, name: &str, family: u32) -> Found {
    let mut parts = absolute(places, path);
    if parts.is_empty() {
        return Found::default();
    }
    if !name.is_empty() && name != "*" {
        parts.push(name);
    }
    for inner in 0..=INNER_NAMES {
        let wanted = &parts[..parts.len().saturating_sub(inner)];
        // A single word may be the name of anything, and the names of a path's first parts are those of many things.
        let least = wanted.len().min(2);
        let (_, files) = places.ending_in(wanted, least, family);
        if !files.is_empty() {
            return Found { files, by_one_word: wanted.len() == 1 };
        }
    }
    Found::default()
}

/// A path that begins at the importing file's folder: the folder it leads to, and the parts below it.
fn relative<'p>(from: &'p str, path: &'p str) -> Option<(Vec<&'p str>, Vec<&'p str>)> {
    if path.starts_with("./") || path.starts_with("../") {
        let mut folder: Vec<&str> = parts(from).collect();
        for part in path.split('/') {
            match part {
                "." | "" => {}
                ".." => drop(folder.pop()),
                part => folder.push(part),
            }
        }
        return Some((folder, vec![]));
    }
    let dots = path.len() - path.trim_start_matches('.').len();
    if dots == 0 || path.contains('/') {
        return None;
    }
    let mut folder: Vec<&str> = parts(from).collect();
    folder.truncate(folder.len().saturating_sub(dots - 1));
    Some((folder, path[dots..].split('.').filter(|part| !part.is_empty()).collect()))
}

/// The parts of a path that begins anywhere.
fn absolute<'p>(places: &Places<'_>, path: &'p str) -> Vec<&'p str> {
    let separated: Vec<&str> = if path.contains("::") {
        path.split("::").collect()
    } else if path.contains('\\') {
        path.split('\\').collect()
    } else if path.contains('/') {
        path.split('/').collect()
    } else if places.has_name(path) {
        vec![path]
    } else {
        path.split('.').collect()
    };
    separated.into_iter().map(str::trim).filter(|part| !ANCHORS.contains(part)).collect()
}

/// Those of the files that share the longest beginning with a folder: of two copies of a package the own one is meant.
fn nearest(places: &Places<'_>, from: &str, mut files: Vec<u32>) -> Vec<u32> {
    let common =
        |file: u32| parts(from).zip(parts(places.folder_of(file))).take_while(|(one, other)| one == other).count();
    let longest = files.iter().map(|&file| common(file)).max().unwrap_or(0);
    files.retain(|&file| common(file) == longest);
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATHS: &[&str] = &[
        "app/__init__.py",
        "app/config/__init__.py",
        "app/models.py",
        "app/views.py",
        "go/common/paths/a.go",
        "go/common/paths/b.go",
        "java/com/acme/Shape.java",
        "lib/util.d.ts",
        "lib/util.js",
        "src/dict.h",
        "src/sync/mod.rs",
        "src/sync/mpsc.rs",
    ];

    fn found(from: &str, path: &str, name: &str) -> Vec<&'static str> {
        let families = vec![0; PATHS.len()];
        let ledger = Ledger::default();
        let imports = Imports::new(Places::new(PATHS, &families), &ledger);
        let file = PATHS.iter().position(|path| *path == from).unwrap();
        imports.targets(file as u32, path, name).into_iter().map(|file| PATHS[file as usize]).collect()
    }

    #[test]
    fn every_shape_of_import_finds_its_file() {
        for (from, path, name, expected) in [
            ("app/views.py", ".models", "User", &["app/models.py"][..]),
            ("app/views.py", ".", "models", &["app/models.py"]),
            ("app/config/__init__.py", "..models", "", &["app/models.py"]),
            ("app/views.py", "app.config", "Config", &["app/config/__init__.py"]),
            ("app/views.py", "os.path", "join", &[]),
            ("lib/util.js", "./util", "", &["lib/util.d.ts", "lib/util.js"]),
            ("src/dict.h", "../lib/util.js", "", &["lib/util.js"]),
            ("src/dict.h", "dict.h", "", &["src/dict.h"]),
            ("java/com/acme/Shape.java", "com.acme.Shape", "", &["java/com/acme/Shape.java"]),
            ("java/com/acme/Shape.java", "com.acme.Shape.area", "", &["java/com/acme/Shape.java"]),
            (
                "go/common/paths/a.go",
                "github.com/x/go/common/paths",
                "",
                &["go/common/paths/a.go", "go/common/paths/b.go"],
            ),
            ("src/sync/mod.rs", "crate::sync::mpsc", "Sender", &["src/sync/mpsc.rs"]),
            ("src/dict.h", "crate::sync", "", &["src/sync/mod.rs"]),
        ] {
            assert_eq!(found(from, path, name), expected, "{from}: {path} {name}");
        }
    }
}

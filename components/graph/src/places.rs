//! Where files can be found by what an import says: by path from a folder, or by the end of their paths.

use std::collections::HashMap;

use crate::names::FixedHasher;

/// Files that stand for their folder.
const INDEX_STEMS: &[&str] = &["index", "__init__", "mod", "lib", "main", "init"];
/// Endings that are left off together with the extension: `a.d.ts` is the declaration of `a`.
const INNER_ENDINGS: &[&str] = &[".d"];

/// All files, findable. Everything answers in ascending order.
pub struct Places<'a> {
    /// For each file its folder.
    folders: Vec<&'a str>,
    families: &'a [u32],
    /// Files by path, and by path without the extension.
    by_path: HashMap<&'a str, Vec<u32>, FixedHasher>,
    /// Files by file name, and by file name without the extension.
    by_name: HashMap<&'a str, Vec<u32>, FixedHasher>,
    /// Files directly in a folder, by the folder's path.
    in_folder: HashMap<&'a str, Vec<u32>, FixedHasher>,
    /// Paths of folders by their last part.
    folder_by_name: HashMap<&'a str, Vec<&'a str>, FixedHasher>,
}

impl<'a> Places<'a> {
    /// The files of these paths, sorted, and their families.
    pub fn new(paths: &[&'a str], families: &'a [u32]) -> Self {
        let mut places = Self {
            folders: paths.iter().map(|path| folder(path)).collect(),
            families,
            by_path: with_room_for(2 * paths.len()),
            by_name: with_room_for(2 * paths.len()),
            in_folder: HashMap::default(),
            folder_by_name: HashMap::default(),
        };
        for (file, &path) in paths.iter().enumerate() {
            let file = file as u32;
            let stem = without_extension(path);
            let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
            for path in [path, stem] {
                let known = places.by_path.entry(path).or_default();
                if known.last() != Some(&file) {
                    known.push(file);
                    places.by_name.entry(&path[name_at..]).or_default().push(file);
                }
            }
            let siblings = places.in_folder.entry(folder(path)).or_default();
            if siblings.is_empty() && name_at > 0 {
                let path = folder(path);
                let name = path.rsplit('/').next().unwrap_or(path);
                places.folder_by_name.entry(name).or_default().push(path);
            }
            siblings.push(file);
        }
        places
    }

    /// The folder of a file.
    pub fn folder_of(&self, file: u32) -> &'a str {
        self.folders[file as usize]
    }

    /// The family of a file.
    pub fn family_of(&self, file: u32) -> u32 {
        self.families[file as usize]
    }

    /// Whether some file has exactly this name.
    pub fn has_name(&self, name: &str) -> bool {
        self.by_name.contains_key(name)
    }

    /// The files of a family at a path: the file itself, with any extension or another one, or the files that stand
    /// for the folder of that path.
    pub fn at(&self, path: &str, family: u32) -> Vec<u32> {
        let index = |stem: &&str| self.of(&self.by_path, &join(path, stem), family);
        let direct = self.of(&self.by_path, path, family);
        [direct, self.of(&self.by_path, without_extension(path), family)]
            .into_iter()
            .chain(INDEX_STEMS.iter().map(index))
            .find(|found| !found.is_empty())
            .unwrap_or_default()
    }

    /// The files of a family whose path ends in as many of these parts as possible, at least `least` of them, and how
    /// many that is: files of that name, or those of a folder of that name (the ones that stand for it, if any).
    pub fn ending_in(&self, wanted: &[&str], least: usize, family: u32) -> (usize, Vec<u32>) {
        let Some((last, before)) = wanted.split_last() else { return (0, vec![]) };
        let mut best = (least, Vec::new());
        // What matches less than the best so far is not even looked up.
        let mut offer = |matched: usize, files: &dyn Fn(&mut Vec<u32>)| {
            if matched > best.0 {
                best = (matched, Vec::new());
            }
            if matched == best.0 {
                files(&mut best.1);
            }
        };
        for file in self.of(&self.by_name, last, family) {
            offer(1 + common_end(self.folder_of(file), before), &|found| found.push(file));
        }
        for &folder in self.folder_by_name.get(last).into_iter().flatten() {
            let matched = common_end(folder, wanted);
            if matched >= least {
                offer(matched, &|found| found.extend(self.standing_for(folder, family)));
            }
        }
        best.1.sort_unstable();
        best.1.dedup();
        best
    }

    /// The files that stand for a folder; all of its own if none does.
    fn standing_for(&self, folder: &str, family: u32) -> Vec<u32> {
        let index: Vec<u32> =
            INDEX_STEMS.iter().flat_map(|stem| self.of(&self.by_path, &join(folder, stem), family)).collect();
        if index.is_empty() { self.of(&self.in_folder, folder, family) } else { index }
    }

    fn of(&self, files: &HashMap<&'a str, Vec<u32>, FixedHasher>, key: &str, family: u32) -> Vec<u32> {
        let of_family = |file: &u32| self.families[*file as usize] == family;
        files.get(key).into_iter().flatten().copied().filter(of_family).collect()
    }
}

/// The folder of a path, without a slash at its end; empty at the top.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The parts of a path.
pub fn parts(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

fn with_room_for<'a>(entries: usize) -> HashMap<&'a str, Vec<u32>, FixedHasher> {
    HashMap::with_capacity_and_hasher(entries, FixedHasher::default())
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// How many parts a path has in common with others at their ends.
fn common_end(path: &str, others: &[&str]) -> usize {
    parts(path).rev().zip(others.iter().rev()).take_while(|(one, other)| one == *other).count()
}

/// A path without the extension of its file name. A dot at the beginning of the name belongs to it.
fn without_extension(path: &str) -> &str {
    let name_at = path.rfind('/').map_or(0, |slash| slash + 1);
    let Some(dot) = path[name_at..].rfind('.').filter(|&dot| dot > 0) else { return path };
    let stem = &path[..name_at + dot];
    INNER_ENDINGS.iter().find_map(|ending| stem.strip_suffix(ending)).unwrap_or(stem)
}

//! Which files there are after a change, and which of them are as they were.

use astlas_model::{Built, FileMarks, Strings};

use crate::{FileNames, GraphError, marks};

/// A file after the change.
#[derive(Clone, Copy)]
pub enum Source<'a> {
    /// As it was, under the number it had.
    Kept(u32),
    /// Added or changed.
    Fresh(&'a FileNames),
}

/// All files after a change, in order of path.
pub struct Files<'a> {
    pub paths: Vec<&'a str>,
    pub sources: Vec<Source<'a>>,
    /// For each file of before its number now, if it is as it was.
    pub kept: Vec<Option<u32>>,
}

impl<'a> Files<'a> {
    /// The files of `before`, less those that are gone, and in place of or beside them those that are added or changed.
    pub fn after(before: &'a Built, gone: &Strings, fresh: &[(&'a str, &'a FileNames)]) -> Self {
        let mut gone: Vec<&str> = gone.iter().collect();
        gone.sort_unstable();
        let replaced = |path: &str| fresh.binary_search_by_key(&path, |(path, _)| *path).is_ok();
        let stays = |path: &str| gone.binary_search(&path).is_err() && !replaced(path);
        let kept = before.graph.files.iter().enumerate().filter(|(_, path)| stays(path));
        let kept = kept.map(|(file, path)| (path, Source::Kept(file as u32)));
        let fresh = fresh.iter().map(|&(path, names)| (path, Source::Fresh(names)));
        let mut all: Vec<(&str, Source<'_>)> = kept.chain(fresh).collect();
        all.sort_by_key(|(path, _)| *path);
        let (paths, sources): (Vec<_>, Vec<_>) = all.into_iter().unzip();
        let mut kept = vec![None; before.graph.files.len()];
        for (now, source) in (0..).zip(&sources) {
            if let Source::Kept(file) = source {
                kept[*file as usize] = Some(now);
            }
        }
        Self { paths, sources, kept }
    }

    /// The files that were added or changed, with their numbers.
    pub fn fresh(&self) -> Vec<(u32, &'a FileNames)> {
        let fresh = |(file, source): (u32, &Source<'a>)| match source {
            Source::Kept(_) => None,
            Source::Fresh(names) => Some((file, *names)),
        };
        (0..).zip(&self.sources).filter_map(fresh).collect()
    }

    /// One value for each file: taken over, or made from what a file is now.
    pub fn each<T>(&self, kept: impl Fn(usize) -> T, fresh: impl Fn(&'a FileNames, &'a str) -> T) -> Vec<T> {
        let value = |(source, path): (&Source<'a>, &&'a str)| match source {
            Source::Kept(file) => kept(*file as usize),
            Source::Fresh(names) => fresh(names, path),
        };
        self.sources.iter().zip(&self.paths).map(value).collect()
    }

    /// What each file is marked as, by its content or its path.
    pub fn marks(&self, before: &[FileMarks]) -> Vec<FileMarks> {
        self.each(|file| before[file], |names, path| marks::both(names.marks, marks::of_path(path)))
    }
}

/// Refuses columns that do not fit each other, and more of them than the graph's own can hold.
pub fn check(before: &Built, paths: &Strings, files: &[FileNames]) -> Result<(), GraphError> {
    let corrupt = |fault: String| Err(GraphError::Corrupt(fault));
    if !paths.is_sound() {
        return corrupt("paths: ends do not fit the text".into());
    }
    if paths.len() != files.len() {
        return corrupt(format!("paths: {}, but names of {} files", paths.len(), files.len()));
    }
    let Built { graph, ledger } = before;
    let mut sizes = [
        graph.files.text.len() + paths.text.len(),
        graph.names.text.len() + ledger.names.text.len(),
        graph.definition_file.len(),
        graph.reference_file.len() + ledger.reference_file.len(),
        ledger.export_file.len(),
        ledger.import_path.text.len(),
        ledger.import_name.text.len(),
    ];
    for (file, path) in files.iter().zip(paths.iter()) {
        if !file.names.is_sound() {
            return corrupt(format!("names of {path}: ends do not fit the text"));
        }
        if !file.import_path.is_sound() || !file.import_name.is_sound() {
            return corrupt(format!("imports of {path}: ends do not fit the text"));
        }
        if file.import_path.len() != file.import_name.len() {
            return corrupt(format!("imports of {path}: not one name for each module"));
        }
        let columns =
            [("definitions", &file.definitions), ("references", &file.references), ("exports", &file.exports)];
        for (column, indices) in columns {
            if indices.iter().any(|&name| name as usize >= file.names.len()) {
                return corrupt(format!("{column} of {path}: not one of its names"));
            }
        }
        let grown = [
            0,
            file.names.text.len(),
            file.definitions.len(),
            file.references.len(),
            file.exports.len(),
            file.import_path.text.len(),
            file.import_name.text.len(),
        ];
        sizes = std::array::from_fn(|index| sizes[index].saturating_add(grown[index]));
    }
    if sizes.iter().any(|&size| u32::try_from(size).is_err()) {
        return Err(GraphError::TooLarge);
    }
    Ok(())
}

/// The files in order of path, bytewise.
pub fn sorted_by_path<'a>(
    paths: &'a Strings,
    files: &'a [FileNames],
) -> Result<Vec<(&'a str, &'a FileNames)>, GraphError> {
    let mut order: Vec<_> = paths.iter().zip(files).collect();
    order.sort_unstable_by_key(|(path, _)| *path);
    match order.array_windows().find(|[(one, _), (next, _)]| one == next) {
        Some([(path, _), _]) => Err(GraphError::DuplicatePath((*path).into())),
        None => Ok(order),
    }
}

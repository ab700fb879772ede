//! From the names of each file to the graph of all.

use std::collections::BTreeSet;

use astlas_model::{RepositoryGraph, Strings};

use crate::{
    FileNames, GraphError,
    edges::{self, Ties},
    imports, marks,
    names::Names,
    places::{self, Places},
    relation::{ByFile, ByName},
    words,
};

/// Builds the graph. `paths` and `files` run side by side, in any order.
pub fn build(paths: &Strings, files: &[FileNames]) -> Result<RepositoryGraph, GraphError> {
    check(paths, files)?;
    let (paths, files) = sorted_by_path(paths, files)?;
    let names = Names::defined(&files);
    let mut rows = Rows::default();
    for file in &files {
        rows.push(file, &names);
    }
    let (definitions, references) = (rows.definitions.by_name(names.len()), rows.references.by_name(names.len()));
    let (families, file_family) = numbered(files.iter().map(|file| file.family.as_str()));
    let places = Places::new(&paths, &file_family);
    let ties = Ties {
        imported: &imports::imported(&places, &files, &file_family),
        folder: &numbered(paths.iter().map(|path| places::folder(path))).1,
        hidden: &hidden(&files, &names, &definitions),
    };
    let words = words::word_files(&files);
    let mut graph = RepositoryGraph {
        files: paths.iter().collect(),
        file_family: file_family.clone(),
        families: families.iter().collect(),
        file_lines: files.iter().map(|file| file.lines).collect(),
        file_marks: files
            .iter()
            .zip(&paths)
            .map(|(file, path)| marks::both(file.marks, marks::of_path(path)))
            .collect(),
        names: names.to_strings(),
        definition_ends: definitions.ends,
        definition_file: definitions.file,
        reference_ends: references.ends,
        reference_file: references.file,
        reference_count: references.count,
        unresolved_references: rows.unresolved,
        words: words.words,
        word_ends: words.ends,
        word_file: words.file,
        ..RepositoryGraph::default()
    };
    edges::connect(&mut graph, &rows.references, &ties);
    Ok(graph)
}

/// The distinct texts, sorted bytewise, and for each text its place among them.
fn numbered<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> (Vec<&'a str>, Vec<u32>) {
    let distinct: Vec<&str> = texts.clone().collect::<BTreeSet<_>>().into_iter().collect();
    let place = |text| distinct.partition_point(|other| *other < text) as u32;
    let places = texts.map(place).collect();
    (distinct, places)
}

/// For each definition, name by name: whether its file exports names, but not this one.
fn hidden(files: &[&FileNames], names: &Names<'_>, definitions: &ByName) -> Vec<bool> {
    let exported = |file: &&FileNames| -> Vec<u32> {
        let mut numbers: Vec<u32> = file
            .exports
            .iter()
            .filter_map(|&name| file.names.get(name as usize).and_then(|name| names.number(name)))
            .collect();
        numbers.sort_unstable();
        numbers
    };
    let exported: Vec<Vec<u32>> = files.iter().map(exported).collect();
    let mut hidden = Vec::with_capacity(definitions.file.len());
    let mut first = 0;
    for (name, &end) in definitions.ends.iter().enumerate() {
        for &file in &definitions.file[first..end as usize] {
            let exported = &exported[file as usize];
            hidden.push(!exported.is_empty() && exported.binary_search(&(name as u32)).is_err());
        }
        first = end as usize;
    }
    hidden
}

/// Refuses columns that do not fit each other, and more of them than the graph's own can hold.
fn check(paths: &Strings, files: &[FileNames]) -> Result<(), GraphError> {
    let corrupt = |fault: String| Err(GraphError::Corrupt(fault));
    if !paths.is_sound() {
        return corrupt("paths: ends do not fit the text".into());
    }
    if paths.len() != files.len() {
        return corrupt(format!("paths: {}, but names of {} files", paths.len(), files.len()));
    }
    let mut sizes = [paths.text.len(); 3];
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
        let grown = [file.names.text.len(), file.definitions.len(), file.references.len()];
        sizes = std::array::from_fn(|index| sizes[index].saturating_add(grown[index]));
    }
    if sizes.iter().any(|&size| u32::try_from(size).is_err()) {
        return Err(GraphError::TooLarge);
    }
    Ok(())
}

/// The files in order of path, bytewise.
fn sorted_by_path<'a>(
    paths: &'a Strings,
    files: &'a [FileNames],
) -> Result<(Vec<&'a str>, Vec<&'a FileNames>), GraphError> {
    let mut order: Vec<_> = paths.iter().zip(files).collect();
    order.sort_unstable_by_key(|(path, _)| *path);
    match order.array_windows().find(|[(one, _), (next, _)]| one == next) {
        Some([(path, _), _]) => Err(GraphError::DuplicatePath((*path).into())),
        None => Ok(order.into_iter().unzip()),
    }
}

/// Who defines and who references what, as it is gathered.
#[derive(Default)]
struct Rows {
    definitions: ByFile,
    references: ByFile,
    unresolved: u64,
    // Kept from file to file for their memory alone.
    counts: Vec<[u32; 2]>,
    row: [Vec<(u32, u32)>; 2],
}

impl Rows {
    /// Adds the next file.
    fn push(&mut self, file: &FileNames, names: &Names<'_>) {
        self.counts.clear();
        self.counts.resize(file.names.len(), [0, 0]);
        for &name in &file.definitions {
            self.counts[name as usize][0] += 1;
        }
        for &name in &file.references {
            self.counts[name as usize][1] += 1;
        }
        let [defined, referenced] = &mut self.row;
        for (name, &[definitions, references]) in file.names.iter().zip(&self.counts) {
            if definitions == 0 && references == 0 {
                continue;
            }
            let Some(number) = names.number(name) else {
                self.unresolved += u64::from(references);
                continue;
            };
            if definitions > 0 {
                defined.push((number, definitions));
            }
            if references > 0 {
                referenced.push((number, references));
            }
        }
        self.definitions.push(defined);
        self.references.push(referenced);
    }
}

//! From the names of each file to the graph of all.

use astlas_model::{RepositoryGraph, Strings};

use crate::{FileNames, GraphError, edges, names::Names, relation::ByFile};

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
    let mut graph = RepositoryGraph {
        files: paths.iter().collect(),
        names: names.to_strings(),
        definition_ends: definitions.ends,
        definition_file: definitions.file,
        reference_ends: references.ends,
        reference_file: references.file,
        reference_count: references.count,
        unresolved_references: rows.unresolved,
        ..RepositoryGraph::default()
    };
    edges::connect(&mut graph, &rows.references);
    Ok(graph)
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
        let columns = [("definitions", &file.definitions), ("references", &file.references)];
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

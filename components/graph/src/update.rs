//! From a graph and what changed since to the graph of now; from nothing, that of all files.

use std::collections::{BTreeSet, HashMap};

use astlas_model::{Built, Ledger, RepositoryGraph, Strings};

use crate::{
    FileNames, GraphError, checked,
    edges::{self, Ties},
    files::{Files, Source, check, sorted_by_path},
    imports::Imports,
    merge::{self, Merged, NEW},
    names::{FixedHasher, Names},
    places::{self, Places},
    words,
};

/// Builds the graph. `paths` and `files` run side by side, in any order.
pub fn build(paths: &Strings, files: &[FileNames]) -> Result<Built, GraphError> {
    after(&Built::default(), &Strings::default(), paths, files)
}

/// The graph after a change: what [`build`] gives for all files of now, to the bit. `removed` are paths that are gone,
/// `paths` and `files` what was added or changed.
pub fn update(before: &Built, removed: &Strings, paths: &Strings, files: &[FileNames]) -> Result<Built, GraphError> {
    checked(&before.graph)?;
    if let Some(fault) = before.ledger.fault(&before.graph) {
        return Err(GraphError::Corrupt(fault.into()));
    }
    if !removed.is_sound() {
        return Err(GraphError::Corrupt("removed: ends do not fit the text".into()));
    }
    after(before, removed, paths, files)
}

fn after(before: &Built, removed: &Strings, paths: &Strings, files: &[FileNames]) -> Result<Built, GraphError> {
    check(before, paths, files)?;
    let files = Files::after(before, removed, &sorted_by_path(paths, files)?);
    let fresh = files.fresh();
    let Merged { mut graph, mut ledger, was, lost, .. } = merge::merge(before, &files.kept, &Names::of(&fresh));
    describe(&mut graph, &before.graph, &files);
    copy_imports(&mut ledger, &before.ledger, &files);
    let words = words::merged(&before.graph, &files.kept, &words::word_files(&fresh));
    (graph.words, graph.word_ends, graph.word_file) = (words.words, words.ends, words.file);
    let hidden = hidden(&graph, &ledger);
    let anew = anew(before, &graph, &ledger, &files, &Changed { was: &was, lost: &lost, hidden: &hidden });
    let places = Places::new(&files.paths, &graph.file_family);
    let folder = folder_numbers(&files.paths);
    let imports = Imports::new(places, &ledger);
    let ties = Ties { imports: &imports, folder: &folder, hidden: &hidden };
    let edges = edges::connect(&graph, &before.graph, &anew, &ties);
    (graph.edge_source, graph.edge_target) = (edges.source, edges.target);
    (graph.edge_weight, graph.edge_confidence) = (edges.weight, edges.confidence);
    Ok(Built { graph, ledger })
}

/// Adds what the graph says of each file by itself.
fn describe(graph: &mut RepositoryGraph, before: &RepositoryGraph, files: &Files<'_>) {
    let old_families: Vec<&str> = before.families.iter().collect();
    let family = files.each(|file| old_families[before.file_family[file] as usize], |names, _| names.family.as_str());
    let (families, file_family) = numbered(family.iter().copied());
    graph.families = families.iter().collect();
    graph.file_family = file_family;
    graph.files = files.paths.iter().collect();
    graph.file_lines = files.each(|file| before.file_lines[file], |names, _| names.lines);
    graph.file_marks = files.marks(&before.file_marks);
}

fn copy_imports(ledger: &mut Ledger, before: &Ledger, files: &Files<'_>) {
    for source in &files.sources {
        let mut push = |path: &str, name: &str| {
            ledger.import_path.push(path);
            ledger.import_name.push(name);
        };
        match *source {
            Source::Kept(file) => before.imports(file).for_each(|(path, name)| push(path, name)),
            Source::Fresh(names) => {
                names.import_path.iter().zip(names.import_name.iter()).for_each(|(path, name)| push(path, name));
            }
        }
        ledger.import_ends.push(ledger.import_path.len() as u32);
    }
}

/// The distinct texts, sorted bytewise, and for each text its place among them.
fn numbered<'a>(texts: impl Iterator<Item = &'a str> + Clone) -> (Vec<&'a str>, Vec<u32>) {
    let distinct: Vec<&str> = texts.clone().collect::<BTreeSet<_>>().into_iter().collect();
    let place = |text| distinct.partition_point(|other| *other < text) as u32;
    let places = texts.map(place).collect();
    (distinct, places)
}

/// For each file a number that is the same for all files of a folder.
fn folder_numbers(paths: &[&str]) -> Vec<u32> {
    let mut number: HashMap<&str, u32, FixedHasher> = HashMap::default();
    let numbered = |folder| {
        let next = number.len() as u32;
        *number.entry(folder).or_insert(next)
    };
    paths.iter().map(|path| places::folder(path)).map(numbered).collect()
}

/// For each definition, name by name: whether its file exports names that some file defines, but not this one.
fn hidden(graph: &RepositoryGraph, ledger: &Ledger) -> Vec<bool> {
    let mut exports = vec![false; graph.files.len()];
    let names = 0..graph.names.len();
    names.clone().flat_map(|name| ledger.exporters(name)).for_each(|&file| exports[file as usize] = true);
    let of_name = |name| {
        let (exports, exporters) = (&exports, ledger.exporters(name));
        let hides = move |file: &u32| exports[*file as usize] && exporters.binary_search(file).is_err();
        graph.definers(name).iter().map(hides)
    };
    names.flat_map(of_name).collect()
}

/// What became of names.
struct Changed<'a> {
    was: &'a [u32],
    lost: &'a [u32],
    hidden: &'a [bool],
}

/// Which files' edges have to be worked out anew: all others have the edges they had.
///
/// An edge rests on what the source references and imports; on who defines those names, and whether he hides them; and
/// on what the imported files import. Where files or families are others than before, every import may mean another
/// file.
fn anew(before: &Built, graph: &RepositoryGraph, ledger: &Ledger, files: &Files<'_>, names: &Changed<'_>) -> Vec<bool> {
    let old = &before.graph;
    if (&old.files, &old.families, &old.file_family) != (&graph.files, &graph.families, &graph.file_family) {
        return vec![true; graph.files.len()];
    }
    let mut anew: Vec<bool> = files.kept.iter().map(Option::is_none).collect();
    names.lost.iter().for_each(|&file| anew[file as usize] = true);
    let old_hidden = hidden(old, &before.ledger);
    let mut start = 0;
    let changed = |name: usize, was: u32, hidden: &[bool]| {
        let first = (was as usize).checked_sub(1).map_or(0, |before| old.definition_ends[before] as usize);
        old.definers(was as usize) != graph.definers(name) || !old_hidden[first..].starts_with(hidden)
    };
    for (name, &was) in names.was.iter().enumerate() {
        let end = graph.definition_ends[name] as usize;
        if was == NEW || changed(name, was, &names.hidden[start..end]) {
            graph.referencers(name).for_each(|(file, _)| anew[file as usize] = true);
        }
        start = end;
    }
    // A file that imports another one has an edge to it.
    let imports_others = |file: usize| !before.ledger.imports(file as u32).eq(ledger.imports(file as u32));
    let kept = files.kept.iter().enumerate();
    let imports_others: Vec<bool> = kept.map(|(file, kept)| kept.is_none() && imports_others(file)).collect();
    let edges = old.edge_source.iter().zip(&old.edge_target);
    edges.filter(|(_, target)| imports_others[**target as usize]).for_each(|(&file, _)| anew[file as usize] = true);
    anew
}

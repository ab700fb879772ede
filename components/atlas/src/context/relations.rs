//! Who uses changed symbols, and what they use.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::{Tags, tags::DefinitionType};

use super::{
    change::{Change, ChangedFile},
    graph::{Sides, confidence, edges_of, is_test, position},
    symbols::{AllTouched, SymbolStatus, Touched, signature},
};
use crate::{
    Atlas,
    indexed::Indexed,
    ports::{Cache, Files, StageError, Stages},
};

/// Changed symbols that are related to others: more are more than any reviewer reads.
const MOST_SYMBOLS: usize = 1000;

/// Files whose tags are read on each side, surest first: a name like `get` may be used in thousands.
const MOST_FILES: usize = 500;

/// Least confidence of callers and tests: below it the name is most likely that of something else.
pub const LEAST_CONFIDENCE: f64 = 0.1;

/// A definition tied to a changed symbol.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Path of its file.
    pub file: String,
    /// Zero-based line: of a caller that of its first reference, of a callee that of its name.
    pub line: u32,
    /// Its qualified name; `None` for a reference outside all definitions.
    pub name: Option<String>,
    /// What it is.
    pub kind: Option<DefinitionType>,
    /// Source text that shows it, on one line.
    pub signature: String,
    /// Qualified name of the changed symbol.
    pub symbol: String,
    /// Path of the file that has the changed symbol.
    pub symbol_file: String,
    /// How sure it is that the names mean each other: that of the edge between the files, 1 inside one file.
    pub confidence: f64,
}

/// A test file tied to changed files.
#[derive(Clone, Debug, PartialEq)]
pub struct TouchingTest {
    /// Its path.
    pub file: String,
    /// Zero-based line of the first reference to a changed symbol, if it names one.
    pub line: Option<u32>,
    /// Changed symbols that it names, sorted.
    pub symbols: Vec<String>,
    /// That of its surest edge to a changed file.
    pub confidence: f64,
    /// Whether it is part of the change.
    pub is_changed: bool,
}

/// All that is tied to a change.
pub struct Relations {
    pub callers: Vec<Relation>,
    pub callees: Vec<Relation>,
    pub tests: Vec<TouchingTest>,
}

/// Files that may refer to a symbol: how sure that is, by symbol.
type Candidates<'a> = BTreeMap<u32, Vec<(&'a Touched, f64)>>;

impl<S: Stages, C: Cache> Atlas<S, C> {
    pub(super) async fn relations(
        &self,
        sides: &Sides<'_>,
        files: &impl Files,
        touched: &AllTouched,
        change: &Change<'_>,
    ) -> Result<Relations, StageError> {
        let touched = &touched.symbols[..touched.symbols.len().min(MOST_SYMBOLS)];
        let changed: BTreeSet<(&str, &str)> =
            touched.iter().map(|touched| (touched.symbol.file.as_str(), touched.symbol.name.as_str())).collect();
        let mut candidates = Candidates::new();
        touched.iter().for_each(|touched| push_candidates(sides, touched, &mut candidates));
        let wanted = surest(candidates.iter().map(|(&file, ties)| (file, ties)));
        let tags = self.tags_of(sides.after, files, &wanted).await?;
        let graph = &sides.after.snapshot.graph;
        let (mut callers, mut tests) = (vec![], BTreeMap::new());
        for (&file, tags) in wanted.iter().zip(&tags) {
            let found = callers_in(sides, file, tags, &candidates[&file]);
            if is_test(graph, file) {
                tests.insert(file, found);
            } else {
                callers.extend(found);
            }
        }
        let callees = self.callees(sides, files, touched).await?;
        let tests = touching_tests(sides, change, tests);
        Ok(Relations { callers: in_order(callers, &changed), callees: in_order(callees, &changed), tests })
    }

    /// What changed symbols use that is still there.
    async fn callees(
        &self,
        sides: &Sides<'_>,
        files: &impl Files,
        touched: &[Touched],
    ) -> Result<Vec<Relation>, StageError> {
        let graph = &sides.after.snapshot.graph;
        let mut candidates: BTreeMap<u32, Vec<(&str, &Touched, f64)>> = BTreeMap::new();
        for touched in touched.iter().filter(|touched| touched.symbol.status != SymbolStatus::Removed) {
            let Some(source) = sides.after.file(&touched.symbol.file) else { continue };
            for used in &touched.uses {
                let Some(name) = position(&graph.names, used) else { continue };
                let sure = |&file: &u32| confidence(graph, source, file).map(|sure| (sure, std::cmp::Reverse(file)));
                let best = graph.definers(name).iter().filter_map(sure);
                if let Some((sure, file)) =
                    best.max_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)))
                {
                    candidates.entry(file.0).or_default().push((used, touched, sure));
                }
            }
        }
        let strength = |ties: &[(&str, &Touched, f64)]| ties.iter().map(|tie| tie.2).fold(0.0, f64::max);
        let wanted = surest_by(candidates.iter().map(|(&file, ties)| (file, strength(ties), ties.len())));
        let tags = self.tags_of(sides.after, files, &wanted).await?;
        let mut callees = vec![];
        for (file, tags) in wanted.iter().zip(&tags) {
            let places = first_places(tags);
            for &(used, touched, confidence) in &candidates[file] {
                let Some(&index) = places.get(used) else { continue };
                let path = path(sides.after, *file);
                // A function that calls itself tells nothing.
                if path == touched.symbol.file && tags.definitions.name_line[index] == touched.symbol.line {
                    continue;
                }
                callees.push(relation(touched, path, tags, Some(index), tags.definitions.name_line[index], confidence));
            }
        }
        Ok(callees)
    }
}

/// The files that may refer to a symbol: those that refer to its name, with an edge to its file.
fn push_candidates<'a>(sides: &Sides<'_>, touched: &'a Touched, candidates: &mut Candidates<'a>) {
    // Who used what is gone, only the graph of before knows.
    let is_gone = touched.symbol.status == SymbolStatus::Removed;
    let side = sides.before.filter(|_| is_gone).unwrap_or(sides.after);
    let graph = &side.snapshot.graph;
    let own_path = if is_gone { sides.then(&touched.symbol.file) } else { &touched.symbol.file };
    let (Some(target), Some(name)) = (side.file(own_path), position(&graph.names, &touched.name)) else { return };
    for (source, _) in graph.referencers(name) {
        let sure = confidence(graph, source, target).filter(|&sure| sure >= LEAST_CONFIDENCE);
        let Some(sure) = sure else { continue };
        let file = if is_gone { sides.after.file(sides.now(path(side, source))) } else { Some(source) };
        if let Some(file) = file {
            candidates.entry(file).or_default().push((touched, sure));
        }
    }
}

/// The definitions in a file that refer to symbols.
fn callers_in(sides: &Sides<'_>, file: u32, tags: &Tags, ties: &[(&Touched, f64)]) -> Vec<Relation> {
    let own_path = path(sides.after, file);
    let mut by_name: BTreeMap<&str, Vec<&(&Touched, f64)>> = BTreeMap::new();
    ties.iter().for_each(|tie| by_name.entry(&tie.0.name).or_default().push(tie));
    let mut seen = BTreeSet::new();
    let mut found = vec![];
    let r = &tags.references;
    for at in 0..r.name.len() {
        let Some(ties) = by_name.get(tags.name(r.name[at])) else { continue };
        let scope = (r.scope[at] as usize).checked_sub(1);
        // Who imports a name and does not use it is no caller.
        if scope.is_none() && tags.imports.line.binary_search(&r.line[at]).is_ok() {
            continue;
        }
        for (touched, confidence) in ties.iter().copied() {
            let (first, last) = touched.lines;
            let is_inside = touched.symbol.status != SymbolStatus::Removed
                && touched.symbol.file == own_path
                && (first..=last).contains(&r.line[at]);
            if !is_inside && seen.insert((scope, &touched.symbol.name, &touched.symbol.file)) {
                found.push(relation(touched, own_path, tags, scope, r.line[at], *confidence));
            }
        }
    }
    found
}

/// The test files with an edge to a changed file, whether or not a definition in it changed, and what of the change they
/// name.
fn touching_tests(
    sides: &Sides<'_>,
    change: &Change<'_>,
    mut named: BTreeMap<u32, Vec<Relation>>,
) -> Vec<TouchingTest> {
    let graph = &sides.after.snapshot.graph;
    let paths = change.files.iter().filter_map(ChangedFile::after);
    let changed: BTreeSet<u32> = paths.filter_map(|path| sides.after.file(path)).collect();
    let mut tests = vec![];
    for file in (0..graph.files.len() as u32).filter(|&file| is_test(graph, file)) {
        let row = edges_of(graph, file);
        let to_changed = row.filter(|&edge| changed.contains(&graph.edge_target[edge]));
        let edge = to_changed.map(|edge| graph.edge_confidence[edge]).fold(0.0, f64::max);
        let mut relations = named.remove(&file).unwrap_or_default();
        // What a changed test says of itself is the change, not a test of it.
        relations.retain(|relation| relation.symbol_file != path(sides.after, file));
        if edge < LEAST_CONFIDENCE && relations.is_empty() {
            continue;
        }
        let symbols: BTreeSet<String> = relations.iter().map(|relation| relation.symbol.clone()).collect();
        tests.push(TouchingTest {
            file: path(sides.after, file).to_owned(),
            line: relations.iter().map(|relation| relation.line).min(),
            symbols: symbols.into_iter().collect(),
            confidence: relations.iter().map(|relation| relation.confidence).fold(edge, f64::max),
            is_changed: changed.contains(&file),
        });
    }
    tests.sort_by(|one, other| {
        let by_names = other.symbols.len().cmp(&one.symbols.len());
        by_names.then(other.confidence.total_cmp(&one.confidence)).then_with(|| one.file.cmp(&other.file))
    });
    tests
}

fn relation(touched: &Touched, path: &str, tags: &Tags, index: Option<usize>, line: u32, confidence: f64) -> Relation {
    Relation {
        file: path.to_owned(),
        line,
        name: index.map(|index| tags.qualified_name(index)),
        kind: index.map(|index| tags.definitions.types[index]),
        signature: index.map_or_else(String::new, |index| signature(tags, index)),
        symbol: touched.symbol.name.clone(),
        symbol_file: touched.symbol.file.clone(),
        confidence,
    }
}

/// Those outside the change first, then the surest; ties by path, line and symbol.
fn in_order(mut relations: Vec<Relation>, changed: &BTreeSet<(&str, &str)>) -> Vec<Relation> {
    let is_known = |relation: &Relation| {
        relation.name.as_deref().is_some_and(|name| changed.contains(&(relation.file.as_str(), name)))
    };
    relations.sort_by(|one, other| {
        is_known(one)
            .cmp(&is_known(other))
            .then(other.confidence.total_cmp(&one.confidence))
            .then_with(|| one.file.cmp(&other.file))
            .then(one.line.cmp(&other.line))
            .then_with(|| one.symbol.cmp(&other.symbol))
    });
    relations
}

/// Where the first definition of each name is; a block of implementations defines none.
fn first_places(tags: &Tags) -> BTreeMap<&str, usize> {
    let d = &tags.definitions;
    let defines = |index: &usize| d.types[*index] != DefinitionType::Implementation;
    (0..d.name.len()).rev().filter(defines).map(|index| (tags.name(d.name[index]), index)).collect()
}

fn surest<'a>(candidates: impl Iterator<Item = (u32, &'a Vec<(&'a Touched, f64)>)>) -> Vec<u32> {
    surest_by(candidates.map(|(file, ties)| (file, ties.iter().map(|tie| tie.1).fold(0.0, f64::max), ties.len())))
}

/// The files with the surest ties, then with most of them, ascending.
fn surest_by(candidates: impl Iterator<Item = (u32, f64, usize)>) -> Vec<u32> {
    let mut candidates: Vec<_> = candidates.collect();
    candidates.sort_by(|one, other| other.1.total_cmp(&one.1).then(other.2.cmp(&one.2)).then(one.0.cmp(&other.0)));
    let mut files: Vec<u32> = candidates.into_iter().take(MOST_FILES).map(|(file, ..)| file).collect();
    files.sort_unstable();
    files
}

fn path(indexed: &Indexed, file: u32) -> &str {
    indexed.snapshot.graph.files.get(file as usize).unwrap_or_default()
}

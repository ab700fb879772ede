//! A repository's graph. Fields mean what `wit/types/repository.wit` says.

use serde::{Deserialize, Serialize};

use crate::Strings;

/// What kind of file it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/repository.wit")]
pub struct FileMarks {
    pub test: bool,
    pub vendored: bool,
    pub generated: bool,
    pub minified: bool,
    pub fixture: bool,
    pub document: bool,
}

/// Bounds of an edge's weight: sums and shares of such weights are numbers, however many there are.
const LEAST_WEIGHT: f64 = 1e-100;
const GREATEST_WEIGHT: f64 = 1e100;

/// Files, names, who defines and who references which name, and one weighted edge for each pair of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/types/repository.wit")]
pub struct RepositoryGraph {
    pub files: Strings,
    pub file_family: Vec<u32>,
    pub families: Strings,
    pub file_lines: Vec<u32>,
    pub file_marks: Vec<FileMarks>,
    pub names: Strings,
    pub definition_ends: Vec<u32>,
    pub definition_file: Vec<u32>,
    pub reference_ends: Vec<u32>,
    pub reference_file: Vec<u32>,
    pub reference_count: Vec<u32>,
    pub unresolved_references: u64,
    pub words: Strings,
    pub word_ends: Vec<u32>,
    pub word_file: Vec<u32>,
    pub edge_source: Vec<u32>,
    pub edge_target: Vec<u32>,
    pub edge_weight: Vec<f64>,
    pub edge_confidence: Vec<f64>,
}

/// Which columns of a graph are meant, besides those of its files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GraphParts {
    /// Names, and who defines and references them.
    pub names: bool,
    /// Words, and which files contain them.
    pub words: bool,
    /// Pairs of files.
    pub edges: bool,
}

impl GraphParts {
    /// Files and edges alone.
    pub const EDGES: Self = Self { names: false, words: false, edges: true };
}

impl RepositoryGraph {
    /// A copy that has these columns alone, all others empty.
    #[must_use]
    pub fn with_only(&self, parts: GraphParts) -> Self {
        let mut copy = Self {
            files: self.files.clone(),
            file_family: self.file_family.clone(),
            families: self.families.clone(),
            file_lines: self.file_lines.clone(),
            file_marks: self.file_marks.clone(),
            ..Self::default()
        };
        if parts.names {
            copy.names = self.names.clone();
            copy.definition_ends = self.definition_ends.clone();
            copy.definition_file = self.definition_file.clone();
            copy.reference_ends = self.reference_ends.clone();
            copy.reference_file = self.reference_file.clone();
            copy.reference_count = self.reference_count.clone();
            copy.unresolved_references = self.unresolved_references;
        }
        if parts.words {
            copy.words = self.words.clone();
            copy.word_ends = self.word_ends.clone();
            copy.word_file = self.word_file.clone();
        }
        if parts.edges {
            copy.edge_source = self.edge_source.clone();
            copy.edge_target = self.edge_target.clone();
            copy.edge_weight = self.edge_weight.clone();
            copy.edge_confidence = self.edge_confidence.clone();
        }
        copy
    }

    /// The files that define name `name`.
    pub fn definers(&self, name: usize) -> &[u32] {
        part(&self.definition_file, &self.definition_ends, name)
    }

    /// The files that reference name `name`, and how often each does.
    pub fn referencers(&self, name: usize) -> impl Iterator<Item = (u32, u32)> {
        let files = part(&self.reference_file, &self.reference_ends, name);
        let counts = part(&self.reference_count, &self.reference_ends, name);
        files.iter().copied().zip(counts.iter().copied())
    }

    /// The files that contain word `word`.
    pub fn containers(&self, word: usize) -> &[u32] {
        part(&self.word_file, &self.word_ends, word)
    }

    /// The pairs of files: source, target, weight.
    pub fn edges(&self) -> impl Iterator<Item = (u32, u32, f64)> {
        let pairs = self.edge_source.iter().copied().zip(self.edge_target.iter().copied());
        pairs.zip(&self.edge_weight).map(|((source, target), &weight)| (source, target, weight))
    }

    /// What is wrong with the columns, if anything: readers rely on there being nothing.
    pub fn fault(&self) -> Option<&'static str> {
        // Each check may rely on those before it.
        self.strings_fault()
            .or_else(|| self.files_fault())
            .or_else(|| self.definitions_fault())
            .or_else(|| self.references_fault())
            .or_else(|| self.words_fault())
            .or_else(|| self.edges_fault())
    }

    fn strings_fault(&self) -> Option<&'static str> {
        let ascending = |strings: &Strings| strings.iter().is_sorted_by(|one, next| one < next);
        first_fault(&[
            (self.files.is_sound(), "files: ends do not fit the text"),
            (self.names.is_sound(), "names: ends do not fit the text"),
            (self.families.is_sound(), "families: ends do not fit the text"),
            (self.words.is_sound(), "words: ends do not fit the text"),
            (ascending(&self.files), "files: not in ascending order"),
            (ascending(&self.names), "names: not in ascending order"),
            (ascending(&self.families), "families: not in ascending order"),
            (ascending(&self.words), "words: not in ascending order"),
        ])
    }

    fn files_fault(&self) -> Option<&'static str> {
        let files = self.files.len();
        let is_family = |&family: &u32| (family as usize) < self.families.len();
        first_fault(&[
            (self.file_family.len() == files, "file-family: not one for each file"),
            (self.file_family.iter().all(is_family), "file-family: not a family"),
            (self.file_lines.len() == files, "file-lines: not one for each file"),
            (self.file_marks.len() == files, "file-marks: not one for each file"),
        ])
    }

    fn definitions_fault(&self) -> Option<&'static str> {
        let (ends, column) = (&self.definition_ends, &self.definition_file);
        first_fault(&[
            (ends.len() == self.names.len(), "definition-ends: not one for each name"),
            (fits(ends, column.len()), "definition-ends: do not fit definition-file"),
            (self.inside(column), "definition-file: not a file"),
            (parts(ends).all(|(start, end)| start < end), "definition-ends: a name that no file defines"),
            (parts_ascend(column, ends), "definition-file: not in ascending order"),
        ])
    }

    fn references_fault(&self) -> Option<&'static str> {
        let (ends, column) = (&self.reference_ends, &self.reference_file);
        first_fault(&[
            (ends.len() == self.names.len(), "reference-ends: not one for each name"),
            (fits(ends, column.len()), "reference-ends: do not fit reference-file"),
            (self.inside(column), "reference-file: not a file"),
            (parts_ascend(column, ends), "reference-file: not in ascending order"),
            (self.reference_count.len() == column.len(), "reference-count: not one for each reference-file"),
            (!self.reference_count.contains(&0), "reference-count: no reference at all"),
        ])
    }

    fn words_fault(&self) -> Option<&'static str> {
        let (ends, column) = (&self.word_ends, &self.word_file);
        first_fault(&[
            (ends.len() == self.words.len(), "word-ends: not one for each word"),
            (fits(ends, column.len()), "word-ends: do not fit word-file"),
            (self.inside(column), "word-file: not a file"),
            (parts(ends).all(|(start, end)| start < end), "word-ends: a word that no file contains"),
            (parts_ascend(column, ends), "word-file: not in ascending order"),
        ])
    }

    fn edges_fault(&self) -> Option<&'static str> {
        let (source, target, weight) = (&self.edge_source, &self.edge_target, &self.edge_weight);
        let confidence = &self.edge_confidence;
        let pairs = || source.iter().zip(target);
        // One number for each pair, to be compared at once.
        let numbers = || pairs().map(|(&source, &target)| u64::from(source) << 32 | u64::from(target));
        let is_weight = |weight: &f64| (LEAST_WEIGHT..=GREATEST_WEIGHT).contains(weight);
        let is_confidence = |&sure: &f64| sure > 0.0 && sure <= 1.0;
        first_fault(&[
            (source.len() == target.len(), "edge-target: not one for each edge-source"),
            (source.len() == weight.len(), "edge-weight: not one for each edge-source"),
            (source.len() == confidence.len(), "edge-confidence: not one for each edge-source"),
            (self.inside(source), "edge-source: not a file"),
            (self.inside(target), "edge-target: not a file"),
            (
                all(numbers().zip(numbers().skip(1)), |(one, next)| one < next),
                "edge-source, edge-target: not in ascending order",
            ),
            (all(pairs(), |(source, target)| source != target), "edge-target: a file that points to itself"),
            (all(weight.iter(), is_weight), "edge-weight: not from 1e-100 to 1e100"),
            (all(confidence.iter(), is_confidence), "edge-confidence: not above 0 and at most 1"),
        ])
    }

    /// Whether every entry of a column is a file.
    fn inside(&self, column: &[u32]) -> bool {
        all(column.iter(), |&file| (file as usize) < self.files.len())
    }
}

/// Whether all hold. Nearly always they do: without a way out a column is compared many entries at a time.
fn all<T>(entries: impl Iterator<Item = T>, holds: impl Fn(T) -> bool) -> bool {
    entries.fold(true, |all, entry| all & holds(entry))
}

pub(crate) fn first_fault(checks: &[(bool, &'static str)]) -> Option<&'static str> {
    checks.iter().find(|(sound, _)| !sound).map(|(_, fault)| *fault)
}

/// Where the parts of a column that is cut at `ends` start and end.
pub(crate) fn parts(ends: &[u32]) -> impl Iterator<Item = (usize, usize)> {
    let starts = std::iter::once(0).chain(ends.iter().copied());
    starts.zip(ends).map(|(start, &end)| (start as usize, end as usize))
}

/// Whether the parts cover a column of `length` entries, in order.
pub(crate) fn fits(ends: &[u32], length: usize) -> bool {
    ends.is_sorted() && ends.last().map_or(0, |&last| last as usize) == length
}

/// Whether the entries of each part ascend, each once.
pub(crate) fn parts_ascend(column: &[u32], ends: &[u32]) -> bool {
    parts(ends).all(|(start, end)| column.get(start..end).unwrap_or_default().is_sorted_by(|one, next| one < next))
}

/// Part `index` of a column that is cut at `ends`.
pub(crate) fn part<'a, T>(column: &'a [T], ends: &[u32], index: usize) -> &'a [T] {
    let start = index.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |&end| end as usize);
    let end = ends.get(index).map_or(start, |&end| end as usize);
    column.get(start..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a.py` and `b.py` define `run`, `b.py` defines `stop`; `b.py` and `c.py` reference `run`.
    fn sound() -> RepositoryGraph {
        RepositoryGraph {
            files: ["a.py", "b.py", "c.py"].iter().collect(),
            file_family: vec![0; 3],
            families: ["python"].iter().collect(),
            file_lines: vec![1; 3],
            file_marks: vec![FileMarks::default(); 3],
            names: ["run", "stop"].iter().collect(),
            definition_ends: vec![2, 3],
            definition_file: vec![0, 1, 1],
            reference_ends: vec![2, 2],
            reference_file: vec![1, 2],
            reference_count: vec![4, 1],
            unresolved_references: 0,
            words: ["run", "stop"].iter().collect(),
            word_ends: vec![3, 4],
            word_file: vec![0, 1, 2, 1],
            edge_source: vec![1, 2, 2],
            edge_target: vec![0, 0, 1],
            edge_weight: vec![1.0, 0.5, 0.5],
            edge_confidence: vec![1.0, 0.5, 0.5],
        }
    }

    #[test]
    fn a_names_files_are_its_part_of_the_columns() {
        let graph = sound();
        assert_eq!(graph.fault(), None);
        assert_eq!(RepositoryGraph::default().fault(), None);
        assert_eq!((graph.definers(0), graph.definers(1), graph.definers(2)), (&[0, 1][..], &[1][..], &[][..]));
        assert_eq!(graph.referencers(0).collect::<Vec<_>>(), [(1, 4), (2, 1)]);
        assert_eq!(graph.referencers(1).count(), 0);
        assert_eq!(graph.edges().last(), Some((2, 1, 0.5)));
    }

    #[test]
    fn every_contradiction_is_noticed() {
        type Spoil = fn(&mut RepositoryGraph);
        let faults: &[(&str, Spoil)] = &[
            ("files: ends", |graph| graph.files.ends[2] = 11),
            ("names: ends", |graph| graph.names.text.push('x')),
            ("files: not in", |graph| graph.files = ["b.py", "a.py", "c.py"].iter().collect()),
            ("names: not in", |graph| graph.names = ["run", "run"].iter().collect()),
            ("families: ends", |graph| graph.families.ends[0] = 2),
            ("words: ends", |graph| graph.words.ends[0] = 9),
            ("families: not in", |graph| graph.families = ["b", "a"].iter().collect()),
            ("words: not in", |graph| graph.words = ["stop", "run"].iter().collect()),
            ("file-family: not one", |graph| graph.file_family.truncate(2)),
            ("file-family: not a family", |graph| graph.file_family[1] = 1),
            ("file-lines: not one", |graph| graph.file_lines.push(1)),
            ("file-marks: not one", |graph| graph.file_marks.truncate(1)),
            ("word-ends: not one", |graph| graph.word_ends.push(4)),
            ("word-ends: do not fit", |graph| graph.word_ends[1] = 5),
            ("word-file: not a file", |graph| graph.word_file[0] = 3),
            ("word-ends: a word", |graph| graph.word_ends[0] = 4),
            ("word-file: not in", |graph| graph.word_file.swap(0, 1)),
            ("definition-ends: not one", |graph| graph.definition_ends.push(3)),
            ("definition-ends: do not fit", |graph| graph.definition_ends[1] = 4),
            ("definition-ends: do not fit", |graph| graph.definition_ends[0] = 9),
            ("definition-ends: a name", |graph| graph.definition_ends[0] = 3),
            ("definition-file: not a file", |graph| graph.definition_file[1] = 3),
            ("definition-file: not in", |graph| graph.definition_file[1] = 0),
            ("reference-ends: not one", |graph| graph.reference_ends.truncate(1)),
            ("reference-ends: do not fit", |graph| graph.reference_file.push(2)),
            ("reference-file: not a file", |graph| graph.reference_file[1] = 7),
            ("reference-file: not in", |graph| graph.reference_file.swap(0, 1)),
            ("reference-count: not one", |graph| graph.reference_count.push(1)),
            ("reference-count: no reference", |graph| graph.reference_count[0] = 0),
            ("edge-target: not one", |graph| graph.edge_target.push(1)),
            ("edge-confidence: not one", |graph| graph.edge_confidence.truncate(1)),
            ("edge-confidence: not above", |graph| graph.edge_confidence[0] = 1.5),
            ("edge-weight: not one", |graph| graph.edge_weight.truncate(1)),
            ("edge-source: not a file", |graph| graph.edge_source[2] = 3),
            ("edge-target: not a file", |graph| graph.edge_target[2] = 3),
            ("edge-source, edge-target: not in", |graph| graph.edge_target.swap(1, 2)),
            ("edge-target: a file that points", |graph| graph.edge_target[2] = 2),
            ("edge-weight: not from", |graph| graph.edge_weight[0] = f64::NAN),
            ("edge-weight: not from", |graph| graph.edge_weight[0] = 0.0),
            ("edge-weight: not from", |graph| graph.edge_weight[0] = 1e-300),
            ("edge-weight: not from", |graph| graph.edge_weight[0] = f64::INFINITY),
        ];
        for (expected, spoil) in faults {
            let mut graph = sound();
            spoil(&mut graph);
            let fault = graph.fault().unwrap_or("nothing");
            assert!(fault.starts_with(expected), "expected {expected:?}, found {fault:?}");
        }
    }
}

//! What a graph is updated from, beside itself. Fields mean what `wit/graph/graph.wit` says.

use serde::{Deserialize, Serialize};

use crate::{
    RepositoryGraph, Strings,
    graph::{first_fault, fits, part, parts, parts_ascend},
};

/// What the graph leaves out of the names of its files: names that no file defines, exports, imports.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/graph/graph.wit")]
pub struct Ledger {
    pub names: Strings,
    pub reference_ends: Vec<u32>,
    pub reference_file: Vec<u32>,
    pub reference_count: Vec<u32>,
    pub export_ends: Vec<u32>,
    pub export_file: Vec<u32>,
    pub import_ends: Vec<u32>,
    pub import_path: Strings,
    pub import_name: Strings,
}

/// A graph, and what it can be updated from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "documented in wit/graph/graph.wit")]
pub struct Built {
    pub graph: RepositoryGraph,
    pub ledger: Ledger,
}

impl Ledger {
    /// The files that reference name `name` of the ledger, and how often each does.
    pub fn referencers(&self, name: usize) -> impl Iterator<Item = (u32, u32)> {
        let files = part(&self.reference_file, &self.reference_ends, name);
        let counts = part(&self.reference_count, &self.reference_ends, name);
        files.iter().copied().zip(counts.iter().copied())
    }

    /// The files that export a name: one of the graph's or, counted on from those, of the ledger's.
    pub fn exporters(&self, name: usize) -> &[u32] {
        part(&self.export_file, &self.export_ends, name)
    }

    /// What a file imports: modules and the names taken from them.
    pub fn imports(&self, file: u32) -> impl Iterator<Item = (&str, &str)> {
        let file = file as usize;
        let end = self.import_ends.get(file).map_or(0, |&end| end as usize);
        let start = file.checked_sub(1).and_then(|before| self.import_ends.get(before)).map_or(0, |&end| end as usize);
        (start..end)
            .map(|at| (self.import_path.get(at).unwrap_or_default(), self.import_name.get(at).unwrap_or_default()))
    }

    /// What is wrong with the columns, beside those of a sound graph, if anything.
    pub fn fault(&self, graph: &RepositoryGraph) -> Option<&'static str> {
        let files = graph.files.len();
        let inside = |column: &[u32]| column.iter().all(|&file| (file as usize) < files);
        let (references, exports) = (&self.reference_file, &self.export_file);
        let sum = || self.reference_count.iter().map(|&count| u64::from(count)).sum::<u64>();
        // Each check may rely on those before it.
        let strings = first_fault(&[
            (self.names.is_sound(), "ledger: names: ends do not fit the text"),
            (self.import_path.is_sound(), "ledger: import-path: ends do not fit the text"),
            (self.import_name.is_sound(), "ledger: import-name: ends do not fit the text"),
            (self.names.iter().is_sorted_by(|one, next| one < next), "ledger: names: not in ascending order"),
        ]);
        let references_fault = || {
            first_fault(&[
                (self.reference_ends.len() == self.names.len(), "ledger: reference-ends: not one for each name"),
                (fits(&self.reference_ends, references.len()), "ledger: reference-ends: do not fit reference-file"),
                (inside(references), "ledger: reference-file: not a file"),
                (parts_ascend(references, &self.reference_ends), "ledger: reference-file: not in ascending order"),
                (self.reference_count.len() == references.len(), "ledger: reference-count: not one for each file"),
                (!self.reference_count.contains(&0), "ledger: reference-count: no reference at all"),
                (sum() == graph.unresolved_references, "ledger: reference-count: not the graph's sum"),
            ])
        };
        let names = graph.names.len() + self.names.len();
        let rest = || {
            first_fault(&[
                (self.export_ends.len() == names, "ledger: export-ends: not one for each name"),
                (fits(&self.export_ends, exports.len()), "ledger: export-ends: do not fit export-file"),
                (inside(exports), "ledger: export-file: not a file"),
                (parts_ascend(exports, &self.export_ends), "ledger: export-file: not in ascending order"),
                (self.import_ends.len() == files, "ledger: import-ends: not one for each file"),
                (fits(&self.import_ends, self.import_path.len()), "ledger: import-ends: do not fit import-path"),
                (self.import_name.len() == self.import_path.len(), "ledger: import-name: not one for each import-path"),
                (self.is_used(graph.names.len()), "ledger: names: one that no file uses"),
                (self.is_apart(graph), "ledger: names: one that the graph has"),
            ])
        };
        strings.or_else(references_fault).or_else(rest)
    }

    /// Whether some file references or exports each name. `before` names come before those of the ledger.
    fn is_used(&self, before: usize) -> bool {
        let exports = parts(&self.export_ends).skip(before);
        parts(&self.reference_ends)
            .zip(exports)
            .all(|(references, exports)| references.0 < references.1 || exports.0 < exports.1)
    }

    /// Whether no name is one of the graph's. Both are sorted.
    fn is_apart(&self, graph: &RepositoryGraph) -> bool {
        let mut others = graph.names.iter().peekable();
        self.names.iter().all(|name| {
            while others.next_if(|other| *other < name).is_some() {}
            others.peek() != Some(&name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `a.py` defines and exports `run` and imports `b`; `b.py` references `print` three times and exports `stop`.
    fn sound() -> Built {
        let graph = RepositoryGraph {
            files: ["a.py", "b.py"].iter().collect(),
            names: ["run"].iter().collect(),
            unresolved_references: 3,
            ..RepositoryGraph::default()
        };
        let ledger = Ledger {
            names: ["print", "stop"].iter().collect(),
            reference_ends: vec![1, 1],
            reference_file: vec![1],
            reference_count: vec![3],
            export_ends: vec![1, 1, 2],
            export_file: vec![0, 1],
            import_ends: vec![1, 1],
            import_path: ["b"].iter().collect(),
            import_name: [""].iter().collect(),
        };
        Built { graph, ledger }
    }

    #[test]
    fn a_names_files_and_a_files_imports_are_their_parts_of_the_columns() {
        let Built { graph, ledger } = sound();
        assert_eq!(ledger.fault(&graph), None);
        assert_eq!(Ledger::default().fault(&RepositoryGraph::default()), None);
        assert_eq!(ledger.referencers(0).collect::<Vec<_>>(), [(1, 3)]);
        assert_eq!((ledger.exporters(0), ledger.exporters(1), ledger.exporters(2)), (&[0][..], &[][..], &[1][..]));
        assert_eq!((ledger.imports(0).collect::<Vec<_>>(), ledger.imports(1).count()), (vec![("b", "")], 0));
    }

    #[test]
    fn every_contradiction_is_noticed() {
        type Spoil = fn(&mut Ledger);
        let faults: &[(&str, Spoil)] = &[
            ("names: ends", |ledger| ledger.names.ends[0] = 20),
            ("import-path: ends", |ledger| ledger.import_path.ends[0] = 2),
            ("import-name: ends", |ledger| ledger.import_name.text.push('x')),
            ("names: not in", |ledger| ledger.names = ["stop", "print"].iter().collect()),
            ("reference-ends: not one", |ledger| ledger.reference_ends.truncate(1)),
            ("reference-ends: do not fit", |ledger| ledger.reference_ends[1] = 2),
            ("reference-file: not a file", |ledger| ledger.reference_file[0] = 2),
            ("reference-file: not in", |ledger| {
                ledger.reference_file = vec![1, 1];
                ledger.reference_ends = vec![2, 2];
            }),
            ("reference-count: not one", |ledger| ledger.reference_count.push(1)),
            ("reference-count: no reference", |ledger| ledger.reference_count[0] = 0),
            ("reference-count: not the graph's", |ledger| ledger.reference_count[0] = 2),
            ("export-ends: not one", |ledger| ledger.export_ends.truncate(2)),
            ("export-ends: do not fit", |ledger| ledger.export_ends[2] = 1),
            ("export-file: not a file", |ledger| ledger.export_file[0] = 2),
            ("export-file: not in", |ledger| ledger.export_ends = vec![2, 2, 2]),
            ("import-ends: not one", |ledger| ledger.import_ends.truncate(1)),
            ("import-ends: do not fit", |ledger| ledger.import_ends[1] = 2),
            ("import-name: not one", |ledger| ledger.import_name.ends.push(0)),
            ("names: one that no file", |ledger| ledger.export_ends[1] = 2),
            ("names: one that the graph", |ledger| ledger.names = ["run", "stop"].iter().collect()),
        ];
        for (expected, spoil) in faults {
            let Built { graph, mut ledger } = sound();
            if *expected == "export-file: not in" {
                ledger.export_file.reverse();
            }
            spoil(&mut ledger);
            let fault = ledger.fault(&graph).unwrap_or("nothing");
            assert!(fault.starts_with(&format!("ledger: {expected}")), "expected {expected:?}, found {fault:?}");
        }
    }
}

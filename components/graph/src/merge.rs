//! The names of unchanged files and those of changed ones, made one.

use std::ops::Range;

use astlas_model::{Built, Ledger, RepositoryGraph, Strings};

use crate::names::Names;

/// What a name of now was before: no name of the graph.
pub const NEW: u32 = u32::MAX;

/// Names and who uses them after a change.
#[derive(Default)]
pub struct Merged {
    /// Its names, definitions and references.
    pub graph: RepositoryGraph,
    /// All but its imports.
    pub ledger: Ledger,
    /// For each of the graph's names the number it had, or [`NEW`].
    pub was: Vec<u32>,
    /// Files that reference a name which the graph had and has no more.
    pub lost: Vec<u32>,
    outside_export_ends: Vec<u32>,
    outside_export_file: Vec<u32>,
}

/// Who uses one name.
#[derive(Default)]
struct Uses {
    definitions: Vec<u32>,
    references: Vec<(u32, u32)>,
    exports: Vec<u32>,
}

/// Merges name by name, in order; names that only unchanged files use are copied many at once. `kept` says which number
/// each file of before has now, if it is as it was.
pub fn merge(before: &Built, kept: &[Option<u32>], fresh: &Names<'_>) -> Merged {
    let Built { graph, ledger } = before;
    let mut merged = Merged::with_room_for(before, fresh);
    let still = |file: &u32| kept[*file as usize];
    let still_counted = |(file, count): (u32, u32)| kept[file as usize].map(|file| (file, count));
    let is_gone = |file: &u32| kept[*file as usize].is_none();
    let of_gone = Touched::new(before, is_gone);
    let mut uses = Uses::default();
    let (mut inside, mut outside, mut added) = (0, 0, 0);
    loop {
        let next = [of_gone.inside(graph, inside), of_gone.outside(ledger, outside), fresh.sorted.get(added).copied()];
        let next = next.into_iter().flatten().min();
        let first_from = |names: &Strings| next.map_or(names.len(), |next| names.partition_point(|name| name < next));
        let (inside_end, outside_end) = (first_from(&graph.names), first_from(&ledger.names));
        merged.copy_inside(before, inside..inside_end, kept);
        merged.copy_outside(before, outside..outside_end, kept);
        (inside, outside) = (inside_end, outside_end);

        let names = [graph.names.get(inside), ledger.names.get(outside), fresh.sorted.get(added).copied()];
        let Some(name) = names.iter().flatten().min() else { break };
        let [is_inside, is_outside, is_added] = names.map(|other| other == Some(name));
        let mut was = NEW;
        if is_inside {
            was = inside as u32;
            uses.definitions.extend(graph.definers(inside).iter().filter_map(still));
            uses.references.extend(graph.referencers(inside).filter_map(still_counted));
            uses.exports.extend(ledger.exporters(inside).iter().filter_map(still));
            inside += 1;
        }
        if is_outside {
            uses.references.extend(ledger.referencers(outside).filter_map(still_counted));
            uses.exports.extend(ledger.exporters(graph.names.len() + outside).iter().filter_map(still));
            outside += 1;
        }
        if is_added {
            uses.definitions.extend(fresh.definitions.of(added).map(|(file, _)| file));
            uses.references.extend(fresh.references.of(added));
            uses.exports.extend(fresh.exports.of(added).map(|(file, _)| file));
            uses.definitions.sort_unstable();
            uses.references.sort_unstable();
            uses.exports.sort_unstable();
            added += 1;
        }
        merged.push(name, was, &uses);
        uses.clear();
    }
    merged.finished()
}

/// Names of before that a file uses which is gone or changed; ascending.
struct Touched {
    inside: Vec<usize>,
    outside: Vec<usize>,
}

impl Touched {
    fn new(Built { graph, ledger }: &Built, is_gone: impl Fn(&u32) -> bool) -> Self {
        let names = graph.names.len();
        let exported = |name: usize| ledger.exporters(name).iter().any(&is_gone);
        let inside = |name: &usize| {
            graph.definers(*name).iter().any(&is_gone)
                || graph.referencers(*name).any(|(file, _)| is_gone(&file))
                || exported(*name)
        };
        let outside =
            |name: &usize| ledger.referencers(*name).any(|(file, _)| is_gone(&file)) || exported(names + *name);
        Self { inside: (0..names).filter(inside).collect(), outside: (0..ledger.names.len()).filter(outside).collect() }
    }

    /// The first of the graph's from number `from` on.
    fn inside<'a>(&self, graph: &'a RepositoryGraph, from: usize) -> Option<&'a str> {
        first_from(&self.inside, from).and_then(|name| graph.names.get(name))
    }

    /// The first of the ledger's from number `from` on.
    fn outside<'a>(&self, ledger: &'a Ledger, from: usize) -> Option<&'a str> {
        first_from(&self.outside, from).and_then(|name| ledger.names.get(name))
    }
}

fn first_from(numbers: &[usize], from: usize) -> Option<usize> {
    numbers.get(numbers.partition_point(|&number| number < from)).copied()
}

/// Copies parts of a column: each entry as its file's number of now.
fn copy_files(
    ends: &mut Vec<u32>,
    column: &mut Vec<u32>,
    from: (&[u32], &[u32]),
    parts: Range<usize>,
    kept: &[Option<u32>],
) {
    let (from_ends, from_column) = from;
    let start = parts.start.checked_sub(1).map_or(0, |before| from_ends[before]);
    let offset = column.len() as u32;
    ends.extend(from_ends[parts.clone()].iter().map(|end| end - start + offset));
    column.extend(part_of(from_column, from_ends, parts).iter().filter_map(|&file| kept[file as usize]));
}

impl Merged {
    /// Names of the graph that only unchanged files use.
    fn copy_inside(&mut self, before: &Built, names: Range<usize>, kept: &[Option<u32>]) {
        let Built { graph: old, ledger: old_ledger } = before;
        let (graph, ledger) = (&mut self.graph, &mut self.ledger);
        graph.names.extend_from(&old.names, names.clone());
        let definitions = (old.definition_ends.as_slice(), old.definition_file.as_slice());
        copy_files(&mut graph.definition_ends, &mut graph.definition_file, definitions, names.clone(), kept);
        graph.reference_count.extend(part_of(&old.reference_count, &old.reference_ends, names.clone()));
        let references = (old.reference_ends.as_slice(), old.reference_file.as_slice());
        copy_files(&mut graph.reference_ends, &mut graph.reference_file, references, names.clone(), kept);
        let exports = (old_ledger.export_ends.as_slice(), old_ledger.export_file.as_slice());
        copy_files(&mut ledger.export_ends, &mut ledger.export_file, exports, names.clone(), kept);
        self.was.extend(names.map(|name| name as u32));
    }

    /// Names of the ledger that only unchanged files use.
    fn copy_outside(&mut self, before: &Built, names: Range<usize>, kept: &[Option<u32>]) {
        let (old, ledger) = (&before.ledger, &mut self.ledger);
        ledger.names.extend_from(&old.names, names.clone());
        let counts = part_of(&old.reference_count, &old.reference_ends, names.clone());
        self.graph.unresolved_references += counts.iter().copied().map(u64::from).sum::<u64>();
        ledger.reference_count.extend(counts);
        let references = (old.reference_ends.as_slice(), old.reference_file.as_slice());
        copy_files(&mut ledger.reference_ends, &mut ledger.reference_file, references, names.clone(), kept);
        let inside = before.graph.names.len();
        let exports = (old.export_ends.as_slice(), old.export_file.as_slice());
        let names = inside + names.start..inside + names.end;
        copy_files(&mut self.outside_export_ends, &mut self.outside_export_file, exports, names, kept);
    }

    fn with_room_for(before: &Built, fresh: &Names<'_>) -> Self {
        let mut merged = Self::default();
        let (graph, ledger) = (&mut merged.graph, &mut merged.ledger);
        graph.names.text.reserve(before.graph.names.text.len());
        graph.definition_file.reserve(before.graph.definition_file.len() + fresh.definitions.file.len());
        graph.reference_file.reserve(before.graph.reference_file.len());
        graph.reference_count.reserve(before.graph.reference_count.len());
        ledger.reference_file.reserve(before.ledger.reference_file.len());
        ledger.reference_count.reserve(before.ledger.reference_count.len());
        merged
    }

    /// A name that some file defines is the graph's, any other one the ledger's.
    fn push(&mut self, name: &str, was: u32, uses: &Uses) {
        let (graph, ledger) = (&mut self.graph, &mut self.ledger);
        let counts = uses.references.iter().map(|(_, count)| *count);
        let files = uses.references.iter().map(|(file, _)| *file);
        if !uses.definitions.is_empty() {
            graph.names.push(name);
            graph.definition_file.extend(&uses.definitions);
            graph.definition_ends.push(graph.definition_file.len() as u32);
            graph.reference_file.extend(files);
            graph.reference_count.extend(counts);
            graph.reference_ends.push(graph.reference_file.len() as u32);
            ledger.export_file.extend(&uses.exports);
            ledger.export_ends.push(ledger.export_file.len() as u32);
            self.was.push(was);
            return;
        }
        if was != NEW {
            self.lost.extend(files.clone());
        }
        if uses.references.is_empty() && uses.exports.is_empty() {
            return;
        }
        ledger.names.push(name);
        graph.unresolved_references += counts.clone().map(u64::from).sum::<u64>();
        ledger.reference_file.extend(files);
        ledger.reference_count.extend(counts);
        ledger.reference_ends.push(ledger.reference_file.len() as u32);
        self.outside_export_file.extend(&uses.exports);
        self.outside_export_ends.push(self.outside_export_file.len() as u32);
    }

    fn finished(mut self) -> Self {
        let inside = self.ledger.export_file.len() as u32;
        self.ledger.export_file.append(&mut self.outside_export_file);
        self.ledger.export_ends.extend(self.outside_export_ends.drain(..).map(|end| inside + end));
        self
    }
}

/// The entries of these parts of a column.
fn part_of<'a>(column: &'a [u32], ends: &[u32], parts: Range<usize>) -> &'a [u32] {
    let start = parts.start.checked_sub(1).map_or(0, |before| ends[before]);
    let end = parts.last().map_or(start, |last| ends[last]);
    &column[start as usize..end as usize]
}

impl Uses {
    fn clear(&mut self) {
        self.definitions.clear();
        self.references.clear();
        self.exports.clear();
    }
}

//! The names of unchanged files and those of changed ones, made one.

use astlas_model::{Built, Ledger, RepositoryGraph};

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

/// Merges name by name, in order. `kept` says which number each file of before has now, if it is as it was.
pub fn merge(before: &Built, kept: &[Option<u32>], fresh: &Names<'_>) -> Merged {
    let Built { graph, ledger } = before;
    let mut merged = Merged::with_room_for(before, fresh);
    let still = |file: &u32| kept[*file as usize];
    let still_counted = |(file, count): (u32, u32)| kept[file as usize].map(|file| (file, count));
    let mut uses = Uses::default();
    let (mut inside, mut outside, mut added) = (0, 0, 0);
    loop {
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

impl Merged {
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

impl Uses {
    fn clear(&mut self) {
        self.definitions.clear();
        self.references.clear();
        self.exports.clear();
    }
}

//! Which entries the budget buys.
//!
//! The cost of the text is known exactly at every step, because it is the sum of the costs of its lines (see `line`).
//! An entry is taken if the text with it stays within the budget; that includes its scopes, its file's heading, the
//! marks that come and go, and the blank line that the end of the map no longer spares. What is chosen does not depend on
//! the order in which the files are shown: it has to fit in either.

use std::collections::BTreeMap;

use crate::{
    Entries, FileLines, MapOrder, Options, Tokenizer,
    meter::Meter,
    section::{Cost, Section},
    tokens::units_per_token,
};

/// Part of the budget that must be used while there is more to show, in percent.
const ENOUGH: i64 = 97;

/// With that much used, the search for what still fits ends after this many entries that did not: the last few tokens
/// are not worth trying all that is left, which comes late in the order anyway.
const PATIENCE: usize = 1000;

/// What was chosen.
pub struct Filled {
    /// In the order of the text.
    pub sections: Vec<Section>,
    /// By what the costs are counted.
    pub tokenizer: Tokenizer,
    /// Whether every entry was.
    pub complete: bool,
}

/// Goes through the entries in order. Those that do not fit are passed over; at the end their files are named if
/// there is room for that. The columns must be sound.
pub fn fill(files: &[FileLines], entries: &Entries, options: Options) -> Filled {
    let mut filling = Filling::new(files, entries, options);
    let (mut missed, mut in_vain) = (vec![], 0);
    for (&file, &line) in entries.file.iter().zip(&entries.line) {
        if in_vain == PATIENCE {
            break;
        }
        if !filling.add(file as usize, line) {
            missed.push(file as usize);
            in_vain += usize::from(filling.is_nearly_full());
        }
    }
    in_vain = 0;
    for file in missed {
        if in_vain == PATIENCE {
            break;
        }
        if !filling.add(file, 0) {
            in_vain += usize::from(filling.is_nearly_full());
        }
    }
    let complete = entries.file.iter().zip(&entries.line).all(|(&file, &line)| filling.shows(file as usize, line));
    Filled { sections: filling.sections(options.order), tokenizer: options.tokenizer, complete }
}

struct Filling<'a> {
    files: &'a [FileLines],
    meter: Meter<'a>,
    /// Costs are in units of the tokenizer; so is this.
    budget: i64,
    /// For each file the place of its first entry, which is its place by relevance whatever is chosen.
    order: Vec<u32>,
    /// By that place.
    sections: BTreeMap<u32, Section>,
    /// For each file its place by path.
    path_order: Vec<u32>,
    /// The sections by that place: where they stand in `sections`.
    by_path: BTreeMap<u32, u32>,
    /// Of all sections, each with the blank line behind it.
    cost_inside: i64,
}

impl<'a> Filling<'a> {
    fn new(files: &'a [FileLines], entries: &Entries, options: Options) -> Self {
        let mut order = vec![u32::MAX; files.len()];
        for (place, &file) in entries.file.iter().enumerate() {
            let order = &mut order[file as usize];
            *order = (*order).min(place as u32);
        }
        let mut by_path: Vec<usize> = (0..files.len()).collect();
        by_path.sort_by(|&one, &other| files[one].path.cmp(&files[other].path).then(one.cmp(&other)));
        let mut path_order = vec![0; files.len()];
        for (place, file) in (0..).zip(by_path) {
            path_order[file] = place;
        }
        Self {
            files,
            meter: Meter::new(files, options.tokenizer),
            budget: i64::from(options.budget) * units_per_token(options.tokenizer) as i64,
            order,
            sections: BTreeMap::new(),
            path_order,
            by_path: BTreeMap::new(),
            cost_inside: 0,
        }
    }

    /// Cost of the text as it stands, in the order in which it costs more: which section is the last, and spares the
    /// blank line behind it, is all the difference there is.
    fn cost(&self) -> i64 {
        let by_relevance = self.sections.last_key_value().map(|(_, section)| section);
        let by_path = self.by_path.last_key_value().and_then(|(_, place)| self.sections.get(place));
        let spared = by_relevance.into_iter().chain(by_path).map(|section| section.cost().blank).min();
        self.cost_inside - spared.unwrap_or(0)
    }

    /// All sections, in order.
    fn sections(mut self, order: MapOrder) -> Vec<Section> {
        match order {
            MapOrder::Relevance => self.sections.into_values().collect(),
            MapOrder::Path => self.by_path.values().filter_map(|place| self.sections.remove(place)).collect(),
        }
    }

    fn is_nearly_full(&self) -> bool {
        self.cost() * 100 >= self.budget * ENOUGH
    }

    /// Whether an entry is on the map.
    fn shows(&self, file: usize, line: u32) -> bool {
        let section = self.sections.get(&self.order[file]);
        section.is_some_and(|section| line == 0 || section.lines.contains(&(line - 1)))
    }

    /// Shows an entry, or says that it does not fit and changes nothing.
    fn add(&mut self, file: usize, line: u32) -> bool {
        if self.shows(file, line) {
            return true;
        }
        let Some(lines) = self.missing(file, line) else { return false };
        let place = self.order[file];
        let is_new = !self.sections.contains_key(&place);
        let section = self.sections.entry(place).or_insert_with(|| Section::new(file, &mut self.meter));
        let before = section.cost();
        section.insert(&lines, self.files, &mut self.meter);
        self.by_path.insert(self.path_order[file], place);
        self.cost_inside += section.cost().inside() - if is_new { 0 } else { before.inside() };
        if self.cost() <= self.budget {
            return true;
        }
        self.take_back(place, &lines, is_new, before);
        false
    }

    fn take_back(&mut self, place: u32, lines: &[u32], is_new: bool, before: Cost) {
        let Some(section) = self.sections.get_mut(&place) else { return };
        self.cost_inside -= section.cost().inside();
        section.remove(lines, before);
        if is_new {
            self.by_path.remove(&self.path_order[section.file]);
            self.sections.remove(&place);
        } else {
            self.cost_inside += before.inside();
        }
    }

    /// The lines that have to be shown for an entry and are not yet: its own and those of its scopes, first to last.
    /// `None` if it is plain that they cannot fit: no line takes less than one unit. That is seen before any is
    /// counted.
    fn missing(&mut self, file: usize, line: u32) -> Option<Vec<u32>> {
        let place = self.order[file];
        let section = self.sections.get(&place);
        let (own, shown) = section.map_or((0, 0), |section| (section.cost().inside(), section.lines.len()));
        let last_spares = self.sections.last_key_value().filter(|(last, _)| **last > place);
        let others = self.cost_inside - own - last_spares.map_or(0, |(_, last)| last.cost().blank);
        let path = self.meter.path(file);
        let room = self.budget - others - if line == 0 { path.alone } else { path.heading };

        let (mut lines, mut next) = (vec![], line);
        while next > 0 && !section.is_some_and(|section| section.lines.contains(&(next - 1))) {
            lines.push(next - 1);
            if (shown + lines.len()) as i64 > room {
                return None;
            }
            next = self.files[file].scope[next as usize - 1];
        }
        lines.reverse();
        (room >= 0).then_some(lines)
    }
}

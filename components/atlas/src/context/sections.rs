//! Sections of a context and their shares of the budget.
//!
//! | section | share |
//! | --- | --- |
//! | changed | 30% |
//! | new cycles | 5% |
//! | callers | 15% |
//! | callees | 10% |
//! | tests | 10% |
//! | usually changed along | 5% |
//! | map of what is around | 25% |
//!
//! The first of what changed is shown whenever the whole budget has room for it; without it nothing is.
//!
//! What a section does not use goes to those that have more to show, first to last, and what remains to the map. What
//! the map does not use comes back. The text is written and counted by the stage that does so for maps: a section's
//! title is shown as a file, its findings as lines of it, and lines left out are marked in the same way.

use std::collections::{BTreeMap, BTreeSet};

use astlas_model::stages::{Entries, FileLines, MapOrder, RenderOptions, Rendered, Tokenizer};

use super::{
    Bundle, ContextRequest,
    change::ChangedFile,
    notes::{self, Note},
};
use crate::{
    map::Map,
    ports::{StageError, Stages},
};

/// Shares of the sections before the map, in percent, in their order.
const SHARES: [u32; 6] = [30, 5, 15, 10, 10, 5];

/// Their titles.
const TITLES: [&str; 6] = ["changed", "new cycles", "callers", "callees", "tests", "usually changed along, not here"];

/// The place of what changed among them.
const CHANGED: usize = 0;

/// What stands above the map.
const MAP_TITLE: &str = "around the change";

/// How findings are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Text,
    Markdown,
}

impl Style {
    fn title(self, title: &str) -> String {
        match self {
            Self::Text => title.to_owned(),
            Self::Markdown => format!("## {title}"),
        }
    }
}

/// Everything but the map.
pub struct Front {
    sections: Vec<Section>,
    map_title: String,
}

/// A text with its tokens.
pub struct Written {
    pub text: String,
    pub tokens: u32,
}

impl Front {
    /// What was found, most important first within each section. `statuses` are all files of the change.
    pub fn new(found: &Bundle, statuses: &[ChangedFile], style: Style) -> Self {
        let mut changed = notes::symbols(found, statuses, style);
        changed.extend(found.files.iter().map(|file| notes::file(file, style)));
        let notes: [Vec<Note>; 6] = [
            changed,
            found.cycles.iter().map(|cycle| notes::cycle(cycle, style)).collect(),
            found.callers.iter().map(|caller| notes::caller(caller, style)).collect(),
            found.callees.iter().map(|callee| notes::callee(callee, style)).collect(),
            found.tests.iter().map(|test| notes::test(test, style)).collect(),
            found.missing.iter().map(|missing| notes::missing(missing, style)).collect(),
        ];
        let sections = TITLES.iter().zip(notes).map(|(title, notes)| Section::new(style.title(title), notes)).collect();
        Self { sections, map_title: style.title(MAP_TITLE) }
    }

    /// Chooses what is shown: the first of what changed, each section within its share, then within what others left.
    pub fn share_out(&mut self, stages: &impl Stages, request: &ContextRequest) -> Result<(), StageError> {
        // A blank line behind each section, and the title of the map, which is no longer than this.
        let around = self.sections.len() as u32 + self.map_title.len() as u32;
        let budget = u64::from(request.budget.saturating_sub(around));
        let part = |percent: u32| (budget * u64::from(percent) / 100) as u32;
        // What the first note takes beyond its section's share, the others go without.
        let mut left = part(SHARES.iter().sum());
        for (at, (section, share)) in self.sections.iter_mut().zip(SHARES).enumerate() {
            section.choose(stages, request.tokenizer, part(share).min(left))?;
            if at == CHANGED && !section.shown.contains(&0) {
                section.choose_first(stages, request.tokenizer, request.budget)?;
            }
            left = left.saturating_sub(section.tokens);
        }
        self.grow(stages, request, left)?;
        Ok(())
    }

    /// Whether some of what changed is shown, if anything changed.
    pub fn begins_with_the_change(&self) -> bool {
        self.sections.get(CHANGED).is_none_or(|changed| changed.line_of.is_empty() || changed.shown.contains(&0))
    }

    /// Gives tokens to the sections that have more to show; whether any could use them.
    pub fn grow(&mut self, stages: &impl Stages, request: &ContextRequest, tokens: u32) -> Result<bool, StageError> {
        let (mut left, mut has_grown) = (tokens, false);
        for section in self.sections.iter_mut().filter(|section| !section.is_complete()) {
            let (before, shown) = (section.tokens, section.shown.clone());
            section.choose(stages, request.tokenizer, before + left)?;
            if section.shown.len() <= shown.len() {
                (section.tokens, section.shown) = (before, shown);
                continue;
            }
            left = left.saturating_sub(section.tokens.saturating_sub(before));
            has_grown = true;
        }
        Ok(has_grown)
    }

    /// Whether everything is shown.
    pub fn is_complete(&self) -> bool {
        self.sections.iter().all(Section::is_complete)
    }

    /// The text of the sections, with a title for the map to come.
    pub fn write(&mut self, stages: &impl Stages, request: &ContextRequest) -> Result<Written, StageError> {
        self.render(stages, request.tokenizer, request.budget, true)
    }

    /// The text of the sections above this map, within what it leaves.
    pub fn write_above(
        &mut self,
        stages: &impl Stages,
        request: &ContextRequest,
        map: &Map,
    ) -> Result<Written, StageError> {
        self.render(stages, request.tokenizer, request.budget.saturating_sub(map.tokens), !map.text.is_empty())
    }

    fn render(
        &mut self,
        stages: &impl Stages,
        tokenizer: Tokenizer,
        budget: u32,
        has_map: bool,
    ) -> Result<Written, StageError> {
        let (mut files, mut entries, mut places) = (vec![], Entries::default(), vec![]);
        for (at, section) in self.sections.iter().enumerate().filter(|(_, section)| !section.shown.is_empty()) {
            entries.file.extend(section.shown.iter().map(|_| files.len() as u32));
            entries.line.extend(section.shown.iter().map(|&note| section.line_of[note]));
            files.push(section.lines.clone());
            places.push(at);
        }
        if has_map && !files.is_empty() {
            entries.file.push(files.len() as u32);
            entries.line.push(0);
            files.push(FileLines { path: self.map_title.clone(), ..FileLines::default() });
        }
        let options = RenderOptions { tokenizer, budget, order: MapOrder::Relevance };
        let rendered = stages.render(&files, &entries, options)?;
        self.sections.iter_mut().for_each(|section| section.shown.clear());
        for shown in &rendered.files {
            if let Some(&at) = places.get(shown.file as usize) {
                self.sections[at].note_shown(&shown.lines);
            }
        }
        Ok(Written { text: rendered.text, tokens: rendered.tokens })
    }

    /// Less of what was found: only what is shown.
    pub fn shown(&self, found: Bundle) -> Bundle {
        let [changed, cycles, callers, callees, tests, missing] = self.sections.as_slice() else { return found };
        let symbols = found.symbols.len();
        Bundle {
            files: changed.keep(found.files, symbols),
            symbols: changed.keep(found.symbols, 0),
            cycles: cycles.keep(found.cycles, 0),
            callers: callers.keep(found.callers, 0),
            callees: callees.keep(found.callees, 0),
            tests: tests.keep(found.tests, 0),
            missing: missing.keep(found.missing, 0),
            ..found
        }
    }
}

/// Texts of notes, each with the number it was given.
type NumberedNotes = Vec<(usize, String)>;

/// One section.
struct Section {
    /// Title and lines, as the renderer takes them.
    lines: FileLines,
    /// For each note the index of its line, plus one.
    line_of: Vec<u32>,
    /// The notes that are shown, ascending.
    shown: BTreeSet<usize>,
    /// What they take.
    tokens: u32,
}

impl Section {
    fn new(title: String, notes: Vec<Note>) -> Self {
        // Groups stand where their first note does, and hold all of theirs.
        let mut group_of: BTreeMap<String, usize> = BTreeMap::new();
        let mut groups: Vec<(Option<String>, NumberedNotes)> = vec![];
        for (index, Note { group, text }) in notes.into_iter().enumerate() {
            let known = group.as_ref().and_then(|group| group_of.get(group).copied());
            let at = known.unwrap_or_else(|| {
                groups.push((group.clone(), vec![]));
                groups.len() - 1
            });
            if let Some(group) = group {
                group_of.insert(group, at);
            }
            groups[at].1.push((index, text));
        }
        let mut lines = FileLines { path: title, ..FileLines::default() };
        let mut line_of = vec![0; groups.iter().map(|(_, notes)| notes.len()).sum()];
        let mut push = |text: &str, scope: u32| {
            lines.line.push(lines.line.len() as u32);
            lines.scope.push(scope);
            lines.text.push(text);
            lines.line.len() as u32
        };
        for (group, notes) in groups {
            let scope = group.map_or(0, |group| push(&group, 0));
            for (index, text) in notes {
                line_of[index] = push(&text, scope);
            }
        }
        Self { lines, line_of, shown: BTreeSet::new(), tokens: 0 }
    }

    fn is_complete(&self) -> bool {
        self.shown.len() == self.line_of.len()
    }

    /// Chooses the first notes that fit.
    fn choose(&mut self, stages: &impl Stages, tokenizer: Tokenizer, budget: u32) -> Result<(), StageError> {
        if self.line_of.is_empty() {
            return Ok(());
        }
        let entries = Entries { file: vec![0; self.line_of.len()], line: self.line_of.clone() };
        let options = RenderOptions { tokenizer, budget, order: MapOrder::Relevance };
        let Rendered { tokens, files, .. } = stages.render(std::slice::from_ref(&self.lines), &entries, options)?;
        self.note_shown(files.first().map_or(&[], |file| &file.lines));
        self.tokens = if self.shown.is_empty() { 0 } else { tokens };
        Ok(())
    }

    /// Chooses the first note alone, if it fits.
    fn choose_first(&mut self, stages: &impl Stages, tokenizer: Tokenizer, budget: u32) -> Result<(), StageError> {
        let all = std::mem::take(&mut self.line_of);
        self.line_of = all.iter().take(1).copied().collect();
        let chosen = self.choose(stages, tokenizer, budget);
        self.line_of = all;
        chosen
    }

    fn note_shown(&mut self, lines: &[u32]) {
        let is_shown = |note: &usize| lines.binary_search(&(self.line_of[*note] - 1)).is_ok();
        self.shown = (0..self.line_of.len()).filter(is_shown).collect();
    }

    /// Those of these findings, whose notes begin at `first`, that are shown.
    fn keep<T>(&self, found: Vec<T>, first: usize) -> Vec<T> {
        let shown = |(at, found)| self.shown.contains(&(first + at)).then_some(found);
        found.into_iter().enumerate().filter_map(shown).collect()
    }
}
